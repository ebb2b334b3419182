"""Which controls keep the structure of a picture while its look changes.

It only names kinds of maps: it draws none, and does not know who can use them.
"""

from typing import Final

from imagetoprompt.core.measurements import Action
from imagetoprompt.core.plan import Changed, Control, Task
from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import preset
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import NOTHING, Wishes

# The weights of a ControlNet beside a picture, and beside a mask, in diffusers' guides (DIFF).
WEIGHT: Final = 0.8
MASKED_WEIGHT: Final = 0.5
# Whatever moves these moves what every map shows; an action moves bodies.
_MOVING: Final = frozenset({"composition", "camera", "subject", "action"})
_MOST: Final = 2


def controls(
    before: Scene, task: Task, changes: tuple[Changed, ...], wish: Wishes
) -> tuple[tuple[Control, ...], dict[str, str]]:
    """The controls that were wished for, else those that keep what does not change; and why."""
    weight = MASKED_WEIGHT if task == "inpaint" else WEIGHT
    if wish.keep == (NOTHING,):
        return (), {"controls": "No structure is kept, as you wished."}
    if wish.keep:
        return tuple(Control(kind, weight) for kind in wish.keep), {}
    reasons = _defaults(before, task, changes, wish)
    keep = tuple(Control(kind, weight) for kind in reasons)
    return keep, {f"control {kind}": why for kind, why in reasons.items()}


def _defaults(
    before: Scene, task: Task, changes: tuple[Changed, ...], wish: Wishes
) -> dict[str, str]:
    rows, usual = table("planning")["kinds"], table("planning")["controls"]
    if task not in usual or any(_moves(each) for each in changes):
        return {}
    named = tuple(kind for name in wish.presets for kind in preset(name).controls)
    found = {
        kind: f"A {kind} map keeps {rows[kind]['keeps']}, so that only what was asked for changes."
        for kind in (named or (_usual(before, task, changes, usual[task]),))
    }
    if task == "restyle" and _standing(before):
        found["pose"] = "A pose map keeps how each person stands while surfaces are redrawn."
    elif task == "restyle" and _built(before):
        found["depth"] = "A depth map keeps walls and distances where they are."
    return dict(list(found.items())[:_MOST])


def _moves(change: Changed) -> bool:
    """Whether things stand elsewhere after it; that a lens is not named any more moves nothing."""
    return change.facet in _MOVING and bool(change.after or change.facet == "subject")


def _usual(before: Scene, task: Task, changes: tuple[Changed, ...], usual: str) -> str:
    medium = next((each.after for each in changes if each.facet == "medium"), "")
    drawn = any(word in medium for word in table("planning")["lines"]["words"])
    return "lineart" if task == "restyle" and drawn else usual


def _standing(scene: Scene) -> bool:
    """Whether the picture shows people whose pose was measured."""
    found = (fact.measurement for fact in scene.said("action"))
    return any(isinstance(each, Action) and each.keypoints for each in found)


def _built(scene: Scene) -> bool:
    words = {word for fact in scene.said("setting") for word in fact.value.split()}
    return bool(words & set(table("planning")["built"]["words"]))
