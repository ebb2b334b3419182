"""Explain a fact in sentences: its sources, confidence, threshold and measurement."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from imagetoprompt.core.measurements import (
    Action,
    Box,
    Camera,
    Composition,
    Focus,
    Light,
    Palette,
    Scores,
    Subject,
    Text,
)
from imagetoprompt.core.scene import Fact
from imagetoprompt.lexicon import table

SOURCES: Final = {
    "user": "given by you",
    "pixels": "measured in the pixels",
    "ocr": "read by the text recognizer",
    "keypoints": "derived from the key points of the pose estimator",
    "exif": "written by the camera (EXIF)",
    "detector": "found by the object detector",
    "classifier": "named by the classifier",
    "head": "named by a linear probe on the classifier's features",
    "facts": "inferred from the other facts",
    "file's prompt": "taken from the prompt embedded in the file",
    "vlm": "named by a vision-language model",
}

# Eight directions in the picture plane, clockwise from straight above, 45 degrees each.
DIRECTIONS: Final = (
    "above",
    "the upper right",
    "the right",
    "the lower right",
    "below",
    "the lower left",
    "the left",
    "the upper left",
)


def explain(fact: Fact) -> tuple[str, ...]:
    """Sentences: the sources, what was measured, and why the fact is left out if it is."""
    return tuple(_sentences(fact))


def _sentences(fact: Fact) -> Iterator[str]:
    if fact.value:
        sources = " and ".join(SOURCES.get(source, source) for source in fact.sources)
        threshold = table("facets")[fact.facet]["threshold"]
        # An unsaid clause has no measurement, and a threshold of its own, which its reason names.
        is_clause = fact.measurement is None and bool({"pixels", "head"} & set(fact.sources))
        is_unsure = is_clause and not fact.said and fact.confidence >= threshold
        needed = "" if is_unsure else f" ({threshold:.2f} needed)"
        yield f"{_capital(sources or 'no source')}; confidence {fact.confidence:.2f}{needed}."
    if fact.measurement is not None:
        numbers = "; ".join(_NUMBERS[type(fact.measurement)](fact.measurement))
        if numbers:
            yield f"{_capital(numbers)}."
    if fact.reason:
        yield fact.reason


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def direction(azimuth: float) -> str:
    """The direction in words; degrees clockwise, 0 is above and 90 the right."""
    return DIRECTIONS[round(azimuth / 45) % len(DIRECTIONS)]


def _light(light: Light) -> Iterator[str]:
    if light.azimuth is None:
        yield "direction of the light unknown"
    else:
        yield f"light from {direction(light.azimuth)} ({light.azimuth:.0f}°)"
    yield f"frontal {light.frontal:+.2f} (1 from the camera, -1 from behind the subject)"
    yield f"hardness {light.hardness:.2f} (0 overcast sky, 1 direct sun)"
    yield f"contrast {light.contrast:.2f}, {light.key} key"
    yield f"color temperature about {light.kelvin:.0f} K"


def _palette(palette: Palette) -> Iterator[str]:
    yield f"number of swatches: {len(palette.swatches)}; color scheme: {palette.scheme}"
    yield f"temperature {palette.temperature:+.2f} (-1 cool, 1 warm)"
    yield f"saturation {palette.saturation:.2f}"


def _focus(focus: Focus) -> Iterator[str]:
    yield f"{focus.depth_of_field} depth of field, {focus.sharp:.0%} of the area sharp"
    if focus.subject_sharp is not None:
        yield f"the subject is {'sharp' if focus.subject_sharp else 'not sharp'}"
    if focus.motion_angle is not None:
        yield f"motion blur {focus.motion:.2f} at {focus.motion_angle:.0f}°"


def _composition(composition: Composition) -> Iterator[str]:
    yield ", ".join(name for name in (composition.shot, *composition.layout) if name)
    if composition.subject_box is not None:
        yield f"subject {_place(composition.subject_box)}"
    if composition.horizon is not None:
        yield f"horizon {composition.horizon:.0%} from the top"
    yield f"symmetry {composition.symmetry:.2f}"


def _place(box: Box) -> str:
    """The center of the box and its size in words."""
    x, y, width, height = box
    center = f"{x + width / 2:.0%} from the left and {y + height / 2:.0%} from the top"
    return f"centered {center}, {width:.0%} wide and {height:.0%} high"


def _camera(camera: Camera) -> Iterator[str]:
    if camera.angle is not None:
        yield f"camera angle {camera.angle}"
    if camera.roll is not None:
        yield f"roll {camera.roll:+.1f}°"
    if camera.focal_length is not None:
        yield f"{camera.focal_length:.0f} mm (35 mm equivalent)"
    if camera.aperture is not None:
        yield f"f/{camera.aperture:g}"
    if camera.shutter is not None:
        yield f"1/{1 / camera.shutter:.0f} s" if 0 < camera.shutter < 1 else f"{camera.shutter:g} s"
    if camera.iso is not None:
        yield f"ISO {camera.iso}"


def _subject(subject: Subject) -> Iterator[str]:
    yield f"{subject.label}, count {subject.count}"
    yield from (_place(box) for box in subject.boxes[:3])


# The pose rules use key points from this confidence on.
MIN_JOINT_CONFIDENCE: Final = 0.3


def _action(action: Action) -> Iterator[str]:
    for number, points in enumerate(action.keypoints, start=1):
        detected = sum(confidence >= MIN_JOINT_CONFIDENCE for _, _, confidence in points)
        yield f"person {number}: {detected} of {len(points)} key points detected"


def _text(text: Text) -> Iterator[str]:
    yield f"text {_place(text.box)}"


def _scores(scores: Scores) -> Iterator[str]:
    likeliest = sorted(scores.scores.items(), key=lambda item: (-item[1], item[0]))[:4]
    if likeliest:
        yield "candidates: " + ", ".join(
            f"{name} {probability:.2f}" for name, probability in likeliest
        )


_NUMBERS: Final[dict[type, Callable[[Any], Iterator[str]]]] = {
    Light: _light,
    Palette: _palette,
    Focus: _focus,
    Composition: _composition,
    Camera: _camera,
    Subject: _subject,
    Action: _action,
    Text: _text,
    Scores: _scores,
}
