"""Scores of `focus` and `camera`: depth of field, motion blur, angle, roll."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import Seen
from bench.accuracy.scores import Goal, Score, f1, middle, share, turned

TILTED: Final = 1.0
"""Degrees of roll beyond which a picture is tilted: half of the scenes are level, and easy."""


def focus(seen: Sequence[Seen]) -> Iterator[Score]:
    """Depth of field of scenes at rest; motion blur of shaken scenes beside the same at rest."""
    still = [each for each in seen if each.truth["kind"] == "scene"]
    asked = [each for each in still if each.truth["focus"]["depth_of_field"] is not None]
    pairs = [
        (each.truth["focus"]["depth_of_field"], _focus(each, "depth_of_field")) for each in asked
    ]
    yield share("focus", "shallow, medium or deep", [a == b for a, b in pairs], Goal(80))
    ends = {"shallow", "deep"}
    extremes = [a == b for a, b in pairs if a in ends and b in ends]
    yield share("focus", "shallow from deep, where either is told", extremes, Goal(95))
    told = [b in ends for a, b in pairs if a in ends]
    yield share("focus", "shallow or deep told, where either is true", told)
    sharp = [
        _focus(each, "subject_sharp") == each.truth["focus"]["subject_sharp"]
        for each in still
        if each.truth["focus"]["subject_sharp"] is not None
        and _focus(each, "subject_sharp") is not None
    ]
    yield share("focus", "subject sharp or not, where told", sharp)
    shaken = {each.truth["seed"] for each in seen if each.truth["kind"] == "shaken"}
    yield from motion([each for each in seen if each.truth["seed"] in shaken], "rendered")
    alarms = [_focus(each, "motion_angle") is not None for each in still]
    yield share("focus", "motion blur told where nothing moves, rendered", alarms)


def motion(seen: Sequence[Seen], where: str) -> Iterator[Score]:
    """Motion is told when an angle is; `seen` has each picture moving and at rest."""
    moving = [each.truth["focus"]["motion_angle"] is not None for each in seen]
    told = [_focus(each, "motion_angle") is not None for each in seen]
    found = f1(moving, told)
    yield Score("focus", f"motion blur: F1, {where}", found, len(seen), "", Goal(0.9))
    errors = [
        turned(each.truth["focus"]["motion_angle"], _focus(each, "motion_angle"), 180)
        for each, moved, heard in zip(seen, moving, told, strict=True)
        if moved and heard
    ]
    name = f"motion blur: median error of the angle, {where}"
    yield middle("focus", name, errors, "°", Goal(12, most=True))


def angle(seen: Sequence[Seen]) -> Iterator[Score]:
    """Camera angle of scenes with a ground, told or not."""
    asked = [each for each in seen if each.truth["camera"]["angle"] is not None]
    told = [each for each in asked if _camera(each, "angle") is not None]
    right = [_camera(each, "angle") == each.truth["camera"]["angle"] for each in told]
    yield share("camera", "angle, of five, where told", right, Goal(75))
    yield share("camera", "angle: share told", [each in told for each in asked])


def roll(seen: Sequence[Seen], where: str) -> Iterator[Score]:
    """Roll where there is a level line."""
    asked = [each for each in seen if each.truth["camera"]["roll"] is not None]
    told = [each for each in asked if _camera(each, "roll") is not None]
    errors = [abs(_camera(each, "roll") - each.truth["camera"]["roll"]) for each in told]
    goal = Goal(2, most=True)
    yield middle("camera", f"roll: median error where told, {where}", errors, "°", goal)
    tilted = [
        error
        for each, error in zip(told, errors, strict=True)
        if abs(each.truth["camera"]["roll"]) > TILTED
    ]
    yield middle("camera", f"roll: the same of tilted pictures, {where}", tilted, "°", goal)
    yield share("camera", f"roll: share told, {where}", [each in told for each in asked])


def _focus(seen: Seen, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("focus")
    return None if measured is None else measured.get(name)


def _camera(seen: Seen, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("camera")
    return None if measured is None else measured.get(name)
