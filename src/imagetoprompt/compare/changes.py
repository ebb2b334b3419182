"""What moved between two scenes, facet by facet, by the same meters that described both.

It does not know which of it was asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from imagetoprompt.compare.palette_match import apart
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

Numbers: TypeAlias = "dict[str, float | str | None]"
Told: TypeAlias = tuple[Numbers, list[str]]
"""The numbers by name, and what of it is plain to see, in words."""

# From here on a difference is plain to see side by side; below it is what saving as JPEG, or the
# meter itself, can do. Checked on 20 photographs saved at quality 60.
COLORS: Final = 5.0
AZIMUTH: Final = 40.0
HARDNESS: Final = 0.35
# Reciprocal megakelvin: the eye judges warmth by these (a 4 m. step of 25 is a light CTO gel).
WARMTH: Final = 30.0
CONTRAST: Final = 0.25
OVERLAP: Final = 0.6
HORIZON: Final = 0.06
SHARP: Final = 0.3
MOTION: Final = 0.3
ROLL: Final = 3.0
# Less moves between the candidates of a trained head when only its wording changes.
SHIFT: Final = 0.4
# Below these confidences a name is a guess, and two guesses are no difference: a restyled terrier
# passes for a bird.
SURE: Final = {"subject": 0.85, "camera": 0.7}


@dataclass(frozen=True)
class Move:
    """One facet, before and after.

    numbers: what was measured of the difference, by name. words: one sentence that says what moved;
    empty when nothing plainly did.
    """

    facet: str
    before: str
    after: str
    numbers: Mapping[str, float | str | None] = field(default_factory=dict, hash=False)
    words: str = ""

    @property
    def moved(self) -> bool:
        """Whether the difference is plain to see."""
        return bool(self.words)

    def to_json(self) -> dict[str, object]:
        """The move as JSON values."""
        return {
            "facet": self.facet,
            "moved": self.moved,
            "before": self.before,
            "after": self.after,
            "numbers": dict(self.numbers),
            "words": self.words,
        }


def moves(before: Scene, after: Scene, /) -> tuple[Move, ...]:
    """Every facet that either scene says or measures, in facet order."""
    return tuple(_moves(before, after))


def _moves(before: Scene, after: Scene) -> Iterator[Move]:
    for facet in FACETS:
        one, other = before.all(facet)[:1], after.all(facet)[:1]
        if not one and not other:
            continue
        words = _words(before, facet), _words(after, facet)
        numbers, told = _measured(facet, one, other)
        if facet not in _METERS and _unlike(words) and _shifted(numbers):
            told = [f"it was {words[0]} and is {words[1]}"]
        sentence = f"The {facet} moved: {', '.join(told)}." if told else ""
        yield Move(facet, *words, numbers, sentence)


def _unlike(words: tuple[str, str]) -> bool:
    """Whether both say something and share no clause."""
    one, other = (set(each.split(", ")) for each in words)
    return all(words) and not one & other


def _words(scene: Scene, facet: str) -> str:
    return ", ".join(fact.value for fact in scene.said(facet))


def _shifted(numbers: Numbers) -> bool:
    """Whether probability went elsewhere; words without probabilities always count."""
    shift = numbers.get("shift")
    return not isinstance(shift, float) or shift >= SHIFT


def _measured(facet: str, one: tuple[Fact, ...], other: tuple[Fact, ...]) -> Told:
    least = SURE.get(facet, 0.0)
    pair = [fact.measurement for fact in (*one, *other) if fact.confidence >= least]
    if len(pair) == 2 and all(isinstance(each, Scores) for each in pair):
        return {"shift": _shift(*pair)}, []  # type: ignore[arg-type]
    if facet not in _METERS or len(pair) < 2 or None in pair:
        return {}, []
    return _METERS[facet](*pair)


def _shift(one: Scores, other: Scores) -> float:
    """How much probability went from some candidates to others, 0 to 1."""
    names = sorted({*one.scores, *other.scores})
    pairs = ((one.scores.get(name, 0.0), other.scores.get(name, 0.0)) for name in names)
    return round(sum(abs(before - after) for before, after in pairs) / 2, 3)


def _palette(one: Palette, other: Palette) -> Told:
    if not one.swatches or not other.swatches:
        return {}, []
    moved = apart(one, other)
    numbers: Numbers = {
        "dE00": moved,
        "temperature": round(other.temperature - one.temperature, 3),
        "saturation": round(other.saturation - one.saturation, 3),
    }
    if moved < COLORS:
        return numbers, []
    told = [f"its colors are {moved:.0f} dE00 apart on average"]
    if abs(other.temperature - one.temperature) > 0.15:
        told.append("warmer" if other.temperature > one.temperature else "cooler")
    if abs(other.saturation - one.saturation) > 0.1:
        told.append("more vivid" if other.saturation > one.saturation else "more muted")
    return numbers, told


def _light(one: Light, other: Light) -> Told:
    turned = None
    if one.azimuth is not None and other.azimuth is not None:
        turned = round(abs((one.azimuth - other.azimuth + 180) % 360 - 180), 1)
    warmth = round(1e6 / other.kelvin - 1e6 / one.kelvin, 1)
    numbers: Numbers = {
        "azimuth": turned,
        "hardness": round(other.hardness - one.hardness, 3),
        "contrast": round(other.contrast - one.contrast, 3),
        "kelvin": round(other.kelvin - one.kelvin),
        "mired": warmth,
        "key": f"{one.key} to {other.key}",
    }
    told = [f"it comes from {turned:.0f} degrees elsewhere"] if (turned or 0) > AZIMUTH else []
    if abs(other.hardness - one.hardness) > HARDNESS:
        told.append("harder" if other.hardness > one.hardness else "softer")
    if abs(warmth) > WARMTH:
        told.append(
            f"{'warmer' if warmth > 0 else 'cooler'} ({one.kelvin:.0f} to {other.kelvin:.0f} K)"
        )
    if one.key != other.key:
        told.append(f"{one.key} key became {other.key} key")
    elif abs(other.contrast - one.contrast) > CONTRAST:
        told.append("more contrast" if other.contrast > one.contrast else "less contrast")
    return numbers, told


def _composition(one: Composition, other: Composition) -> Told:
    shared, within = overlaps(one.subject_box, other.subject_box)
    raised = _difference(one.horizon, other.horizon)
    numbers: Numbers = {
        "subject_iou": shared,
        "subject_within": within,
        "horizon": raised,
        "symmetry": round(other.symmetry - one.symmetry, 3),
        "shot": f"{one.shot} to {other.shot}",
    }
    told = []
    if within is not None and within < OVERLAP:
        told.append(f"the subject's box shares {100 * within:.0f} % with its old place")
    if raised is not None and abs(raised) > HORIZON:
        where = "lower" if raised > 0 else "higher"
        told.append(f"the horizon is {100 * abs(raised):.0f} % of the height {where}")
    return numbers, told


def _focus(one: Focus, other: Focus) -> Told:
    numbers: Numbers = {
        "depth_of_field": f"{one.depth_of_field} to {other.depth_of_field}",
        "sharp": round(other.sharp - one.sharp, 3),
        "motion": round(other.motion - one.motion, 3),
    }
    told = []
    if {one.depth_of_field, other.depth_of_field} == {"shallow", "deep"}:
        told.append(f"the {one.depth_of_field} depth of field became {other.depth_of_field}")
    if abs(other.sharp - one.sharp) > SHARP:
        told.append(f"{'more' if other.sharp > one.sharp else 'less'} of it is sharp")
    if abs(other.motion - one.motion) > MOTION:
        told.append("motion blur came" if other.motion > one.motion else "motion blur went")
    return numbers, told


def _camera(one: Camera, other: Camera) -> Told:
    tilted = _difference(one.roll, other.roll)
    told = []
    if one.angle and other.angle and one.angle != other.angle:
        told.append(f"{one.angle} became {other.angle}")
    if tilted is not None and abs(tilted) > ROLL:
        told.append(f"it is tilted by {abs(tilted):.0f} degrees")
    return {"angle": f"{one.angle} to {other.angle}", "roll": tilted}, told


def _subject(one: Subject, other: Subject) -> Told:
    told = []
    if not set(one.label.split()) & set(other.label.split()):
        told.append(f"{one.label} became {other.label}")
    elif max(one.count, other.count) >= 2 * min(one.count, other.count):
        told.append(f"{one.count} became {other.count}")
    return {"label": f"{one.label} to {other.label}", "count": other.count - one.count}, told


_METERS: Final[Mapping[str, Callable[[Any, Any], Told]]] = {
    "palette": _palette,
    "light": _light,
    "composition": _composition,
    "focus": _focus,
    "camera": _camera,
    "subject": _subject,
}


def overlaps(one: Box | None, other: Box | None) -> tuple[float | None, float | None]:
    """The area that two boxes share, of what they cover together and of the smaller one.

    None without both. A cup and the table that it fills are two answers to what a picture is about,
    and the one lies within the other: only the second share tells that nothing moved.
    """
    if one is None or other is None:
        return None, None
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared, areas = max(0.0, width) * max(0.0, height), (one[2] * one[3], other[2] * other[3])
    return round(shared / max(sum(areas) - shared, 1e-9), 3), round(
        shared / max(min(areas), 1e-9), 3
    )


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(other - one, 3)
