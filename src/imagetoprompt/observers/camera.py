"""The camera: from where it looks, whether it is tilted, and what the file says of the lens.

Angle and roll come from the horizon and from upright lines, the rest from EXIF. It does not know
the lens of a file that does not tell it.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Final

from imagetoprompt.analysis.camera_angle import Viewpoint, viewpoint
from imagetoprompt.analysis.horizon import horizon
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Camera
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture

FACETS: Final = ("camera",)

# What lenses and shutters can do: outside, the tag is a mistake of the writer.
FOCAL_LENGTH_RANGE: Final = (4.0, 2000.0)
APERTURES: Final = (0.7, 64.0)
SHUTTERS: Final = (1e-5, 3600.0)
SPEEDS: Final = (1.0, 4_000_000.0)

WORDS: Final = {
    "overhead": "overhead view",
    "high": "high angle view",
    "eye level": "eye-level view",
    "low": "low angle",
    "worm's eye": "worm's-eye view",
}
# Degrees from which a tilt is seen as meant; below, it is a careless hand.
DUTCH_ANGLE: Final = 7.0
# Confidence from which an aspect is worded; the plain view of most pictures needs more, and so do
# the two that are rare.
MIN_CLAUSE_CONFIDENCE: Final = 0.75
MIN_PLAIN_VIEW_CONFIDENCE: Final = 0.9
# What a file says of its lens is nearly always true.
EXIF_CONFIDENCE: Final = 0.97
# Confidence from which a horizon makes an eye-level view worth a word.
MIN_HORIZON_CONFIDENCE: Final = 0.7


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim on the camera; its words are empty when nothing is certain."""
    seen = viewpoint(picture)
    exif = picture.metadata.exif
    camera = Camera(
        angle=seen.angle,
        roll=seen.roll,
        focal_length=focal_length(exif),
        aperture=_bounded(exif, "FNumber", APERTURES),
        shutter=_bounded(exif, "ExposureTime", SHUTTERS),
        iso=_speed(exif),
    )
    lens = _lens(camera)
    clauses = [
        *_seen(seen, told=_level_told(picture)),
        *([(EXIF_CONFIDENCE, lens)] if lens else []),
    ]
    words = ", ".join(text for _, text in clauses)
    confidence = min((sure for sure, _ in clauses), default=seen.angle_confidence)
    source = "exif" if lens and len(clauses) == 1 else "pixels"
    yield Observation("camera", words, round(confidence, 4), source, camera)


def focal_length(exif: Mapping[str, Any]) -> float | None:
    """Millimeters for a 35 mm frame; None when the file does not tell."""
    return _bounded(exif, "FocalLengthIn35mmFilm", FOCAL_LENGTH_RANGE)


def _level_told(picture: Picture) -> bool:
    """Whether someone is looked in the eye, or a level line shows where eyes are."""
    line, main = horizon(picture), main_subject(picture)
    return (line is not None and line.confidence >= MIN_HORIZON_CONFIDENCE) or (
        main is not None and main.person
    )


def _seen(view: Viewpoint, *, told: bool) -> Iterator[tuple[float, str]]:
    """The angle and the tilt that are sure; the plain view only where it tells something."""
    needed = MIN_CLAUSE_CONFIDENCE if view.angle in ("high", "low") else MIN_PLAIN_VIEW_CONFIDENCE
    dull = view.angle == "eye level" and not told
    if view.angle is not None and view.angle_confidence >= needed and not dull:
        yield view.angle_confidence, WORDS[view.angle]
    if (
        view.roll is not None
        and abs(view.roll) >= DUTCH_ANGLE
        and view.roll_confidence >= MIN_CLAUSE_CONFIDENCE
    ):
        yield view.roll_confidence, "Dutch angle"


def _lens(camera: Camera) -> str:
    aperture = "" if camera.aperture is None else f"f/{camera.aperture:.3g}"
    if camera.focal_length is None:
        return f"shot at {aperture}" if aperture else ""
    lens = f"{camera.focal_length:.0f}mm lens"
    return f"{lens} at {aperture}" if aperture else lens


def _speed(exif: Mapping[str, Any]) -> int | None:
    speed = _bounded(exif, "ISOSpeedRatings", SPEEDS)
    return None if speed is None else round(speed)


def _bounded(exif: Mapping[str, Any], name: str, limits: tuple[float, float]) -> float | None:
    """The tag as a number, None when it is absent, not a number, or beyond the limits."""
    value = exif.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value) if limits[0] <= value <= limits[1] else None
