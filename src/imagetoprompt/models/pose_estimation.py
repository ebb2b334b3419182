"""Key points of one person by MoveNet Lightning (192 x 192), and the pose that they show."""

from dataclasses import dataclass
from math import atan2, degrees, hypot
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.measurements import Box
from imagetoprompt.images.picture import Picture, cached_per_picture
from imagetoprompt.models.runtime import litert_network

INPUT_SIDE: Final = 192
# Index of the output tensor in the packaged file: 1 x 17 x (y, x, confidence).
KEY_POINTS_TENSOR: Final = 316
# MoveNet was trained on crops that are wider than the person by about this share of the longer
# side (https://www.tensorflow.org/hub/tutorials/movenet, torso expansion).
CROP_MARGIN: Final = 0.15

KeyPoints: TypeAlias = tuple[tuple[float, float, float], ...]
"""17 points in COCO order: x, y as fractions of the picture, confidence 0 to 1."""


@cached_per_picture
def find_key_points(picture: Picture, box: Box, /) -> KeyPoints:
    """The key points of the person in the box; run once per picture and box."""
    pixels = picture.at(640)
    height, width = pixels.shape[:2]
    side = max(1.0, (1 + 2 * CROP_MARGIN) * max(box[2] * width, box[3] * height))
    left = (box[0] + box[2] / 2) * width - side / 2
    top = (box[1] + box[3] / 2) * height - side / 2
    rows = litert_network("pose estimator").run(
        _square(pixels, left, top, side), KEY_POINTS_TENSOR
    )[0][0]
    return tuple(
        (
            round(float(left + x * side) / width, 4),
            round(float(top + y * side) / height, 4),
            round(float(confidence), 4),
        )
        for y, x, confidence in rows
    )


def _square(pixels: NDArray[np.uint8], left: float, top: float, side: float) -> NDArray[np.uint8]:
    """The square of `side` pixels at left, top; black where it leaves the picture."""
    scale = INPUT_SIDE / side
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    square: NDArray[np.uint8] = cv2.warpAffine(
        pixels, matrix, (INPUT_SIDE, INPUT_SIDE), flags=cv2.INTER_LINEAR
    )
    return square


# Below this a key point is a guess; MoveNet's own demonstrations draw from 0.3.
MIN_JOINT_CONFIDENCE: Final = 0.3

NOSE, EYES, EARS, SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES = (
    (0,),
    (1, 2),
    (3, 4),
    (5, 6),
    (7, 8),
    (9, 10),
    (11, 12),
    (13, 14),
    (15, 16),
)
"""Indices in COCO's order; of two, the person's own left comes first."""

Joint = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """The pose of one person; a field that cannot be determined is empty.

    stance: a participle phrase such as "sitting". arms: "arms raised", "one arm raised" or "arms
    outstretched". facing: "left", "right", "away" or "the camera".
    """

    stance: str = ""
    arms: str = ""
    facing: str = ""


def pose_of(points: KeyPoints, size: tuple[int, int], /) -> Pose:
    """The pose that the key points show; size: width and height of the picture in pixels."""
    body = _Body(points, size)
    if not body.clear(*SHOULDERS) or body.torso <= 0:
        return Pose()
    return Pose(_stance(body), _arms(body), _facing(body))


