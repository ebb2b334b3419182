"""Compare two scenes: the facets whose words change, those that stay, and the controls to keep.

Controls are the structure maps (pose, depth, line art …) that hold what does not change.
"""

from typing import Final

from imagetoprompt.core.measurements import Action
from imagetoprompt.core.plan import TEXT_LINE_SEPARATOR, Control, FacetChange, Task
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.facts.edits import changed_facets, preset
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import KEEP_NOTHING, PlanOptions, control_kinds


def facet_changes(before: Scene, after: Scene, /) -> tuple[FacetChange, ...]:
    """The facets whose said words differ, in facet order.

    For a facet with several facts, only those that are added or removed are named.
    """
    changes = (_changed(facet, before, after) for facet in changed_facets(before, after))
    return tuple(change for change in changes if change.before != change.after)


def kept_words(before: Scene, after: Scene, /) -> dict[str, str]:
    """The words of each facet that stay as they are, by facet."""
    gone = set(changed_facets(before, after))
    facets = dict.fromkeys(fact.facet for fact in before if fact.said)
    staying = {facet: [fact.value for fact in before.said(facet)] for facet in facets}
    if "subject" in gone:
        left = {fact.value for fact in after.said("subject")}
        staying["subject"] = [words for words in staying.get("subject", []) if words in left]
    stay = {
        facet: words for facet, words in staying.items() if facet not in gone or facet == "subject"
    }
    return {facet: _joined(facet, words) for facet, words in stay.items() if words}


def _joined(facet: str, words: list[str]) -> str:
    """Lines of visible text joined by TEXT_LINE_SEPARATOR; any other facet as a list in words."""
    return TEXT_LINE_SEPARATOR.join(words) if facet == "text" else join_plainly(words)


def join_plainly(words: list[str]) -> str:
    """The words as a list in a sentence: 'a, b and c'."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def removed_words(facet: str, before: Scene, after: Scene) -> tuple[Fact, ...]:
    """The said facts of the facet that are not said any more."""
    left = {fact.value for fact in after.said(facet)}
    return tuple(fact for fact in before.said(facet) if fact.value not in left)


def _changed(facet: str, before: Scene, after: Scene) -> FacetChange:
    old, new = before.said(facet), after.said(facet)
    if table("facets")[facet].get("many"):
        old, new = removed_words(facet, before, after), removed_words(facet, after, before)
    numbers = next((fact.measurement for fact in new if fact.measurement is not None), None)
    removed, added = ([fact.value for fact in facts] for facts in (old, new))
    return FacetChange(facet, _joined(facet, removed), _joined(facet, added), numbers)


# Weights of a ControlNet without and with a mask, from the guides of diffusers (DIFF).
CONTROL_WEIGHT: Final = 0.8
MASKED_CONTROL_WEIGHT: Final = 0.5
# A change of one of these moves what every control map shows; an action moves bodies.
_MOVING: Final = frozenset({"composition", "camera", "subject", "action"})
_MAX_CONTROLS: Final = 2


def chosen_controls(
    before: Scene, task: Task, changes: tuple[FacetChange, ...], options: PlanOptions
) -> tuple[tuple[Control, ...], dict[str, str]]:
    """The controls of the options, else those that keep what does not change, with the reasons."""
    weight = MASKED_CONTROL_WEIGHT if task == "inpaint" else CONTROL_WEIGHT
    if options.keep == (KEEP_NOTHING,):
        return (), {"controls": "No structure is kept, as you wished."}
    if options.keep:
        return tuple(Control(kind, weight) for kind in options.keep), {}
    reasons = _defaults(before, task, changes, options)
    keep = tuple(Control(kind, weight) for kind in reasons)
    return keep, {f"control {kind}": why for kind, why in reasons.items()}


def _defaults(
    before: Scene, task: Task, changes: tuple[FacetChange, ...], options: PlanOptions
) -> dict[str, str]:
    kinds, usual = control_kinds(), table("planning_rules", __package__)["controls"]
    if task not in usual or any(_moves(change) for change in changes):
        return {}
    named = tuple(kind for name in options.presets for kind in preset(name).controls)
    reasons = {
        kind: f"A {kind} map keeps {kinds[kind]['keeps']}, so that only what was asked for changes."
        for kind in (named or (_usual(before, task, changes, usual[task]),))
    }
    if task == "restyle" and _standing(before):
        reasons["pose"] = "A pose map keeps how each person stands while surfaces are redrawn."
    elif task == "restyle" and _built(before):
        reasons["depth"] = "A depth map keeps walls and distances where they are."
    return dict(list(reasons.items())[:_MAX_CONTROLS])


def _moves(change: FacetChange) -> bool:
    """Whether things stand elsewhere after the change; removing words moves only subjects."""
    return change.facet in _MOVING and bool(change.after or change.facet == "subject")


def _usual(before: Scene, task: Task, changes: tuple[FacetChange, ...], usual: str) -> str:
    medium = next((change.after for change in changes if change.facet == "medium"), "")
    drawn = any(word in medium for word in table("planning_rules", __package__)["lines"]["words"])
    return "lineart" if task == "restyle" and drawn else usual


def _standing(scene: Scene) -> bool:
    """Whether the picture shows people whose pose was measured."""
    poses = (fact.measurement for fact in scene.said("action"))
    return any(isinstance(pose, Action) and pose.keypoints for pose in poses)


def _built(scene: Scene) -> bool:
    words = {word for fact in scene.said("setting") for word in fact.value.split()}
    return bool(words & set(table("planning_rules", __package__)["built"]["words"]))
