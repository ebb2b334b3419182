"""View models of a transform's options: strength, control maps, engine, and the form."""

from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.capabilities import names_for_control
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import TASK_TITLES, TASKS, Plan
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.engines import ENGINES
from imagetoprompt.errors import PlanError
from imagetoprompt.pipeline import resolve
from imagetoprompt.planning import EditedScene, plan
from imagetoprompt.planning.options import KEEP_NOTHING, MAX_SEED, control_kind, control_kinds
from imagetoprompt.planning.task_and_strength import STRENGTH_TIERS
from imagetoprompt.reports.description import profile_heading
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.templates import strings
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs, without_names

SLIDER_STEPS: Final = 20
"""Steps of the slider, 0.05 each."""
# Strengths from which on the next description applies (`transform.strength.tier0` to `tier5`): the
# planner's tiers, and "keeps everything" and "follows only the prompt" at the ends.
TIERS: Final = (0.0, 0.01, *sorted(start for start, _ in STRENGTH_TIERS if start), 1.0)
# Tasks whose strength applies to a part of the result only.
PARTIAL_TASKS: Final = ("inpaint", "outpaint")


@dataclass(frozen=True)
class StrengthSlider:
    """The slider.

    tier: the number of the description for `value`; parameter: the target's own strength parameter,
    "" if it has none. tiers, parameters: the same for each step. usual, reason: the plan's default,
    and why. chosen: whether the user chose another. default: the address that resets it. title: of
    the target. partial: whether the strength applies to a part of the picture only.
    """

    value: float
    tier: int
    parameter: str
    tiers: tuple[int, ...]
    parameters: tuple[str, ...]
    usual: float
    reason: str
    chosen: bool
    default: str
    title: str
    partial: bool


@dataclass(frozen=True)
class ControlMapView:
    """One kind of control map.

    keeps: what it keeps; "" for a control of a plugin. chosen: by the user; usual: by the plan, and
    why. drawing: the address of the map. taken: whether the chosen target takes it.
    """

    kind: str
    title: str
    keeps: str
    chosen: bool
    usual: bool
    why: str
    drawing: str
    taken: bool


@dataclass(frozen=True)
class ControlsView:
    """All control maps.

    own: whether the user chose. default: the address that leaves it to the plan; none: the one
    without any, "" if there is none. title: of the chosen target; taken: whether it takes any map.
    takers: targets and engines that do. engine_takes: whether the chosen engine does.
    """

    maps: tuple[ControlMapView, ...]
    own: bool
    default: str
    none: str
    title: str
    taken: bool
    takers: tuple[str, ...]
    engine_takes: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are used, whether chosen or by default."""
        return tuple(view.kind for view in self.maps if view.chosen or view.usual)


def strength_slider(state: PageState) -> StrengthSlider | None:
    """The slider; None if the page's edits are not valid."""
    if state.answer is None or not state.answer.requests:
        return None
    prompt, edited = state.answer.requests[0].after, state.answer.edited
    default = _default_plan(edited, state)
    steps = tuple(round(step / SLIDER_STEPS, 2) for step in range(SLIDER_STEPS + 1))
    value = edited.plan.strength
    return StrengthSlider(
        value=value,
        tier=tier(value),
        parameter=target_strength(prompt, edited.plan),
        tiers=tuple(tier(step) for step in steps),
        parameters=tuple(
            target_strength(prompt, replace(edited.plan, strength=step)) for step in steps
        ),
        usual=default.strength,
        reason=default.reasons.get("strength", ""),
        chosen=state.query.options.strength is not None,
        default=address(state.picture, without_names(pairs(state.query), ("strength",))),
        title=profile_heading(prompt).title,
        partial=edited.plan.task in PARTIAL_TASKS,
    )


def _default_plan(edited: EditedScene, state: PageState) -> Plan:
    """The plan with its default strength."""
    return plan(edited.before, edited.after, replace(state.query.options, strength=None))


def tier(strength: float) -> int:
    """The number of the description that applies to a strength."""
    return max(number for number, start in enumerate(TIERS) if strength >= start)


def target_strength(prompt: Prompt, plan: Plan) -> str:
    """The strength as the target's own parameter; "" if the target cannot do the plan."""
    try:
        return resolve(prompt.target)[0].request(prompt, plan).knob
    except PlanError:
        return ""


def controls_view(state: PageState) -> ControlsView | None:
    """The control maps; None if the page's edits are not valid."""
    if state.answer is None or not state.answer.requests:
        return None
    maps = tuple(_map_view(state, kind) for kind in CONTROLS)
    default = without_names(pairs(state.query), ("keep",))
    engine = state.query.engine
    used = any(view.chosen or view.usual for view in maps)
    return ControlsView(
        maps=maps,
        own=bool(state.query.options.keep),
        default=address(state.picture, default),
        none=address(state.picture, (*default, ("keep", KEEP_NOTHING))) if used else "",
        title=profile_heading(state.answer.requests[0].after).title,
        taken=any(view.taken for view in maps),
        takers=_taker_titles(),
        engine_takes=engine in ENGINES and bool(ENGINES[engine].CONTROLS),
    )


