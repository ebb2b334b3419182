"""Advise the next step after a result: which requested change is missing, and what should bring it.

It serves a loop: run, compare, change one parameter, run again. The result is measured like any
picture; where the measurements cannot decide, there is no advice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar

from imagetoprompt.compare.drift import Drift
from imagetoprompt.compare.similarity import contains_hues, distance_to_nearest
from imagetoprompt.core.measurements import Focus, Light, Palette, Scores, Swatch
from imagetoprompt.core.plan import Control, FacetChange, Plan
from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import palette_from_words
from imagetoprompt.lexicon import table

Kind: TypeAlias = Literal["missing", "unwanted", "outside_mask"]
Parameter: TypeAlias = Literal["strength", "weight", "control", "prompt_order", ""]
Measured = TypeVar("Measured")

# A mean CIEDE2000 this small is the requested color under another light.
MAX_ARRIVED_DISTANCE: Final = 12.0
# A palette that moved half of the way to the requested one counts as arrived.
ARRIVED_SHARE: Final = 0.5
# A change of strength or weight that is visible, and the limits of both.
STEP: Final = 0.15
MAX_STRENGTH: Final = 0.9
MIN_STRENGTH: Final = 0.1
MIN_WEIGHT: Final = 0.2
MAX_WEIGHT: Final = 1.0
# Weight at which a control is added.
NEW_CONTROL_WEIGHT: Final = 0.6
# From this F1 of edges on, the layout is kept and strength can rise without a control.
MIN_KEPT_EDGES: Final = 0.6
# A classifier's top candidate counts from this probability on.
MIN_TOP_PROBABILITY: Final = 0.5
# Color temperature in kelvin below which light is warm, and above which it is cool.
MAX_WARM_KELVIN: Final = 4600.0
MIN_COOL_KELVIN: Final = 6500.0
MIN_HARDNESS_OF_HARD: Final = 0.6
MAX_HARDNESS_OF_SOFT: Final = 0.4
MAX_FRONTAL_OF_BACKLIGHT: Final = -0.4
# Controls that hold a facet back if their weight is high.
BLOCKING_CONTROLS: Final = {
    "palette": ("tile",),
    "light": ("tile", "recolor", "normal"),
    "time": ("tile", "recolor"),
    "weather": ("tile", "recolor"),
    "season": ("tile", "recolor"),
    "medium": ("tile", "canny"),
    "focus": ("tile", "canny"),
    "composition": ("depth", "segments", "canny"),
}
# The control that keeps a facet which must not change.
KEEPING_CONTROLS: Final = {
    "composition": "depth",
    "camera": "depth",
    "action": "pose",
    "subject": "softedge",
    "palette": "tile",
}
# Changing one of these facets always changes the colors.
COLOR_CHANGING_FACETS: Final = frozenset(
    {"time", "weather", "season", "light", "medium", "style", "setting"}
)


@dataclass(frozen=True)
class Advice:
    """One problem of a result, and the one parameter to change.

    kind: "missing" (a requested change of `facet` to `value` did not happen), "unwanted" (`facet`
    changed but should not have) or "outside_mask" (pixels outside the mask changed). parameter:
    "strength" or "weight", to be changed from `old` to `new`; "control", a control to add with
    weight `new`; "prompt_order" (`old` is the strength, already at its limit); "" for none.
    control: the control whose weight changes, or the one to add, for "strength" too.
    """

    kind: Kind
    facet: str = ""
    value: str = ""
    parameter: Parameter = ""
    old: float | None = None
    new: float | None = None
    control: str = ""

    def to_json(self) -> dict[str, object]:
        """The advice as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Advice":
        """Read what `to_json` wrote."""
        return cls(**data)


def advise(drift: Drift, plan: Plan, /) -> tuple[Advice, ...]:
    """Advice for each requested change that is missing, and each facet that changed unasked.

    Empty if everything arrived, as far as measurements can tell.
    """
    requested = [change.facet for change in plan.changes]
    return (
        *(
            _missing_advice(change, drift, plan)
            for change in plan.changes
            if _is_missing(change, drift)
        ),
        *(_unwanted_advice(facet, plan) for facet in _unwanted_facets(drift, requested)),
        *([Advice("outside_mask")] if drift.leaked else []),
    )


def _is_missing(change: FacetChange, drift: Drift) -> bool:
    """Whether any measurement says that the change did not arrive."""
    if not change.after:
        return False
    tests = (_colors_arrived, _candidate_arrived, _light_arrived, _focus_arrived)
    return False in [arrived(change, drift) for arrived in tests]


def _colors_arrived(change: FacetChange, drift: Drift) -> bool | None:
    """Whether the palette reached the requested colors, or half of the way; None without colors."""
    before, after = (_measurement(scene, Palette) for scene in (drift.before, drift.after))
    if change.facet != "palette" or before is None or after is None:
        return None
    exact = _exact_palette(change)
    if exact is not None:
        distance = distance_to_nearest(exact, before)
        allowed = max(MAX_ARRIVED_DISTANCE, ARRIVED_SHARE * distance)
        return distance_to_nearest(exact, after) <= allowed
    named = _named_palette(change.after)
    return None if named is None else contains_hues(named, after)


def _exact_palette(change: FacetChange) -> Palette | None:
    """The colors that are requested as hex values."""
    if isinstance(change.measurement, Palette) and change.measurement.swatches:
        return change.measurement
    return palette_from_words(change.after)