class _Body:
    """Key points in pixels, lengths between them in lengths of the torso, angles in degrees."""

    def __init__(self, points: KeyPoints, size: tuple[int, int]) -> None:
        self._points = [(x * size[0], y * size[1]) for x, y, _ in points]
        self._confidences = [confidence for _, _, confidence in points]
        self.shoulders, self.hips = self.middle(SHOULDERS), self.middle(HIPS)
        if self.clear(*HIPS):
            self.torso = _distance(self.shoulders, self.hips)
        else:
            # Across the shoulders a body measures about four fifths of its torso.
            self.torso = 1.25 * _distance(self[5], self[6])

    def __getitem__(self, index: int) -> Joint:
        return self._points[index]

    def clear(self, *indices: int) -> bool:
        """Whether all these points have enough confidence."""
        return all(self._confidences[index] >= MIN_JOINT_CONFIDENCE for index in indices)

    def middle(self, indices: tuple[int, ...]) -> Joint:
        """The mean of these points."""
        xs, ys = zip(*(self._points[index] for index in indices), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    def above(self, joint: Joint, reference: Joint) -> float:
        """How far the joint is above the reference, in torsos; negative below it."""
        return (reference[1] - joint[1]) / self.torso

    def right_of(self, joint: Joint, reference: Joint) -> float:
        """How far the joint is right of the reference in the picture, in torsos."""
        return (joint[0] - reference[0]) / self.torso

    @property
    def tilt(self) -> float:
        """Degrees between the torso and the vertical: 0 upright, 90 level, 180 head down."""
        return _tilt_from_vertical(self.hips, self.shoulders)

    def knee(self, side: int) -> float:
        """The angle of a knee in degrees: 180 when the leg is straight."""
        return self._angle(HIPS[side], KNEES[side], ANKLES[side])

    def elbow(self, side: int) -> float:
        """The angle of an elbow in degrees: 180 when the arm is straight."""
        return self._angle(SHOULDERS[side], ELBOWS[side], WRISTS[side])

    def _angle(self, start: int, joint: int, end: int) -> float:
        turn = abs(_direction(self[joint], self[start]) - _direction(self[joint], self[end])) % 360
        return min(turn, 360 - turn)

    def leg(self, side: int) -> float:
        """The length of a leg through the knee, in torsos."""
        hip, knee, ankle = self[HIPS[side]], self[KNEES[side]], self[ANKLES[side]]
        return (_distance(hip, knee) + _distance(knee, ankle)) / self.torso


def _stance(body: _Body) -> str:
    """The first stance whose test passes, or ""; the tests are strict, so most motion has none."""
    if not body.clear(*HIPS, *KNEES):
        return ""
    ankles_seen = body.clear(*ANKLES)
    tests = (
        ("lying", _is_lying),
        ("bent over", _is_bent_over),
        ("bending sideways", _is_bending_sideways),
        ("standing on one leg", _is_on_one_leg),
        ("sitting", _is_sitting),
        ("crouching", _is_crouching),
        ("lunging", _is_lunging),
        ("running", _is_running),
        ("walking", _is_walking),
        ("standing", _is_standing),
    )
    stances = (
        stance for stance, test in tests if (ankles_seen or test is _is_lying) and test(body)
    )
    return next(stances, "")


def _is_lying(body: _Body) -> bool:
    """Shoulders, hips and knees on one level, and no foot below to stand on."""
    heights = [body.shoulders[1], body.hips[1], body.middle(KNEES)[1]]
    level = (max(heights) - min(heights)) / body.torso < 0.45
    return 65 < body.tilt < 115 and level and abs(_foot_drop(body)) < 0.5


def _is_bent_over(body: _Body) -> bool:
    """Torso below the hips, both legs straight, both hands down."""
    hands = min(body.above(body.shoulders, body[wrist]) for wrist in WRISTS)
    return body.tilt > 85 and hands > 0.2 and _min_knee_angle(body) > 130 and _foot_drop(body) > 0.6


def _is_bending_sideways(body: _Body) -> bool:
    """Legs straight and apart, the torso level, one hand up and one down."""
    hands = abs(body.above(body[WRISTS[0]], body[WRISTS[1]]))
    return (
        50 < body.tilt < 110 and hands > 1.2 and _min_knee_angle(body) > 145 and _stride(body) > 0.6
    )


def _is_on_one_leg(body: _Body) -> bool:
    """One leg is straight and upright, and the other foot is above its knee or nearly so."""
    high, low = sorted((0, 1), key=lambda side: body[ANKLES[side]][1])
    upright = _tilt_from_vertical(body[ANKLES[low]], body[HIPS[low]]) < 15
    return upright and body.knee(low) > 155 and _foot_lift(body) > 0.4 and body.clear(ANKLES[high])


def _is_lunging(body: _Body) -> bool:
    """The torso upright between a straight leg and a bent one, feet wide apart on the ground."""
    knees = sorted(body.knee(side) for side in (0, 1))
    return (
        body.tilt < 20 and knees[0] < 135 and knees[1] > 155 and _stride(body) > 0.9
    ) and _foot_lift(body) < 0.3


def _is_running(body: _Body) -> bool:
    """From the side: elbows bent, a long stride, and one shin thrown back."""
    arms_bent = body.clear(*ELBOWS, *WRISTS) and max(body.elbow(side) for side in (0, 1)) < 110
    shin = max(_tilt_from_vertical(body[ANKLES[side]], body[KNEES[side]]) for side in (0, 1))
    return (
        arms_bent and _is_side_view(body) and body.tilt < 30 and _stride(body) > 0.45 and shin > 40
    )


def _is_walking(body: _Body) -> bool:
    """From the side, upright, both feet near the ground, one before and one behind the hips."""
    return (
        _is_side_view(body)
        and body.tilt < 15
        and _is_mid_step(body)
        and _min_knee_angle(body) > 135
        and _foot_lift(body) < 0.15
    )


def _is_side_view(body: _Body) -> bool:
    """Seen from the side: one shoulder is behind the other."""
    return abs(body.right_of(body[SHOULDERS[0]], body[SHOULDERS[1]])) < 0.35


def _is_mid_step(body: _Body) -> bool:
    return 0.35 < _stride(body) < 0.85 and not _feet_on_one_side(body)


def _is_standing(body: _Body) -> bool:
    """Both legs straight, both feet on the ground, and the body above them."""
    feet = body.middle(ANKLES)
    lean = max(abs(body.right_of(feet, body.hips)), abs(body.right_of(feet, body.shoulders)))
    return (
        body.tilt < 15 and lean < 0.3 and _min_knee_angle(body) > 150 and _stride(body) < 0.6
    ) and _foot_lift(body) < 0.12


def _is_sitting(body: _Body) -> bool:
    """The hips rest on the ground where the feet are, or as high as the knees, feet in front."""
    if body.tilt > 40:
        return False
    if _foot_drop(body) < 0.35 or _is_seated_ahead(body):
        return True
    ahead = min(abs(body.right_of(body[ankle], body.hips)) for ankle in ANKLES)
    return _knees_below_hips(body) < 0.35 and ahead > 0.45 and _feet_on_one_side(body)


def _is_seated_ahead(body: _Body) -> bool:
    """On a seat, seen from the front: thighs foreshortened, shins upright, hips above the knees."""
    short = max(_thigh(body, side) for side in (0, 1)) < 0.65
    return short and _shins_upright(body) and -0.1 < _knees_below_hips(body) < 0.35


def _is_crouching(body: _Body) -> bool:
    """Both knees are bent and out or forward, and the feet are below."""
    bent = max(body.knee(side) for side in (0, 1)) < 130
    long = min(_thigh(body, side) for side in (0, 1)) > 0.68
    return (
        body.tilt < 40
        and bent
        and long
        and _shins_upright(body)
        and 0.35 <= _foot_drop(body) < 0.85
    )


def _thigh(body: _Body, side: int) -> float:
    """The projected length of a thigh, in lengths of its shin."""
    hip, knee, ankle = body[HIPS[side]], body[KNEES[side]], body[ANKLES[side]]
    return _distance(hip, knee) / max(_distance(knee, ankle), 1e-6)


def _shins_upright(body: _Body) -> bool:
    return max(_tilt_from_vertical(body[ANKLES[side]], body[KNEES[side]]) for side in (0, 1)) < 40


def _feet_on_one_side(body: _Body) -> bool:
    sides = [body.right_of(body[ankle], body.hips) for ankle in ANKLES]
    return sides[0] * sides[1] > 0


def _knees_below_hips(body: _Body) -> float:
    return max(body.above(body.hips, body[knee]) for knee in KNEES)


def _foot_drop(body: _Body) -> float:
    """How far the lower foot is below the hips, in lengths of the longer leg."""
    return max(body.above(body.hips, body[ankle]) for ankle in ANKLES) / _leg_length(body)


def _min_knee_angle(body: _Body) -> float:
    """The angle in degrees of the knee that is bent more."""
    return min(body.knee(side) for side in (0, 1))


def _stride(body: _Body) -> float:
    """The horizontal distance of the feet, in lengths of the longer leg."""
    return abs(body.right_of(body[ANKLES[0]], body[ANKLES[1]])) / _leg_length(body)


def _foot_lift(body: _Body) -> float:
    """The vertical distance of the feet, in lengths of the longer leg."""
    return abs(body.above(body[ANKLES[0]], body[ANKLES[1]])) / _leg_length(body)


def _leg_length(body: _Body) -> float:
    return max(body.leg(0), body.leg(1), 1e-6)


def _arms(body: _Body) -> str:
    if not body.clear(*SHOULDERS, *ELBOWS, *WRISTS):
        return ""
    raised = [
        body.above(body[WRISTS[side]], body[SHOULDERS[side]]) > 0.6
        and body.above(body[ELBOWS[side]], body[SHOULDERS[side]]) > 0.1
        for side in (0, 1)
    ]
    if all(raised):
        return "arms raised"
    if any(raised):
        return "one arm raised"
    level = max(abs(body.above(body[WRISTS[side]], body[SHOULDERS[side]])) for side in (0, 1))
    apart = abs(body.right_of(body[WRISTS[0]], body[WRISTS[1]]))
    return "arms outstretched" if level < 0.35 and apart > 2.0 else ""


def _facing(body: _Body) -> str:
    """Where the person looks: by the face first, then by the shoulders, since heads turn."""
    across = body.right_of(body[SHOULDERS[0]], body[SHOULDERS[1]])
    face = body.clear(*NOSE, *EYES)
    ears = sorted(body.right_of(body[ear], body[NOSE[0]]) for ear in EARS)
    if face and ears[0] < -0.08 and ears[1] > 0.08 and across > 0.35:
        return "the camera"
    if face and ears[0] > 0.1 and across < 0.5:
        return "left"
    if face and ears[1] < -0.1 and across < 0.5:
        return "right"
    return "away" if across < -0.4 and not body.clear(*NOSE) else ""


def _distance(start: Joint, end: Joint) -> float:
    return hypot(start[0] - end[0], start[1] - end[1])


def _direction(start: Joint, end: Joint) -> float:
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _tilt_from_vertical(low: Joint, high: Joint) -> float:
    """Degrees between the direction from low to high and straight up."""
    return abs(degrees(atan2(high[0] - low[0], low[1] - high[1])))