def _map_view(state: PageState, kind: str) -> ControlMapView:
    assert state.answer is not None  # noqa: S101 - checked by the caller
    plan, prompt = state.answer.edited.plan, state.answer.requests[0].after
    chosen = tuple(k if k == KEEP_NOTHING else control_kind(k) for k in state.query.options.keep)
    return ControlMapView(
        kind=kind,
        title=strings()["transform"]["map"].get(kind, kind),
        keeps=control_kinds().get(kind, {}).get("keeps", ""),
        chosen=kind in chosen,
        usual=not chosen and any(control.kind == kind for control in plan.controls),
        why=plan.reasons.get(f"control {kind}", ""),
        drawing=f"/p/{state.picture}/map/{kind}.png",
        taken=kind in TARGETS[prompt.target].VARIANTS[prompt.variant].controls,
    )


def _taker_titles() -> tuple[str, ...]:
    """Who takes control maps: targets by their titles, then engines by their names."""
    titles = []
    for taker in names_for_control("depth"):
        name, _, variant = taker.partition(":")
        titles.append(TARGETS[name].VARIANTS[variant].title if variant else name)
    return tuple(titles)


@dataclass(frozen=True)
class EngineView:
    """An engine. can, cannot: titles of tasks. refusal: why it refuses this plan, or ""."""

    name: str
    title: str
    about: str
    chosen: bool
    url: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    refusal: str


@dataclass(frozen=True)
class JobForm:
    """The form that starts a job.

    fields: what it sends besides token and seed. task: title of the plan's task, and why it was
    chosen. seed: the chosen one, or None. refusal: why the chosen engine refuses, or "". uses_left:
    None if uses are not counted; uses_back: when they are reset. complete: False while observers
    still run.
    """

    action: str
    fields: Pairs
    token: str
    task: str
    why: str
    engines: tuple[EngineView, ...]
    seed: int | None
    max_seed: int
    refusal: str
    uses_left: int | None
    uses_back: str
    complete: bool

    @property
    def ready(self) -> bool:
        """Whether the job can be started now."""
        return self.complete and not self.refusal and self.uses_left != 0

    @property
    def chosen(self) -> EngineView | None:
        """The chosen engine."""
        return next((engine for engine in self.engines if engine.chosen), None)


def job_form(state: PageState) -> JobForm | None:
    """The form; None if the page's edits are not valid."""
    if state.answer is None:
        return None
    plan, visit = state.answer.edited.plan, state.visit
    names = dict.fromkeys((*visit.engines, state.query.engine))
    views = tuple(_engine_view(state, name, plan) for name in names)
    return JobForm(
        action=f"/p/{state.picture}/paint",
        fields=without_names(pairs(state.query), ("job", "seed")),
        token=visit.token,
        task=TASK_TITLES[plan.task],
        why=plan.reasons.get("task", ""),
        engines=views,
        seed=plan.seed,
        max_seed=MAX_SEED,
        refusal=next(view.refusal for view in views if view.chosen),
        uses_left=visit.uses_left,
        uses_back=visit.uses_back,
        complete=state.complete,
    )


def _engine_view(state: PageState, name: str, plan: Plan) -> EngineView:
    tasks = _tasks(name)
    return EngineView(
        name=name,
        title=ENGINES[name].TITLE if name in ENGINES else name,
        about=ENGINES[name].DESCRIPTION if name in ENGINES else "",
        chosen=name == state.query.engine,
        url=address(state.picture, joined(pairs(state.query), ("engine", name))),
        can=tuple(TASK_TITLES[task] for task in TASKS if task in tasks),
        cannot=tuple(TASK_TITLES[task] for task in TASKS if task not in tasks),
        refusal=refusal(name, plan, state.visit.engines),
    )


def _tasks(engine: str) -> tuple[str, ...]:
    """The tasks of an engine; all if it declares none, since it refuses by itself."""
    return (ENGINES[engine].TASKS if engine in ENGINES else ()) or TASKS


def refusal(engine: str, plan: Plan, available: tuple[str, ...]) -> str:
    """Why an engine refuses a plan, in one sentence; "" if no reason is known beforehand."""
    if engine not in available:
        return f"{engine} is not available on this server: choose another engine."
    if plan.task not in _tasks(engine):
        able = [name for name in available if plan.task in ENGINES[name].TASKS]
        remedy = f"Choose {' or '.join(able)}." if able else "No engine here can: copy the prompt."
        return f"{engine} cannot paint {TASK_TITLES[plan.task]}. {remedy}"
    return ENGINES[engine].refusal(plan)
