"""View models of the engines, and of the form that starts a transform job."""

from dataclasses import dataclass

from imagetoprompt.core.plan import TASK_TITLES, TASKS, Plan
from imagetoprompt.engines import ENGINES
from imagetoprompt.planning.options import MAX_SEED
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs, without_names


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
    names = dict.fromkeys((*visit.engines, state.ask.engine))
    views = tuple(_engine_view(state, name, plan) for name in names)
    return JobForm(
        action=f"/p/{state.picture}/paint",
        fields=without_names(pairs(state.ask), ("job", "seed")),
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
        chosen=name == state.ask.engine,
        url=address(state.picture, joined(pairs(state.ask), ("engine", name))),
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
