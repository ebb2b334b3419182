"""Which task it is and how strong it must be, from which facets change."""

from collections.abc import Mapping
from typing import Any, Final, cast

from imagetoprompt.core.plan import FacetChange, Mask, Task
from imagetoprompt.errors import PlanError
from imagetoprompt.facts.edits import Preset, preset
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import PlanOptions

# What a strength means in words, from which strength on.
STRENGTH_TIERS: Final = (
    (0.8, "a new picture after this one"),
    (0.5, "a new look, the same layout"),
    (0.25, "a clear change, the same shapes"),
    (0.0, "nearly the same picture"),
)

# Tasks whose strength speaks of a part of the result only.
_PARTIAL: Final = ("inpaint", "outpaint", "upscale")


def chosen_task(
    changes: tuple[FacetChange, ...], options: PlanOptions, mask: Mask | None
) -> tuple[Task, dict[str, str]]:
    """The task that was wished for, else the one that the changes make it; and the reason.

    PlanError when the wished task lacks what it needs, or the mask has no part in it.
    """
    if options.task is not None:
        _check_needs(options.task, options, mask)
        _check_parts(options.task, options)
        return options.task, {}
    task, reason = _default(changes, options, mask)
    _check_parts(task, options)
    return task, {"task": f"{task.capitalize()}, since {reason}."}


def _default(
    changes: tuple[FacetChange, ...], options: PlanOptions, mask: Mask | None
) -> tuple[Task, str]:
    roles = {reference.role for reference in options.references}
    if options.margins is not None:
        return "outpaint", "the picture is to reach beyond its edges"
    if mask is not None:
        return "inpaint", "only one region is to change"
    if roles & {"style", "palette"}:
        return "style-from-image", "another picture gives the look"
    if roles:
        return "blend", "other pictures give what is shown"
    if not _facets(changes, options):
        enlarged = options.scale > 1
        return ("upscale", "only the size changes") if enlarged else ("vary", "no fact changes")
    return _by_facet(_facets(changes, options))


def _facets(changes: tuple[FacetChange, ...], options: PlanOptions) -> tuple[str, ...]:
    """The facets that change; without any, those that the presets would have changed."""
    meant = (e.facet for name in options.presets for e in preset(name).edits if e.how == "set")
    seen = tuple(
        change.facet for change in changes if change.after or change.facet in ("subject", "text")
    )
    return seen or tuple(meant) or tuple(change.facet for change in changes)


def _by_facet(facets: tuple[str, ...]) -> tuple[Task, str]:
    rows = _rows("facets")
    strongest = max(facets, key=lambda facet: rows[facet]["strength"])
    return rows[strongest]["task"], f"the {strongest} changes"


def _check_needs(task: Task, options: PlanOptions, mask: Mask | None) -> None:
    missing = {
        "inpaint": (mask is None, "a mask: what is white in it is painted anew"),
        "outpaint": (options.margins is None, "margins, or a size of another shape"),
        "upscale": (options.scale <= 1, "an enlargement of 2 or more"),
        "style-from-image": (not options.references, "a reference picture"),
        "blend": (not options.references, "one to four reference pictures"),
    }
    lacks, what = missing.get(task, (False, ""))
    if lacks:
        raise PlanError(f"The task {task} needs {what}.")


def _check_parts(task: Task, options: PlanOptions) -> None:
    if options.mask is not None and task != "inpaint":
        raise PlanError(f"A mask has no part in the task {task}: leave it out, or ask for inpaint.")
    if options.margins is not None and task != "outpaint":
        raise PlanError(f"Margins have no part in the task {task}: do one after the other.")


def chosen_strength(
    task: Task, changes: tuple[FacetChange, ...], options: PlanOptions
) -> tuple[float, dict[str, str]]:
    """The strength that was wished for, else the largest that a change needs; and the reason."""
    if options.strength is not None:
        return options.strength, {}
    strength, why = max(_candidates(task, changes, options), key=lambda pair: pair[0])
    whole = "" if task in _PARTIAL else f" ({strength_meaning(strength)})"
    return strength, {"strength": f"Strength {strength:g}{whole}, since {why}."}


def _candidates(
    task: Task, changes: tuple[FacetChange, ...], options: PlanOptions
) -> list[tuple[float, str]]:
    tasks, facets = _rows("tasks"), _rows("facets")
    if task in ("outpaint", "upscale"):
        return [(tasks[task]["strength"], tasks[task]["why"])]
    chosen = [preset(name) for name in options.presets]
    found = [(each.strength, _why(each)) for each in chosen]
    covered = {edit.facet for each in chosen for edit in each.edits}
    alone = [facet for facet in _facets(changes, options) if facet not in covered]
    gone = {change.facet for change in changes if not change.after}
    whys = {f: facets[f].get("gone" if f in gone else "why", facets[f]["why"]) for f in alone}
    found += [(facets[facet]["strength"], whys[facet]) for facet in alone]
    if not found or task in ("style-from-image", "blend"):
        found.append((tasks[task]["strength"], tasks[task]["why"]))
    return found


def _why(chosen: Preset) -> str:
    """The reason of the strongest facet that the preset sets."""
    rows = _rows("facets")
    told = [edit.facet for edit in chosen.edits if edit.how == "set"]
    return str(rows[max(told, key=lambda facet: rows[facet]["strength"])]["why"])


def strength_meaning(strength: float) -> str:
    """What a strength does, in a few words."""
    return next(words for least, words in STRENGTH_TIERS if strength >= least)


def _rows(name: str) -> Mapping[str, Mapping[str, Any]]:
    return cast(Mapping[str, Mapping[str, Any]], table("planning")[name])
