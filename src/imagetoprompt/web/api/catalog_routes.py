"""What there is to choose from: targets, presets, tasks, engines, controls, facets, and uses left.

Each table is read from its own data.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from imagetoprompt import capabilities
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import TASK_TITLES, TASKS
from imagetoprompt.core.prompt import Profile
from imagetoprompt.core.scene import FACETS
from imagetoprompt.facts.edits import Preset, presets
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import control_kinds
from imagetoprompt.reports import doctor
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.api import response_models
from imagetoprompt.web.api.responses import VERSION, json_response
from imagetoprompt.web.dependencies import ConfigDep, QuotaDep, VisitorDep

router = APIRouter(tags=["tables"])

# Private, since the answer to who is new sets a cookie, which must not reach another.
AN_HOUR: Final = "private, max-age=3600"


def _table(name: str, found: list[dict[str, Any]]) -> Response:
    """A table, which changes with a release only."""
    answer = json_response({"version": VERSION, name: found})
    answer.headers["Cache-Control"] = AN_HOUR
    return answer


@router.get(
    "/targets",
    summary="Whom prompts are written for",
    responses={200: {"model": response_models.TargetsResponse}},
)
def list_targets() -> Response:
    """The targets and their variants: limits, sizes, and what each can be told and asked."""
    return _table("targets", [_target(name) for name in TARGETS])


def _target(name: str) -> dict[str, Any]:
    module = TARGETS[name]
    variants = [_variant(profile) for profile in module.VARIANTS.values()]
    return {"target": name, "ways": list(getattr(module, "PROVIDERS", ())), "variants": variants}


def _variant(profile: Profile) -> dict[str, Any]:
    limit, name = profile.limit, f"{profile.target}:{profile.variant}"
    return {
        "name": name,
        "title": profile.title,
        "manner": profile.manner,
        "limit": {"count": limit.count, "unit": limit.unit, "hard": limit.hard},
        "negatives": profile.negatives,
        "facets": list(profile.order),
        "untold": dict(profile.untold),
        "text": profile.quotes_text,
        "weights": profile.weights,
        "asks": profile.shape.asks,
        "sizes": [list(size) for size in profile.sizes],
        "tasks": [task for task in TASKS if task in profile.tasks],
        "controls": [kind for kind in CONTROLS if kind in profile.controls],
        "sources": [f"{source.key} ({source.date})" for source in profile.sources],
    }


@router.get(
    "/presets", summary="Named changes", responses={200: {"model": response_models.PresetsResponse}}
)
def list_presets() -> Response:
    """The presets: what each sets, how strong it is, and which structure is worth keeping."""
    return _table("presets", [_preset(preset) for preset in presets()])


def _preset(each: Preset) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": each.title,
        "kind": each.kind,
        "strength": each.strength,
        "controls": list(each.controls),
        "set": {edit.facet: edit.value for edit in each.edits if edit.how == "set"},
        "remove": [edit.facet for edit in each.edits if edit.how == "remove"],
    }


@router.get(
    "/tasks",
    summary="What can be done to a picture, and who can",
    responses={200: {"model": response_models.TasksResponse}},
)
def list_tasks() -> Response:
    """The tasks, each with the targets and engines that can do it."""
    told_tasks = [
        {
            "task": task,
            "title": TASK_TITLES[task],
            "who": list(capabilities.short_names_for_task(task)),
        }
        for task in TASKS
    ]
    return _table("tasks", told_tasks)


@router.get(
    "/engines",
    summary="What paints on this server",
    responses={200: {"model": response_models.EnginesResponse}},
)
def list_engines(config: ConfigDep) -> Response:
    """The engines that this server offers, their tasks, and whether each can paint or why not."""
    return json_response(
        {"version": VERSION, "engines": [_engine(name) for name in config.offered_engines]}
    )


def _engine(name: str) -> dict[str, Any]:
    why = _missing(name)
    tasks = [task for task in TASKS if name in capabilities.engines_for_task(task)]
    return {"engine": name, "available": not why, "why": why, "tasks": tasks}


def _missing(engine: str) -> str:
    """What has to be installed before the engine paints; "" when nothing."""
    needed = () if engine in doctor.BUILTIN_ENGINES else doctor.EXTRAS.get(engine, ())
    gone = [name for name in needed if find_spec(name) is None]
    return f"It is not installed here: pip install '.[{engine}]' brings it." if gone else ""


@router.get(
    "/controls",
    summary="The kinds of maps that keep structure",
    responses={200: {"model": response_models.ControlsResponse}},
)
def list_controls() -> Response:
    """The kinds, what each keeps, other names for it, and who takes it."""
    return _table("controls", list(_controls()))


def _controls() -> Iterator[dict[str, Any]]:
    kinds = control_kinds()
    for kind in CONTROLS:
        row = kinds.get(kind, {})
        yield {
            "kind": kind,
            "keeps": row.get("keeps", ""),
            "also": list(row.get("also", ())),
            "takers": list(capabilities.names_for_control(kind)),
        }


@router.get(
    "/facets",
    summary="The facets of a picture",
    responses={200: {"model": response_models.FacetsResponse}},
)
def list_facets() -> Response:
    """The facets in the order in which people describe a picture."""
    known = table("facets")
    many = [{"facet": facet, "many": bool(known[facet].get("many"))} for facet in FACETS]
    return _table("facets", many)


@router.get(
    "/uses",
    summary="The uses that are left today",
    responses={200: {"model": response_models.UsesResponse}},
)
def uses_left(visitor: VisitorDep, quota: QuotaDep) -> Response:
    """How many describes and transforms are left, and when there are more."""
    found = quota.allowance(visitor)
    return json_response(
        {
            "version": VERSION,
            "limited": found is not None,
            "left": found and found.left,
            "limit": found and found.limit,
            "back": found and found.seconds,
        }
    )
