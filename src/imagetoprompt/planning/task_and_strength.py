"""Choose the task and the denoising strength of a plan from the facets that change."""

from collections.abc import Mapping
from typing import Any, Final, cast

from imagetoprompt.core.plan import FacetChange, Mask, Task
from imagetoprompt.errors import PlanError
from imagetoprompt.facts.edits import Preset, preset
from imagetoprompt.lexicon import table
from imagetoprompt.planning.options import PlanOptions

# Lowest strength of each tier, and what the tier does in words.
STRENGTH_TIERS: Final = (
    (0.8, "a new picture after this one"),
    (0.5, "a new look, the same layout"),
    (0.25, "a clear change, the same shapes"),
    (0.0, "nearly the same picture"),
)

# Tasks whose strength applies to only a part of the result.
_PARTIAL: Final = ("inpaint", "outpaint", "upscale")


def chosen_task(
    changes: tuple[FacetChange, ...], options: PlanOptions, mask: Mask | None
) -> tuple[Task, dict[str, str]]:
    """The task of the options, else the one that the changes call for, with the reason.

    PlanError when the task lacks something it needs, or cannot use the mask or margins.
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
    edits = (edit for name in options.presets for edit in preset(name).edits)
    intended = tuple(edit.facet for edit in edits if edit.how == "set")
    changed = tuple(
        change.facet for change in changes if change.after or change.facet in ("subject", "text")
    )
    return changed or intended or tuple(change.facet for change in changes)


def _by_facet(facets: tuple[str, ...]) -> tuple[Task, str]:
    rows = _rows("facets")
    strongest = max(facets, key=lambda facet: rows[facet]["strength"])
    return rows[strongest]["task"], f"the {strongest} changes"


def _check_needs(task: Task, options: PlanOptions, mask: Mask | None) -> None:
    missing = {
        "inpaint": (mask is None, "a mask that is white where the picture may change"),
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
        raise PlanError(f"The task {task} takes no mask: leave it out, or choose inpaint.")
    if options.margins is not None and task != "outpaint":
        raise PlanError(f"The task {task} takes no margins: expand the picture in a separate step.")


def chosen_strength(
    task: Task, changes: tuple[FacetChange, ...], options: PlanOptions
) -> tuple[float, dict[str, str]]:
    """The strength of the options, else the largest that any change needs, with the reason."""
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
    candidates = [(chosen_preset.strength, _why(chosen_preset)) for chosen_preset in chosen]
    covered = {edit.facet for chosen_preset in chosen for edit in chosen_preset.edits}
    alone = [facet for facet in _facets(changes, options) if facet not in covered]
    gone = {change.facet for change in changes if not change.after}
    whys = {f: facets[f].get("gone" if f in gone else "why", facets[f]["why"]) for f in alone}
    candidates += [(facets[facet]["strength"], whys[facet]) for facet in alone]
    if not candidates or task in ("style-from-image", "blend"):
        candidates.append((tasks[task]["strength"], tasks[task]["why"]))
    return candidates


def _why(chosen: Preset) -> str:
    """The reason of the strongest facet that the preset sets."""
    rows = _rows("facets")
    facets = [edit.facet for edit in chosen.edits if edit.how == "set"]
    return str(rows[max(facets, key=lambda facet: rows[facet]["strength"])]["why"])


def strength_meaning(strength: float) -> str:
    """What a strength does, in a few words."""
    return next(words for least, words in STRENGTH_TIERS if strength >= least)


def _rows(name: str) -> Mapping[str, Mapping[str, Any]]:
    return cast(Mapping[str, Mapping[str, Any]], table("planning_rules", __package__)[name])
