"""Lists to choose from: targets, presets, tasks, engines, controls and facets; and uses left."""

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
from imagetoprompt.facts.edits import presets
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import control_kinds
from imagetoprompt.reports import doctor
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.api import response_models
from imagetoprompt.web.api.responses import VERSION, json_response
from imagetoprompt.web.dependencies import ConfigDep, QuotaDep, VisitorDep

router = APIRouter(tags=["tables"])

# Private: the response to a new visitor sets a cookie, which must not reach anyone else.
CACHE_AN_HOUR: Final = "private, max-age=3600"


def _table(name: str, rows: list[dict[str, Any]]) -> Response:
    """A cached table, which changes only with a release."""
    response = json_response({"version": VERSION, name: rows})
    response.headers["Cache-Control"] = CACHE_AN_HOUR
    return response


@router.get(
    "/targets",
    summary="The targets that prompts are written for",
    responses={200: {"model": response_models.TargetsResponse}},
)
def list_targets() -> Response:
    """The targets and their variants: limits, sizes, and what each supports."""
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
    "/presets",
    summary="The presets: named changes",
    responses={200: {"model": response_models.PresetsResponse}},
)
def list_presets() -> Response:
    """The presets: the facts that each sets, its strength, and the control maps that suit it."""
    return _table("presets", [preset.to_json() for preset in presets()])


@router.get(
    "/tasks",
    summary="The tasks, and who can do them",
    responses={200: {"model": response_models.TasksResponse}},
)
def list_tasks() -> Response:
    """The tasks, each with the targets and engines that can do it."""
    rows = [
        {
            "task": task,
            "title": TASK_TITLES[task],
            "who": list(capabilities.short_names_for_task(task)),
        }
        for task in TASKS
    ]
    return _table("tasks", rows)


@router.get(
    "/engines",
    summary="The engines of this server",
    responses={200: {"model": response_models.EnginesResponse}},
)
def list_engines(config: ConfigDep) -> Response:
    """The engines that this server offers, their tasks, and whether each is available."""
    return json_response(
        {"version": VERSION, "engines": [_engine(name) for name in config.offered_engines]}
    )


def _engine(name: str) -> dict[str, Any]:
    why = _unavailable_reason(name)
    tasks = [task for task in TASKS if name in capabilities.engines_for_task(task)]
    return {"engine": name, "available": not why, "why": why, "tasks": tasks}


def _unavailable_reason(engine: str) -> str:
    """Why the engine cannot paint; "" if it can."""
    needed = () if engine in doctor.BUILTIN_ENGINES else doctor.EXTRAS.get(engine, ())
    missing = [name for name in needed if find_spec(name) is None]
    return f"It is not installed here: run pip install '.[{engine}]'." if missing else ""


@router.get(
    "/controls",
    summary="The kinds of control maps",
    responses={200: {"model": response_models.ControlsResponse}},
)
def list_controls() -> Response:
    """The kinds, what each keeps, its other names, and the targets and engines that take it."""
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
    facets = table("facets")
    rows = [{"facet": name, "many": bool(facets[name].get("many"))} for name in FACETS]
    return _table("facets", rows)


@router.get(
    "/uses",
    summary="The uses that are left today",
    responses={200: {"model": response_models.UsesResponse}},
)
def uses_left(visitor: VisitorDep, quota: QuotaDep) -> Response:
    """How many describes and transforms are left, and when the quota resets."""
    allowance = quota.allowance(visitor)
    return json_response(
        {
            "version": VERSION,
            "limited": allowance is not None,
            "left": allowance and allowance.left,
            "limit": allowance and allowance.limit,
            "back": allowance and allowance.seconds,
        }
    )
