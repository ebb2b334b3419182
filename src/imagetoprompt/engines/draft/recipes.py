"""recipes(plan): the effects with which the draft engine carries out a plan, from recipes.toml.

RefusedError names a change that it cannot make.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from imagetoprompt.core.measurements import Palette, hex_codes
from imagetoprompt.core.plan import FacetChange, Plan
from imagetoprompt.errors import RefusedError
from imagetoprompt.facts.edits import preset, presets
from imagetoprompt.lexicon import table

REFUSAL_REMEDY: Final = "'imagetoprompt tasks' lists the engines and services that can."
# Strength at which a change of the palette without a preset is complete.
PALETTE_STRENGTH: Final = 0.3
# How far a grade extrapolates beyond its complete strength, at strength 1.
OVERDRIVE: Final = 0.3


@dataclass(frozen=True)
class RecipeStep:
    """One step of a recipe: the name of an effect and its options."""

    effect: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Recipe:
    """Steps that together make one named change, complete at `strength`."""

    name: str
    steps: tuple[RecipeStep, ...]
    strength: float
    medium: bool = False

    def amount(self, strength: float) -> float:
        """The blending amount at a strength from 0 to 1: 0 none, 1 complete.

        A medium stops at 1; a grade goes on to 1 + OVERDRIVE.
        """
        if strength <= self.strength or self.medium:
            return min(1.0, strength / self.strength)
        return 1 + OVERDRIVE * (strength - self.strength) / (1 - self.strength)


def recipes(plan: Plan) -> tuple[Recipe, ...]:
    """The presets' recipes, then one for each change that no preset stands for."""
    names = [plan.preset] if plan.preset else []
    uncovered = _uncovered(plan.changes, names)
    while implied := _implied_preset(uncovered):
        names.append(implied)
        uncovered = _uncovered(uncovered, [implied])
    chosen = [recipe(name) for name in names]
    for change in uncovered:
        if plan.task != "inpaint" or not _only_removes(change):
            chosen += [made for made in _change_recipes(change) if made not in chosen]
    return tuple(chosen)


def _uncovered(changes: tuple[FacetChange, ...], names: list[str]) -> tuple[FacetChange, ...]:
    """The changes to a new value that none of the presets covers."""
    covered = {(edit.facet, edit.value) for name in names for edit in preset(name).edits}
    return tuple(
        change for change in changes if change.after and (change.facet, change.after) not in covered
    )


def recipe(name: str) -> Recipe:
    """The recipe of a preset; RefusedError when the draft engine has none."""
    reason = table("recipes", __package__)["refused"].get(name)
    chosen = preset(name)
    rows = table("recipes", __package__)["recipes"].get(chosen.name)
    if rows is None:
        raise RefusedError(
            _refusal_text(f"paint '{chosen.title}'", reason or "it has no recipe for it")
        )
    return Recipe(
        chosen.name, recipe_steps(rows), chosen.strength, chosen.kind in ("medium", "style")
    )


def recipe_steps(rows: list[dict[str, Any]]) -> tuple[RecipeStep, ...]:
    """The steps of rows of the table."""
    return tuple(
        RecipeStep(row["effect"], {key: value for key, value in row.items() if key != "effect"})
        for row in rows
    )


def supported_presets() -> tuple[str, ...]:
    """Names of the presets that the draft engine can paint."""
    return tuple(
        known.name for known in presets() if known.name in table("recipes", __package__)["recipes"]
    )


def _implied_preset(changes: tuple[FacetChange, ...]) -> str:
    """The preset whose every edit is among the changes, the one with the most edits; or ""."""
    made = {(change.facet, change.after) for change in changes}
    covered = [
        candidate
        for candidate in presets()
        if {(edit.facet, edit.value) for edit in candidate.edits if edit.how == "set"} <= made
    ]
    return max(covered, key=lambda candidate: len(candidate.edits)).name if covered else ""


def _change_recipes(change: FacetChange) -> Iterator[Recipe]:
    """The recipe for a change without a preset: by its colors, else by its words."""
    if change.facet == "palette":
        colors = requested_colors(change)
        if colors:
            row = {"effect": "repalette", "swatches": list(colors)}
            yield Recipe(f"palette {' '.join(colors)}", recipe_steps([row]), PALETTE_STRENGTH)
            return
    reason = table("recipes", __package__)["refused_facets"].get(change.facet)
    if reason:
        raise RefusedError(_refusal_text(f"make the {change.facet} '{change.after}'", reason))
    words: dict[str, str] = table("recipes", __package__)["words"].get(change.facet, {})
    names = [words[word] for word in _longest_first(words) if _contains_word(change.after, word)]
    if not names:
        known = ", ".join(dict.fromkeys(words.values())) or "nothing"
        reason = f"for the {change.facet} it knows: {known}"
        raise RefusedError(_refusal_text(f"make the {change.facet} '{change.after}'", reason))
    yield recipe(names[0])


def _only_removes(change: FacetChange) -> bool:
    """Whether the change only removes something: every word of it was there before."""
    before, after = (re.findall(r"[a-z]+", text.lower()) for text in (change.before, change.after))
    stems = {word.rstrip("s") for word in (*before, "a", "an", "one", "two", "the")}
    return all(word.rstrip("s") in stems for word in after)


def requested_colors(change: FacetChange) -> tuple[str, ...]:
    """Hex codes of the colors of a palette change: measured, by hex code, or by name."""
    if isinstance(change.measurement, Palette) and change.measurement.swatches:
        return tuple(swatch.hex for swatch in change.measurement.swatches)
    codes = hex_codes(change.after)
    if codes:
        return codes
    if any(
        _contains_word(change.after, word)
        for word in table("recipes", __package__)["words"]["palette"]
    ):
        return ()
    return _named_colors(change.after)


def _named_colors(words: str) -> tuple[str, ...]:
    """Hex codes of the color names in the words, in their order; longer names match first."""
    names: dict[str, str] = {
        **table("colors")["names"],
        **table("recipes", __package__).get("colors", {}),
    }
    remaining, matches = words.lower(), []
    for name in _longest_first(names):
        match = re.search(rf"\b{re.escape(name)}\b", remaining)
        if match:
            matches.append((match.start(), names[name]))
            blank = "_" * len(name)
            remaining = remaining[: match.start()] + blank + remaining[match.end() :]
    return tuple(code for _, code in sorted(matches))


def _longest_first(words: Mapping[str, Any]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _contains_word(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text.lower()) is not None


def _refusal_text(task: str, reason: str) -> str:
    return f"The draft engine cannot {task}: {reason}. {REFUSAL_REMEDY}"
