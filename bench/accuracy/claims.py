"""claims(facet, where, seen) -> Claim*: whether the words of each fact that was measured are right.

The words are judged clause by clause against the truth of rendered and drawn pictures; one wrong
clause makes the fact wrong. A fact of which nothing can be judged is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.palette import gap
from bench.accuracy.scores import Claim, turned

Truth = Mapping[str, Any]
Judge = Callable[[Sequence[str], DescribedPicture], Iterator[bool | None]]

MAX_AZIMUTH_ERROR: Final = 45.0
"""Degrees that a worded direction of light may be off: its confidence is that of being so near."""

MAX_MOTION_ANGLE_ERROR: Final = 25.0
"""Degrees that a worded direction of motion may be off: what is called horizontal is that wide."""

MIN_DUTCH_ROLL: Final = 5.0
"""Degrees of true roll from which "Dutch angle" is right: it is said from 7, and 2 are allowed."""

MAX_PALETTE_ERROR: Final = 4.0
"""CIEDE2000 up to which the named palette is that of the picture; the goal of the facet."""

ANGLE_WORDS: Final = {
    "overhead view": "overhead",
    "high angle view": "high",
    "eye-level view": "eye level",
    "low angle": "low",
    "worm's-eye view": "worm's eye",
}
PLACEMENT_WORDS: Final = {
    "centered subject": "center",
    "subject on the left third": "left",
    "subject on the right third": "right",
}
LAYOUT_WORDS: Final = {"diagonal composition": "diagonal", "leading lines": "leading lines"}
"""Layouts whose truth is known of drawn pictures alone."""


def claims(facet: str, where: str, seen: Sequence[DescribedPicture]) -> Iterator[Claim]:
    """One for each fact of the facet that can be judged, said or not."""
    for picture in seen:
        for fact in picture.facts(facet):
            found = [right for right in judged(facet, fact["value"], picture) if right is not None]
            if found:
                yield Claim(facet, where, fact["confidence"], all(found), fact["said"])


def judged(facet: str, value: str, seen: DescribedPicture) -> Iterator[bool | None]:
    """Whether each thing that the words say is right; None where the truth is not known."""
    if value:
        yield from JUDGES[facet](value.split(", "), seen)


def _light(clauses: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    """Hardness, warmth, front and back, and direction; not key and shadows."""
    truth, words = seen.truth["light"], set(" ".join(clauses).split())
    if "hard" in words:
        yield bool(truth["hardness"] == "hard")
    if words & {"soft", "diffuse"}:
        yield bool(truth["hardness"] == "soft")
    for word in words & {"warm", "cool"}:
        yield None if truth["temperature"] is None else word == truth["temperature"]
    for word, facing in (("backlight", "back"), ("frontal", "front")):
        if word in words:
            yield bool(truth["facing"] == facing)
    if words & {"from", "overhead", "underlighting"}:
        yield _direction(truth, seen)


def _direction(truth: Truth, seen: DescribedPicture) -> bool | None:
    """Within a sector of the true one; wrong under an even sky, unknown straight from the front."""
    if truth["azimuth"] is None:
        return False if truth["frontal"] is None else None
    measured = (seen.measured("light") or {}).get("azimuth")
    return measured is not None and turned(truth["azimuth"], measured) <= MAX_AZIMUTH_ERROR


def _focus(clauses: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    """Motion and its direction; depth of field of pictures at rest."""
    truth = seen.truth["focus"]
    for clause in clauses:
        if clause.endswith("motion blur"):
            angle = (seen.measured("focus") or {}).get("motion_angle")
            moved = truth["motion_angle"]
            yield (
                None not in (angle, moved)
                and turned(moved, angle or 0.0, 180) <= MAX_MOTION_ANGLE_ERROR
            )
        named = {"shallow depth of field": "shallow", "deep focus": "deep"}.get(clause)
        if named and truth["motion_angle"] is None and "depth_of_field" in truth:
            field = truth["depth_of_field"]
            yield None if field is None else field == named


def _camera(clauses: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    truth = seen.truth["camera"]
    for clause in clauses:
        if clause in ANGLE_WORDS and (angle := truth.get("angle")) is not None:
            yield angle == ANGLE_WORDS[clause]
        if clause == "Dutch angle" and (roll := truth.get("roll")) is not None:
            yield abs(roll) >= MIN_DUTCH_ROLL


def _composition(clauses: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    """Place of the subject and symmetry; diagonals and leading lines where they are drawn."""
    truth = seen.truth["composition"]
    for clause in clauses:
        if clause in PLACEMENT_WORDS and (place := truth.get("placement")) is not None:
            yield place == PLACEMENT_WORDS[clause]
        if clause == "symmetrical composition":
            yield truth.get("symmetric")
        if clause in LAYOUT_WORDS and (layout := seen.truth.get("layout")) is not None:
            yield layout == LAYOUT_WORDS[clause]


def _palette(_: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    """Not the words, but the swatches from which they are made."""
    error = gap(seen)
    yield None if error is None else error <= MAX_PALETTE_ERROR


def _text(clauses: Sequence[str], seen: DescribedPicture) -> Iterator[bool | None]:
    """Every word of the line stands in the picture."""
    written = seen.truth.get("text", {}).get("words", ())
    yield all(word in written for word in ", ".join(clauses).split())


JUDGES: Final[Mapping[str, Judge]] = {
    "light": _light,
    "focus": _focus,
    "camera": _camera,
    "composition": _composition,
    "palette": _palette,
    "text": _text,
}
