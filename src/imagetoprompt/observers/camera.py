"""`camera`: angle and roll of the camera, measured in the pixels; lens and exposure from EXIF."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Final

from imagetoprompt.analysis.camera_angle import Viewpoint, viewpoint
from imagetoprompt.analysis.horizon import horizon
from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.core.measurements import Camera
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import ScoredClause, clause_thresholds, unsure_clauses
from imagetoprompt.images.picture import Picture

FACETS: Final = ("camera",)

# The range of real lenses and shutters; a tag outside it is wrong and ignored.
FOCAL_LENGTH_RANGE: Final = (4.0, 2000.0)
APERTURE_RANGE: Final = (0.7, 64.0)
SHUTTER_RANGE: Final = (1e-5, 3600.0)
ISO_RANGE: Final = (1.0, 4_000_000.0)

ANGLE_WORDS: Final = {
    "overhead": "overhead view",
    "high": "high angle view",
    "eye level": "eye-level view",
    "low": "low angle",
    "worm's eye": "worm's-eye view",
}
# A smaller roll, in degrees, comes from an unsteady hand and is not intended.
MIN_DUTCH_ROLL: Final = 7.0
# EXIF is nearly always right about the lens.
EXIF_CONFIDENCE: Final = 0.97
# Confidence of the horizon from which an eye-level view is worth mentioning.
MIN_VISIBLE_HORIZON: Final = 0.7


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield the measurement with the sure clauses, if any, as its value; then unsure clauses."""
    view = viewpoint(picture)
    exif = picture.metadata.exif
    camera = Camera(
        angle=view.angle,
        roll=view.roll,
        focal_length=focal_length(exif),
        aperture=_in_range(exif, "FNumber", APERTURE_RANGE),
        shutter=_in_range(exif, "ExposureTime", SHUTTER_RANGE),
        iso=_iso(exif),
    )
    clauses = list(_view_clauses(view, eye_level_matters=_eye_level_matters(picture)))
    lens = _lens(camera)
    sure = [clause for clause in clauses if clause.is_sure]
    sure += [ScoredClause(lens, EXIF_CONFIDENCE)] if lens else []
    words = ", ".join(clause.words for clause in sure)
    confidence = min((clause.confidence for clause in sure), default=view.angle_confidence)
    source = "exif" if lens and len(sure) == 1 else "pixels"
    yield Observation("camera", words, round(confidence, 4), source, camera)
    yield from unsure_clauses("camera", clauses)


def focal_length(exif: Mapping[str, Any]) -> float | None:
    """The 35 mm equivalent focal length in millimeters; None when the file does not have it."""
    return _in_range(exif, "FocalLengthIn35mmFilm", FOCAL_LENGTH_RANGE)


def _eye_level_matters(picture: Picture) -> bool:
    """Whether there is a person to look in the eye, or a horizon that shows the eye level."""
    line, main = horizon(picture), main_subject(picture)
    visible = line is not None and line.confidence >= MIN_VISIBLE_HORIZON
    return visible or (main is not None and main.is_person)


def _view_clauses(view: Viewpoint, *, eye_level_matters: bool) -> Iterator[ScoredClause]:
    """The clauses for angle and roll, sure or not."""
    needed = clause_thresholds("camera")
    if view.angle is not None and (view.angle != "eye level" or eye_level_matters):
        words = ANGLE_WORDS[view.angle]
        yield ScoredClause(words, view.angle_confidence, needed[view.angle])
    if view.roll is not None and abs(view.roll) >= MIN_DUTCH_ROLL:
        yield ScoredClause("Dutch angle", view.roll_confidence, needed["roll"])


def _lens(camera: Camera) -> str:
    """Focal length and aperture in words; "" when neither is known."""
    aperture = "" if camera.aperture is None else f"f/{camera.aperture:.3g}"
    if camera.focal_length is None:
        return f"shot at {aperture}" if aperture else ""
    lens = f"{camera.focal_length:.0f}mm lens"
    return f"{lens} at {aperture}" if aperture else lens


def _iso(exif: Mapping[str, Any]) -> int | None:
    iso = _in_range(exif, "ISOSpeedRatings", ISO_RANGE)
    return None if iso is None else round(iso)


def _in_range(exif: Mapping[str, Any], name: str, limits: tuple[float, float]) -> float | None:
    """The tag as a number; None when it is absent, not a number, or outside the limits."""
    value = exif.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value) if limits[0] <= value <= limits[1] else None