def _named_palette(words: str) -> Palette | None:
    """The colors that are requested by name; longer names are matched first."""
    remaining, swatches = words.casefold(), list[Swatch]()
    colors: dict[str, str] = table("colors")["names"]
    for name in sorted(colors, key=len, reverse=True):
        if re.search(rf"\b{re.escape(name)}\b", remaining):
            swatches.append(Swatch(colors[name], name, 1.0))
            remaining = remaining.replace(name, " ")
    return Palette(tuple(swatches), "", 0.0, 0.0) if swatches else None


def _candidate_arrived(change: FacetChange, drift: Drift) -> bool | None:
    """Whether the requested candidate is the likeliest; None if it is not among the candidates."""
    scores = next(
        (fact.measurement.scores for fact in drift.after.all(change.facet)
         if isinstance(fact.measurement, Scores)), {}
    )  # fmt: skip
    wanted = _content_words(change.after)
    matching = {name: share for name, share in scores.items() if _content_words(name) & wanted}
    if not scores or change.facet in ("mood", "style"):
        return None
    if matching:
        return max(matching.values()) >= max(scores.values())
    return False if max(scores.values()) >= MIN_TOP_PROBABILITY else None


def _light_arrived(change: FacetChange, drift: Drift) -> bool | None:
    """Whether the light has one of the requested qualities; None if no quality is named.

    One of several is enough, since light is measured with a large error.
    """
    light = _measurement(drift.after, Light)
    if change.facet != "light" or light is None:
        return None
    qualities = {
        r"\b(warm|golden|candle\w*)\b": light.kelvin < MAX_WARM_KELVIN,
        r"\b(cool|cold|blue)\b": light.kelvin > MIN_COOL_KELVIN,
        r"\bhard\b": light.hardness > MIN_HARDNESS_OF_HARD,
        r"\b(soft|diffuse|overcast)\b": light.hardness < MAX_HARDNESS_OF_SOFT,
        r"\blow[- ]key\b": light.key == "low",
        r"\bhigh[- ]key\b": light.key == "high",
        r"\bback ?light": light.frontal < MAX_FRONTAL_OF_BACKLIGHT,
    }
    wanted = change.after.casefold()
    results = [holds for pattern, holds in qualities.items() if re.search(pattern, wanted)]
    return any(results) if results else None


def _focus_arrived(change: FacetChange, drift: Drift) -> bool | None:
    """Whether the depth of field is the requested one; None if none is requested."""
    focus = _measurement(drift.after, Focus)
    wanted = re.search(r"\b(shallow|deep)\b", change.after) if change.facet == "focus" else None
    return None if focus is None or wanted is None else focus.depth_of_field == wanted[1]


def _missing_advice(change: FacetChange, drift: Drift, plan: Plan) -> Advice:
    """Advice for a missing change: a lower control weight, more strength, or another word order."""
    facet, value = change.facet, change.after
    blocking = _blocking_control(facet, plan.controls)
    if blocking is not None:
        lower = max(MIN_WEIGHT, blocking.weight - 2 * STEP)
        return Advice("missing", facet, value, "weight", blocking.weight, lower, blocking.kind)
    if plan.strength >= MAX_STRENGTH:
        return Advice("missing", facet, value, "prompt_order", plan.strength)
    higher = min(MAX_STRENGTH, round(plan.strength + STEP, 2))
    keeps_layout = drift.whole.edges >= MIN_KEPT_EDGES or plan.controls
    control = "" if keeps_layout else "depth"
    return Advice("missing", facet, value, "strength", plan.strength, higher, control)


def _blocking_control(facet: str, controls: Sequence[Control]) -> Control | None:
    """The control with the greatest weight that holds the facet back."""
    kinds = BLOCKING_CONTROLS.get(facet, ())
    blocking = [
        control for control in controls if control.kind in kinds and control.weight > MIN_WEIGHT
    ]
    return max(blocking, key=lambda control: control.weight, default=None)


def _unwanted_facets(drift: Drift, requested: Sequence[str]) -> Iterator[str]:
    """Facets that changed unasked, and that a control can keep."""
    for facet_drift in drift.facets:
        facet = facet_drift.facet
        follows = facet == "palette" and COLOR_CHANGING_FACETS.intersection(requested)
        keepable = facet in KEEPING_CONTROLS and facet not in requested
        if facet_drift.moved and keepable and not follows:
            yield facet


def _unwanted_advice(facet: str, plan: Plan) -> Advice:
    """Advice that keeps a facet: a control, more weight of it, or less strength."""
    kind = KEEPING_CONTROLS[facet]
    weight = next((control.weight for control in plan.controls if control.kind == kind), None)
    if weight is None:
        return Advice("unwanted", facet, parameter="control", new=NEW_CONTROL_WEIGHT, control=kind)
    if weight < MAX_WEIGHT:
        higher = min(MAX_WEIGHT, round(weight + STEP, 2))
        return Advice("unwanted", facet, parameter="weight", old=weight, new=higher, control=kind)
    lower = max(MIN_STRENGTH, round(plan.strength - STEP, 2))
    return Advice("unwanted", facet, parameter="strength", old=plan.strength, new=lower)


def _measurement(scene: Scene, kind: type[Measured]) -> Measured | None:
    return next((fact.measurement for fact in scene if isinstance(fact.measurement, kind)), None)


def _content_words(words: str) -> set[str]:
    return set(re.findall(r"[a-z]+", words.casefold())) - {"a", "an", "the", "sky", "with", "of"}
