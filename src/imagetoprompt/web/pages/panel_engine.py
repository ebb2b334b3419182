"""View models of the engines, and of the form that starts a transform job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.plan import TASKS, Plan
from imagetoprompt.engines import ENGINES
from imagetoprompt.engines.draft.recipes import recipes
from imagetoprompt.errors import RefusedError
from imagetoprompt.lexicon import table
from imagetoprompt.planning.capabilities import engines_for_task, task_titles
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
        task=task_titles()[plan.task],
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
    tasks, titles = _tasks(name), task_titles()
    return EngineView(
        name=name,
        title=ENGINES[name].TITLE if name in ENGINES else name,
        about=ENGINES[name].DESCRIPTION if name in ENGINES else "",
        chosen=name == state.ask.engine,
        url=address(state.picture, joined(pairs(state.ask), ("engine", name))),
        can=tuple(titles[task] for task in TASKS if task in tasks),
        cannot=tuple(titles[task] for task in TASKS if task not in tasks),
        refusal=refusal(name, plan, state.visit.engines),
    )


def _tasks(engine: str) -> frozenset[str]:
    """The tasks of an engine; all for one of a plugin, which refuses by itself."""
    if engine not in table("tasks")["engines"]:
        return frozenset(TASKS)
    return frozenset(task for task in TASKS if engine in engines_for_task(task))


def refusal(engine: str, plan: Plan, available: tuple[str, ...]) -> str:
    """Why an engine refuses a plan, in one sentence; "" if no reason is known beforehand."""
    if engine not in available:
        return f"{engine} is not available on this server: choose another engine."
    if plan.task not in _tasks(engine):
        able = [name for name in engines_for_task(plan.task) if name in available]
        remedy = f"Choose {' or '.join(able)}." if able else "No engine here can: copy the prompt."
        return f"{engine} cannot {task_titles()[plan.task]}. {remedy}"
    return _CHECKS.get(engine, _accept)(plan)


def _accept(plan: Plan) -> str:
    return ""


def _check_draft(plan: Plan) -> str:
    """The draft engine knows from the plan alone what it cannot change."""
    if plan.task in ("outpaint", "upscale"):
        return ""
    try:
        steps = recipes(plan)
    except RefusedError as error:
        return str(error)
    styled = any(reference.role in ("style", "palette") for reference in plan.references)
    varied = plan.task == "vary" and not plan.changes and not plan.preset
    if steps or styled or varied or plan.task == "inpaint":
        return ""
    return "There is nothing to change yet: choose a look or change a fact."


_CHECKS: Final[dict[str, Callable[[Plan], str]]] = {"draft": _check_draft}
"""Engines that can tell from a plan alone what they refuse."""
