"""advise(drift, plan) -> which asked-for fact did not arrive, and what should bring it.

One step of a loop: paint, compare, change one knob, paint again. It reads the result by the same
meters as any picture, and is silent where they cannot tell. It does not know engines.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from imagetoprompt.compare import Drift
from imagetoprompt.compare.palette_match import holds, missing
from imagetoprompt.core.measurements import Focus, Light, Palette, Scores, Swatch
from imagetoprompt.core.plan import Changed, Control, Plan
from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import palette_of
from imagetoprompt.lexicon import table

Kind = TypeVar("Kind")

# A color this near is the color that was asked for, seen in another light.
ARRIVED: Final = 12.0
# Half way to the asked palette is on the way.
HALF: Final = 0.5
# A step of either knob that is plain to see, and the ends that they have.
STEP: Final = 0.15
MOST: Final = 0.9
WEIGHTS: Final = (0.2, 1.0)
# The share of edges that is still kept where there is room for more strength.
KEPT: Final = 0.6
LIKELY: Final = 0.5
WARM: Final = 4600.0
COOL: Final = 6500.0
HARD: Final = 0.6
SOFT: Final = 0.4
# What holds a facet back when its weight is high, and what keeps one that must not move.
HOLDERS: Final = {
    "palette": ("tile",),
    "light": ("tile", "recolor", "normal"),
    "time": ("tile", "recolor"),
    "weather": ("tile", "recolor"),
    "season": ("tile", "recolor"),
    "medium": ("tile", "canny"),
    "focus": ("tile", "canny"),
    "composition": ("depth", "segments", "canny"),
}
KEEPERS: Final = {
    "composition": "depth",
    "camera": "depth",
    "action": "pose",
    "subject": "softedge",
    "palette": "tile",
}


def advise(drift: Drift, plan: Plan, /) -> tuple[str, ...]:
    """One sentence for each asked-for fact that did not arrive, or kept one that moved.

    Each names the change of strength, weight or control that should mend it; none at all when
    everything arrived, as far as the meters tell.
    """
    asked = [change.facet for change in plan.changes]
    brought = [_bring(change, drift, plan) for change in plan.changes if _absent(change, drift)]
    kept = [_keep(facet, plan) for facet in _lost(drift, asked)]
    return (*brought, *kept, *_masked(drift))


def _absent(change: Changed, drift: Drift) -> bool:
    """Whether the meters say that the change did not arrive."""
    if not change.after:
        return False
    arrived = [test(change, drift) for test in (_by_colors, _by_scores, _by_light, _by_focus)]
    return False in arrived


def _by_colors(change: Changed, drift: Drift) -> bool | None:
    """Whether the colors are there, or half way there; None when none are named."""
    before, after = (_measured(scene, Palette) for scene in (drift.before, drift.after))
    if change.facet != "palette" or before is None or after is None:
        return None
    exact = _exact(change)
    if exact is not None:
        return missing(exact, after) <= max(ARRIVED, HALF * missing(exact, before))
    named = _named(change.after)
    return None if named is None else holds(named, after)


def _exact(change: Changed) -> Palette | None:
    """The colors that are asked for by number."""
    if isinstance(change.measurement, Palette) and change.measurement.swatches:
        return change.measurement
    return palette_of(change.after)


def _named(words: str) -> Palette | None:
    """The colors that words name, the longest names first."""
    left, found = words.casefold(), list[Swatch]()
    colors: dict[str, str] = table("colors")["names"]
    for name in sorted(colors, key=len, reverse=True):
        if re.search(rf"\b{re.escape(name)}\b", left):
            found.append(Swatch(colors[name], name, 1.0))
            left = left.replace(name, " ")
    return Palette(tuple(found), "", 0.0, 0.0) if found else None


def _by_scores(change: Changed, drift: Drift) -> bool | None:
    """Whether the asked-for candidate is the likeliest; None when it is not among them."""
    scores = next(
        (fact.measurement.scores for fact in drift.after.all(change.facet)
         if isinstance(fact.measurement, Scores)), {}
    )  # fmt: skip
    asked = _tokens(change.after)
    matching = {name: share for name, share in scores.items() if _tokens(name) & asked}
    if not scores or change.facet in ("mood", "style"):
        return None
    if matching:
        return max(matching.values()) >= max(scores.values())
    return False if max(scores.values()) >= LIKELY else None


def _by_light(change: Changed, drift: Drift) -> bool | None:
    """Whether the light is as warm, hard and bright as was asked; None when it does not say."""
    light = _measured(drift.after, Light)
    if change.facet != "light" or light is None:
        return None
    asked = change.after.casefold()
    truths = {
        r"\b(warm|golden|candle\w*)\b": light.kelvin < WARM,
        r"\b(cool|cold|blue)\b": light.kelvin > COOL,
        r"\bhard\b": light.hardness > HARD,
        r"\b(soft|diffuse|overcast)\b": light.hardness < SOFT,
        r"\blow[- ]key\b": light.key == "low",
        r"\bhigh[- ]key\b": light.key == "high",
        r"\bback ?light": light.frontal < -SOFT,
    }
    told = [true for pattern, true in truths.items() if re.search(pattern, asked)]
    # One of several that arrived is an arrival: light is read roughly.
    return any(told) if told else None


def _by_focus(change: Changed, drift: Drift) -> bool | None:
    focus = _measured(drift.after, Focus)
    asked = re.search(r"\b(shallow|deep)\b", change.after) if change.facet == "focus" else None
    return None if focus is None or asked is None else focus.depth_of_field == asked[1]


def _bring(change: Changed, drift: Drift, plan: Plan) -> str:
    """What should bring a change that did not arrive."""
    lead = f"The {change.facet} asked for, {change.after}, did not arrive"
    holder = _holder(change.facet, plan.controls)
    if holder is not None:
        lower = max(WEIGHTS[0], holder.weight - 2 * STEP)
        return f"{lead}: lower the weight of {holder.kind} from {holder.weight:g} to {lower:g}."
    if plan.strength < MOST:
        higher = min(MOST, round(plan.strength + STEP, 2))
        kept = drift.whole.edges
        held = "" if kept >= KEPT or plan.controls else ", with depth at 0.6 to keep the layout"
        return f"{lead}: raise the strength from {plan.strength:g} to {higher:g}{held}."
    return f"{lead}, though the strength is {plan.strength:g}: put it first in the prompt."


def _holder(facet: str, controls: Sequence[Control]) -> Control | None:
    """The control of the greatest weight that holds the facet back."""
    kinds = HOLDERS.get(facet, ())
    found = [each for each in controls if each.kind in kinds and each.weight > WEIGHTS[0]]
    return max(found, key=lambda each: each.weight, default=None)


def _lost(drift: Drift, asked: Sequence[str]) -> Iterator[str]:
    """Facets that nobody asked to change, which a control can keep, and which moved."""
    for move in drift.moves:
        if (
            move.moved
            and move.facet in KEEPERS
            and move.facet not in asked
            and not _follows(move.facet, asked)
        ):
            yield move.facet


def _follows(facet: str, asked: Sequence[str]) -> bool:
    """Whether the facet cannot but move with one that was asked for."""
    return facet == "palette" and bool(
        {"time", "weather", "season", "light", "medium", "style", "setting"}.intersection(asked)
    )


def _keep(facet: str, plan: Plan) -> str:
    """What should keep a facet that moved though nobody asked."""
    kind = KEEPERS[facet]
    lead = f"The {facet} moved though it was to stay"
    held = next((each for each in plan.controls if each.kind == kind), None)
    if held is None:
        return f"{lead}: keep it with {kind} at 0.6, as '--keep {kind}'."
    if held.weight < WEIGHTS[1]:
        higher = min(WEIGHTS[1], round(held.weight + STEP, 2))
        return f"{lead}: raise the weight of {kind} from {held.weight:g} to {higher:g}."
    lower = max(0.1, round(plan.strength - STEP, 2))
    return f"{lead}: lower the strength from {plan.strength:g} to {lower:g}."


def _masked(drift: Drift) -> Iterator[str]:
    if drift.leaked:
        yield "It changed outside the mask: lay the original over the result there."


def _measured(scene: Scene, kind: type[Kind]) -> Kind | None:
    return next((fact.measurement for fact in scene if isinstance(fact.measurement, kind)), None)


def _tokens(words: str) -> set[str]:
    return set(re.findall(r"[a-z]+", words.casefold())) - {"a", "an", "the", "sky", "with", "of"}
