"""Which facets differ between two scenes, and by how much.

Both scenes were measured by the same observers, so that a difference is a difference of the
pictures. Whether a change was requested is decided in `compare.advice`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from imagetoprompt.compare.similarity import palette_distance
from imagetoprompt.core.measurements import (
    Box,
    Camera,
    Composition,
    Focus,
    Light,
    Palette,
    Scores,
    Subject,
)
from imagetoprompt.core.scene import FACETS, Fact, Scene

Values: TypeAlias = Mapping[str, float | str]

# Thresholds above which a difference is visible side by side. Smaller differences come from JPEG
# compression or measurement error: checked on 20 photographs saved at quality 60.
MIN_COLOR_DISTANCE: Final = 5.0
"""Mean CIEDE2000 between two palettes."""
MIN_TEMPERATURE_CHANGE: Final = 0.15
MIN_SATURATION_CHANGE: Final = 0.1
MIN_AZIMUTH_CHANGE: Final = 40.0
"""Degrees between two directions of light."""
MIN_HARDNESS_CHANGE: Final = 0.35
MIN_MIRED_CHANGE: Final = 30.0
"""Perceived warmth is linear in mired (1e6 / kelvin); a 1/8 CTO gel shifts it by 25."""
MIN_CONTRAST_CHANGE: Final = 0.25
MIN_SUBJECT_OVERLAP: Final = 0.6
MIN_HORIZON_CHANGE: Final = 0.06
"""Share of the height."""
MIN_SHARP_AREA_CHANGE: Final = 0.3
MIN_MOTION_CHANGE: Final = 0.3
MIN_ROLL_CHANGE: Final = 3.0
"""Degrees."""
MIN_PROBABILITY_SHIFT: Final = 0.4
"""If less probability moves between a classifier's candidates, only the wording changed."""
# Labels below these confidences are guesses and are not compared: a restyled terrier is easily
# taken for a bird.
MIN_CONFIDENCE: Final = {"subject": 0.85, "camera": 0.7}


