"""Scores of `focus` and `camera`: depth of field, motion blur, angle, roll."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.scores import Goal, Score, f1, middle, share, turned

MIN_TILT: Final = 1.0
"""Degrees of roll beyond which a picture is tilted: half of the scenes are level, and easy."""


def focus(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    """Depth of field of scenes at rest; motion blur of shaken scenes beside the same at rest."""
    still = [picture for picture in seen if picture.truth["kind"] == "scene"]
    asked = [picture for picture in still if picture.truth["focus"]["depth_of_field"] is not None]
    pairs = [
        (picture.truth["focus"]["depth_of_field"], _focus(picture, "depth_of_field"))
        for picture in asked
    ]
    yield share("focus", "shallow, medium or deep", [a == b for a, b in pairs], Goal(80))
    ends = {"shallow", "deep"}
    extremes = [a == b for a, b in pairs if a in ends and b in ends]
    yield share("focus", "shallow from deep, where either is told", extremes, Goal(95))
    answered = [b in ends for a, b in pairs if a in ends]
    yield share("focus", "shallow or deep told, where either is true", answered)
    sharp = [
        _focus(picture, "subject_sharp") == picture.truth["focus"]["subject_sharp"]
        for picture in still
        if picture.truth["focus"]["subject_sharp"] is not None
        and _focus(picture, "subject_sharp") is not None
    ]
    yield share("focus", "subject sharp or not, where told", sharp)
    shaken = {picture.truth["seed"] for picture in seen if picture.truth["kind"] == "shaken"}
    yield from motion([picture for picture in seen if picture.truth["seed"] in shaken], "rendered")
    alarms = [_focus(picture, "motion_angle") is not None for picture in still]
    yield share("focus", "motion blur told where nothing moves, rendered", alarms)


def motion(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """Motion is told when an angle is; `seen` has each picture moving and at rest."""
    moving = [picture.truth["focus"]["motion_angle"] is not None for picture in seen]
    answered = [_focus(picture, "motion_angle") is not None for picture in seen]
    score = f1(moving, answered)
    yield Score("focus", f"motion blur: F1, {where}", score, len(seen), "", Goal(0.9))
    errors = [
        turned(picture.truth["focus"]["motion_angle"], _focus(picture, "motion_angle"), 180)
        for picture, moved, answer in zip(seen, moving, answered, strict=True)
        if moved and answer
    ]
    name = f"motion blur: median error of the angle, {where}"
    yield middle("focus", name, errors, "°", Goal(12, most=True))


def angle(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    """Camera angle of scenes with a ground, told or not."""
    asked = [picture for picture in seen if picture.truth["camera"]["angle"] is not None]
    answered = [picture for picture in asked if _camera(picture, "angle") is not None]
    right = [_camera(picture, "angle") == picture.truth["camera"]["angle"] for picture in answered]
    yield share("camera", "angle, of five, where told", right, Goal(75))
    yield share("camera", "angle: share told", [picture in answered for picture in asked])


def roll(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """Roll where there is a level line."""
    asked = [picture for picture in seen if picture.truth["camera"]["roll"] is not None]
    answered = [picture for picture in asked if _camera(picture, "roll") is not None]
    errors = [
        abs(_camera(picture, "roll") - picture.truth["camera"]["roll"]) for picture in answered
    ]
    goal = Goal(2, most=True)
    yield middle("camera", f"roll: median error where told, {where}", errors, "°", goal)
    tilted = [
        error
        for picture, error in zip(answered, errors, strict=True)
        if abs(picture.truth["camera"]["roll"]) > MIN_TILT
    ]
    yield middle("camera", f"roll: the same of tilted pictures, {where}", tilted, "°", goal)
    yield share("camera", f"roll: share told, {where}", [picture in answered for picture in asked])


def _focus(seen: DescribedPicture, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("focus")
    return None if measured is None else measured.get(name)


def _camera(seen: DescribedPicture, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("camera")
    return None if measured is None else measured.get(name)
