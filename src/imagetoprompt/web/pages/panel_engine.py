"""painting(shown) -> who can paint what is asked, what keeps them from it, and the form that asks.

It does not know how any engine paints, nor whether it answers just now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.plan import TASKS, Plan
from imagetoprompt.engines.draft.recipes import recipes
from imagetoprompt.errors import RefusedError
from imagetoprompt.lexicon import table
from imagetoprompt.planning.capabilities import engines_for_task, task_titles
from imagetoprompt.web.pages.panel_strength import without_names
from imagetoprompt.web.pages.templates import strings
from imagetoprompt.web.pages.urls import Pairs, address, joined, pairs
from imagetoprompt.web.pages.visit import Shown


@dataclass(frozen=True)
class Painter:
    """An engine. can, cannot: its tasks in words. refusal: why it will not paint this, or ""."""

    name: str
    title: str
    about: str
    chosen: bool
    use: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    refusal: str


@dataclass(frozen=True)
class Painting:
    """The form that has it painted. fields: what it sends along, but for the token and the seed.

    task: what will be done, and why. seed: the one that was asked for, or None. refusal: why the
    chosen engine will not; "" if it will. left: free uses that are left, None when none are
    counted; back: when there are more. whole: whether all facts are there to paint from.
    """

    action: str
    fields: Pairs
    token: str
    task: str
    why: str
    painters: tuple[Painter, ...]
    seed: int | None
    refusal: str
    left: int | None
    back: str
    whole: bool

    @property
    def ready(self) -> bool:
        """Whether it can be asked for now."""
        return self.whole and not self.refusal and self.left != 0

    @property
    def chosen(self) -> Painter | None:
        """The engine that is to paint; None when it is not to be had here."""
        return next((each for each in self.painters if each.chosen), None)


def painting(shown: Shown) -> Painting | None:
    """The form for what is asked; None when that cannot be met."""
    if shown.answer is None:
        return None
    plan, visit, fields = shown.answer.edited.plan, shown.visit, pairs(shown.ask)
    names = dict.fromkeys((*visit.engines, shown.ask.engine))
    here = tuple(_painter(shown, name, plan) for name in names)
    return Painting(
        action=f"/p/{shown.picture}/paint",
        fields=without_names(fields, ("job", "seed")),
        token=visit.token,
        task=task_titles()[plan.task],
        why=plan.reasons.get("task", ""),
        painters=here,
        seed=plan.seed,
        refusal=next(each.refusal for each in here if each.chosen),
        left=visit.uses_left,
        back=visit.uses_back,
        whole=shown.whole,
    )


def _painter(shown: Shown, name: str, plan: Plan) -> Painter:
    doable, fields = _tasks(name), pairs(shown.ask)
    words = task_titles()
    return Painter(
        name=name,
        title=_said("engine", name) or name,
        about=_said("engine_about", name),
        chosen=name == shown.ask.engine,
        use=address(shown.picture, joined(fields, ("engine", name))),
        can=tuple(words[each] for each in TASKS if each in doable),
        cannot=tuple(words[each] for each in TASKS if each not in doable),
        refusal=refusal(name, plan, shown.visit.engines),
    )


def _said(key: str, engine: str) -> str:
    """What the page says of an engine; "" of one that came in by a plugin."""
    return str(strings()["transform"][key].get(engine, ""))


def _tasks(engine: str) -> frozenset[str]:
    """All for an engine that is in no table: it says itself what it will not."""
    if engine not in table("tasks")["engines"]:
        return frozenset(TASKS)
    return frozenset(each for each in TASKS if engine in engines_for_task(each))


def refusal(engine: str, plan: Plan, here: tuple[str, ...]) -> str:
    """Why the engine will not paint the plan, in one sentence; "" as far as is known."""
    if engine not in here:
        return f"{engine} does not paint here: choose another engine."
    if plan.task not in _tasks(engine):
        able = [each for each in engines_for_task(plan.task) if each in here]
        who = f"Choose {' or '.join(able)}." if able else "No engine here can: copy the prompt."
        return f"{engine} cannot paint {task_titles()[plan.task]}. {who}"
    return _CHECKS.get(engine, _unchecked)(plan)


def _unchecked(plan: Plan) -> str:
    return ""


def _drafted(plan: Plan) -> str:
    """The draft engine refuses by name, before it touches a pixel."""
    if plan.task in ("outpaint", "upscale"):
        return ""
    try:
        found = recipes(plan)
    except RefusedError as error:
        return str(error)
    styled = any(each.role in ("style", "palette") for each in plan.references)
    varied = plan.task == "vary" and not plan.changes and not plan.preset
    filled = plan.task == "inpaint"
    nothing = not (found or styled or varied or filled)
    return "There is nothing to change yet: choose a look or change a fact." if nothing else ""


_CHECKS: Final[dict[str, Callable[[Plan], str]]] = {"draft": _drafted}
"""Engines that can tell from a plan alone what they will not do."""