@dataclass(frozen=True)
class Finding:
    """One visible difference: a code, and the numbers and words for a sentence about it.

    Every code has its phrase in `reports.compare_text`.
    """

    code: str
    values: Values = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, object]:
        """The code and its values as JSON values."""
        return {"code": self.code, "values": dict(self.values)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Finding":
        """Read what `to_json` wrote."""
        return cls(str(data["code"]), dict(data["values"]))


@dataclass(frozen=True)
class FacetDrift:
    """One facet before and after.

    before, after: the facts in words. numbers: measured differences by name. findings: the
    visible ones of them.
    """

    facet: str
    before: str
    after: str
    numbers: Mapping[str, float | str | None] = field(default_factory=dict, hash=False)
    findings: tuple[Finding, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether a visible difference was found."""
        return bool(self.findings)


Numbers: TypeAlias = "dict[str, float | str | None]"
Difference: TypeAlias = tuple[Numbers, list[Finding]]
"""The measured differences by name, and the visible ones."""


def facet_drifts(before: Scene, after: Scene, /) -> tuple[FacetDrift, ...]:
    """Compare every facet that either scene has, in facet order."""
    return tuple(_facet_drifts(before, after))


def _facet_drifts(before: Scene, after: Scene) -> Iterator[FacetDrift]:
    for facet in FACETS:
        old, new = before.all(facet)[:1], after.all(facet)[:1]
        if not old and not new:
            continue
        words = _words(before, facet), _words(after, facet)
        numbers, findings = _compare_facts(facet, old, new)
        if facet not in _COMPARISONS and _share_no_clause(words) and _shifted(numbers):
            findings = [Finding("reworded", {"before": words[0], "after": words[1]})]
        yield FacetDrift(facet, *words, numbers, tuple(findings))


def _share_no_clause(words: tuple[str, str]) -> bool:
    """Whether both facets have words and no clause is in both."""
    old, new = (set(text.split(", ")) for text in words)
    return all(words) and not old & new


def _words(scene: Scene, facet: str) -> str:
    return ", ".join(fact.value for fact in scene.said(facet))


def _shifted(numbers: Numbers) -> bool:
    """Whether enough probability moved to other candidates; without probabilities, always."""
    shift = numbers.get("shift")
    return not isinstance(shift, float) or shift >= MIN_PROBABILITY_SHIFT


def _compare_facts(facet: str, old: tuple[Fact, ...], new: tuple[Fact, ...]) -> Difference:
    required = MIN_CONFIDENCE.get(facet, 0.0)
    pair = [fact.measurement for fact in (*old, *new) if fact.confidence >= required]
    if len(pair) == 2 and all(isinstance(measurement, Scores) for measurement in pair):
        return {"shift": _probability_shift(*pair)}, []  # type: ignore[arg-type]
    if facet not in _COMPARISONS or len(pair) < 2 or None in pair:
        return {}, []
    return _COMPARISONS[facet](*pair)


def _probability_shift(old: Scores, new: Scores) -> float:
    """Total variation distance between two distributions of candidates, 0 to 1."""
    names = sorted({*old.scores, *new.scores})
    pairs = ((old.scores.get(name, 0.0), new.scores.get(name, 0.0)) for name in names)
    return round(sum(abs(before - after) for before, after in pairs) / 2, 3)


def _compare_palettes(old: Palette, new: Palette) -> Difference:
    if not old.swatches or not new.swatches:
        return {}, []
    distance = palette_distance(old, new)
    temperature, saturation = new.temperature - old.temperature, new.saturation - old.saturation
    numbers: Numbers = {
        "dE00": distance,
        "temperature": round(temperature, 3),
        "saturation": round(saturation, 3),
    }
    if distance < MIN_COLOR_DISTANCE:
        return numbers, []
    findings = [Finding("other_colors", {"distance": distance})]
    if abs(temperature) > MIN_TEMPERATURE_CHANGE:
        findings.append(Finding("warmer" if temperature > 0 else "cooler"))
    if abs(saturation) > MIN_SATURATION_CHANGE:
        findings.append(Finding("more_vivid" if saturation > 0 else "more_muted"))
    return numbers, findings


def _compare_light(old: Light, new: Light) -> Difference:
    turn = None
    if old.azimuth is not None and new.azimuth is not None:
        turn = round(abs((old.azimuth - new.azimuth + 180) % 360 - 180), 1)
    mired = round(1e6 / new.kelvin - 1e6 / old.kelvin, 1)
    numbers: Numbers = {
        "azimuth": turn,
        "hardness": round(new.hardness - old.hardness, 3),
        "contrast": round(new.contrast - old.contrast, 3),
        "kelvin": round(new.kelvin - old.kelvin),
        "mired": mired,
        "key": f"{old.key} to {new.key}",
    }
    return numbers, list(_light_findings(old, new, turn or 0.0, mired))


def _light_findings(old: Light, new: Light, turn: float, mired: float) -> Iterator[Finding]:
    if turn > MIN_AZIMUTH_CHANGE:
        yield Finding("other_light_direction", {"degrees": turn})
    if abs(new.hardness - old.hardness) > MIN_HARDNESS_CHANGE:
        yield Finding("harder" if new.hardness > old.hardness else "softer")
    if abs(mired) > MIN_MIRED_CHANGE:
        code = "warmer_light" if mired > 0 else "cooler_light"
        yield Finding(code, {"before": old.kelvin, "after": new.kelvin})
    if old.key != new.key:
        yield Finding("other_key", {"before": old.key, "after": new.key})
    elif abs(new.contrast - old.contrast) > MIN_CONTRAST_CHANGE:
        yield Finding("more_contrast" if new.contrast > old.contrast else "less_contrast")


def _compare_composition(old: Composition, new: Composition) -> Difference:
    iou, contained = box_overlap(old.subject_box, new.subject_box)
    horizon = _difference(old.horizon, new.horizon)
    numbers: Numbers = {
        "subject_iou": iou,
        "subject_within": contained,
        "horizon": horizon,
        "symmetry": round(new.symmetry - old.symmetry, 3),
        "shot": f"{old.shot} to {new.shot}",
    }
    findings = []
    if contained is not None and contained < MIN_SUBJECT_OVERLAP:
        findings.append(Finding("subject_moved", {"percent": 100 * contained}))
    if horizon is not None and abs(horizon) > MIN_HORIZON_CHANGE:
        code = "horizon_lower" if horizon > 0 else "horizon_higher"
        findings.append(Finding(code, {"percent": 100 * abs(horizon)}))
    return numbers, findings


def _compare_focus(old: Focus, new: Focus) -> Difference:
    sharp, motion = new.sharp - old.sharp, new.motion - old.motion
    numbers: Numbers = {
        "depth_of_field": f"{old.depth_of_field} to {new.depth_of_field}",
        "sharp": round(sharp, 3),
        "motion": round(motion, 3),
    }
    findings = []
    depths = old.depth_of_field, new.depth_of_field
    if set(depths) == {"shallow", "deep"}:
        findings.append(Finding("other_depth_of_field", {"before": depths[0], "after": depths[1]}))
    if abs(sharp) > MIN_SHARP_AREA_CHANGE:
        findings.append(Finding("more_sharp" if sharp > 0 else "less_sharp"))
    if abs(motion) > MIN_MOTION_CHANGE:
        findings.append(Finding("motion_blur_added" if motion > 0 else "motion_blur_removed"))
    return numbers, findings


def _compare_camera(old: Camera, new: Camera) -> Difference:
    roll = _difference(old.roll, new.roll)
    findings = []
    if old.angle and new.angle and old.angle != new.angle:
        findings.append(Finding("replaced", {"before": old.angle, "after": new.angle}))
    if roll is not None and abs(roll) > MIN_ROLL_CHANGE:
        findings.append(Finding("tilted", {"degrees": abs(roll)}))
    return {"angle": f"{old.angle} to {new.angle}", "roll": roll}, findings


def _compare_subjects(old: Subject, new: Subject) -> Difference:
    findings = []
    if not set(old.label.split()) & set(new.label.split()):
        findings.append(Finding("replaced", {"before": old.label, "after": new.label}))
    elif max(old.count, new.count) >= 2 * min(old.count, new.count):
        findings.append(Finding("replaced", {"before": str(old.count), "after": str(new.count)}))
    return {"label": f"{old.label} to {new.label}", "count": new.count - old.count}, findings


_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Difference]]] = {
    "palette": _compare_palettes,
    "light": _compare_light,
    "composition": _compare_composition,
    "focus": _compare_focus,
    "camera": _compare_camera,
    "subject": _compare_subjects,
}


def box_overlap(old: Box | None, new: Box | None) -> tuple[float | None, float | None]:
    """The shared area of two boxes: as intersection over union, and as a share of the smaller one.

    None if a box is missing. If the subject is the cup in one picture and the table under it in the
    other, one box contains the other; only the second number shows that nothing moved.
    """
    if old is None or new is None:
        return None, None
    width = min(old[0] + old[2], new[0] + new[2]) - max(old[0], new[0])
    height = min(old[1] + old[3], new[1] + new[3]) - max(old[1], new[1])
    shared, areas = max(0.0, width) * max(0.0, height), (old[2] * old[3], new[2] * new[3])
    return round(shared / max(sum(areas) - shared, 1e-9), 3), round(
        shared / max(min(areas), 1e-9), 3
    )


def _difference(old: float | None, new: float | None) -> float | None:
    return None if old is None or new is None else round(new - old, 3)
