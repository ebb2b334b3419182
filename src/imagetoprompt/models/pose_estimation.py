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
KEY_POINT_COUNT: Final = 316  # The output tensor of the packaged file: 1 x 17 x (y, x, confidence).
# MoveNet was trained on crops that are wider than the person by about this share of the longer
# side (https://www.tensorflow.org/hub/tutorials/movenet, torso expansion).
MARGIN: Final = 0.15

KeyPoints: TypeAlias = tuple[tuple[float, float, float], ...]
"""17 points in COCO order: x, y as fractions of the picture, confidence 0 to 1."""


@cached_per_picture
def find_key_points(picture: Picture, box: Box, /) -> KeyPoints:
    """The key points of the person in the box; run once for each box."""
    pixels = picture.at(640)
    height, width = pixels.shape[:2]
    side = max(1.0, (1 + 2 * MARGIN) * max(box[2] * width, box[3] * height))
    left = (box[0] + box[2] / 2) * width - side / 2
    top = (box[1] + box[3] / 2) * height - side / 2
    rows = litert_network("skeleton").run(_square(pixels, left, top, side), KEY_POINT_COUNT)[0][0]
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


# A key point of less confidence is a guess (MoveNet's own demonstrations draw from 0.3).
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
"""Places in COCO's order; of two, the person's own left comes first."""

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
    """The posture of the key points of a picture of this width and height."""
    body = _Body(points, size)
    if not body.clear(*SHOULDERS) or body.torso <= 0:
        return Pose()
    return Pose(_stance(body), _arms(body), _facing(body))


class _Body:
    """Key points in square units, and the lengths and angles between them."""

    def __init__(self, points: KeyPoints, size: tuple[int, int]) -> None:
        self._points = [(x * size[0], y * size[1]) for x, y, _ in points]
        self._sure = [confidence for _, _, confidence in points]
        self.shoulders, self.hips = self.middle(SHOULDERS), self.middle(HIPS)
        if self.clear(*HIPS):
            self.torso = _distance(self.shoulders, self.hips)
        else:
            # Across the shoulders a body measures about four fifths of its torso.
            self.torso = 1.25 * _distance(self[5], self[6])

    def __getitem__(self, place: int) -> Joint:
        return self._points[place]

    def clear(self, *places: int) -> bool:
        """Whether the network is sure of all these points."""
        return all(self._sure[place] >= MIN_JOINT_CONFIDENCE for place in places)

    def middle(self, places: tuple[int, ...]) -> Joint:
        """The point midway."""
        xs, ys = zip(*(self._points[place] for place in places), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    def above(self, one: Joint, other: Joint) -> float:
        """By how many torsos the one is above the other; below is negative."""
        return (other[1] - one[1]) / self.torso

    def beside(self, one: Joint, other: Joint) -> float:
        """By how many torsos the one is to the right of the other in the picture."""
        return (one[0] - other[0]) / self.torso

    @property
    def tilt(self) -> float:
        """Of the torso: 0 upright, 90 level, 180 head down."""
        return _slant(self.hips, self.shoulders)

    def bend(self, side: int) -> float:
        """The angle of a knee: 180 when the leg is straight."""
        return self._angle(HIPS[side], KNEES[side], ANKLES[side])

    def elbow(self, side: int) -> float:
        """The angle of an elbow: 180 when the arm is straight."""
        return self._angle(SHOULDERS[side], ELBOWS[side], WRISTS[side])

    def _angle(self, one: int, joint: int, other: int) -> float:
        turn = abs(_direction(self[joint], self[one]) - _direction(self[joint], self[other])) % 360
        return min(turn, 360 - turn)

    def leg(self, side: int) -> float:
        """The length of a leg, through the knee."""
        hip, knee, ankle = self[HIPS[side]], self[KNEES[side]], self[ANKLES[side]]
        return (_distance(hip, knee) + _distance(knee, ankle)) / self.torso


def _stance(body: _Body) -> str:
    """The first stance whose test is passed; the tests are strict, so most motion has none."""
    if not body.clear(*HIPS, *KNEES):
        return ""
    whole = body.clear(*ANKLES)
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
    stances = (stance for stance, test in tests if (whole or test is _is_lying) and test(body))
    return next(stances, "")


def _is_lying(body: _Body) -> bool:
    """Everything on one level, and no foot below to stand on."""
    heights = [body.shoulders[1], body.hips[1], body.middle(KNEES)[1]]
    level = (max(heights) - min(heights)) / body.torso < 0.45
    return 65 < body.tilt < 115 and level and abs(_drop(body)) < 0.5


def _is_bent_over(body: _Body) -> bool:
    """Hips on top, both legs straight, both hands down."""
    hands = min(body.above(body.shoulders, body[wrist]) for wrist in WRISTS)
    return body.tilt > 85 and hands > 0.2 and _straight(body) > 130 and _drop(body) > 0.6


def _is_bending_sideways(body: _Body) -> bool:
    """Legs straight and apart, the torso level, one hand up and one down."""
    hands = abs(body.above(body[WRISTS[0]], body[WRISTS[1]]))
    return 50 < body.tilt < 110 and hands > 1.2 and _straight(body) > 145 and _stride(body) > 0.6


def _is_on_one_leg(body: _Body) -> bool:
    """One leg is straight and upright, and the other foot is above its knee or nearly so."""
    high, low = sorted((0, 1), key=lambda side: body[ANKLES[side]][1])
    upright = _slant(body[ANKLES[low]], body[HIPS[low]]) < 15
    return upright and body.bend(low) > 155 and _lift(body) > 0.4 and body.clear(ANKLES[high])


def _is_lunging(body: _Body) -> bool:
    """The torso upright between a straight leg and a bent one, feet wide apart on the ground."""
    bends = sorted(body.bend(side) for side in (0, 1))
    return (body.tilt < 20 and bends[0] < 135 and bends[1] > 155 and _stride(body) > 0.9) and _lift(
        body
    ) < 0.3


def _is_running(body: _Body) -> bool:
    """From the side: elbows bent, a long stride, and one shin thrown back."""
    arms = body.clear(*ELBOWS, *WRISTS) and max(body.elbow(side) for side in (0, 1)) < 110
    shin = max(_slant(body[ANKLES[side]], body[KNEES[side]]) for side in (0, 1))
    return arms and _is_narrow(body) and body.tilt < 30 and _stride(body) > 0.45 and shin > 40


def _is_walking(body: _Body) -> bool:
    """From the side, upright, both feet near the ground, one before and one behind the hips."""
    return (
        _is_narrow(body)
        and body.tilt < 15
        and _steps(body)
        and _straight(body) > 135
        and _lift(body) < 0.15
    )


def _is_narrow(body: _Body) -> bool:
    """Seen from the side, one shoulder is behind the other."""
    return abs(body.beside(body[SHOULDERS[0]], body[SHOULDERS[1]])) < 0.35


def _steps(body: _Body) -> bool:
    return 0.35 < _stride(body) < 0.85 and not _same_side(body)


def _is_standing(body: _Body) -> bool:
    """Both legs straight, both feet on the ground, and the body above them."""
    feet = body.middle(ANKLES)
    off = max(abs(body.beside(feet, body.hips)), abs(body.beside(feet, body.shoulders)))
    return (
        body.tilt < 15 and off < 0.3 and _straight(body) > 150 and _stride(body) < 0.6
    ) and _lift(body) < 0.12


def _is_sitting(body: _Body) -> bool:
    """The hips rest: on the ground, where the feet are, or as high as the knees, feet in front."""
    if body.tilt > 40:
        return False
    if _drop(body) < 0.35 or _is_seated_ahead(body):
        return True
    ahead = min(abs(body.beside(body[ankle], body.hips)) for ankle in ANKLES)
    return _knees_below_hips(body) < 0.35 and ahead > 0.45 and _same_side(body)


def _is_seated_ahead(body: _Body) -> bool:
    """On a seat, seen from the front: thighs foreshortened, shins upright, hips above the knees."""
    short = max(_thigh(body, side) for side in (0, 1)) < 0.65
    return short and _shins_upright(body) and -0.1 < _knees_below_hips(body) < 0.35


def _is_crouching(body: _Body) -> bool:
    """Both knees are bent and out or forward, and the feet are below."""
    bent = max(body.bend(side) for side in (0, 1)) < 130
    long = min(_thigh(body, side) for side in (0, 1)) > 0.68
    return body.tilt < 40 and bent and long and _shins_upright(body) and 0.35 <= _drop(body) < 0.85


def _thigh(body: _Body, side: int) -> float:
    """The seen length of a thigh, in lengths of its shin."""
    hip, knee, ankle = body[HIPS[side]], body[KNEES[side]], body[ANKLES[side]]
    return _distance(hip, knee) / max(_distance(knee, ankle), 1e-6)


def _shins_upright(body: _Body) -> bool:
    return max(_slant(body[ANKLES[side]], body[KNEES[side]]) for side in (0, 1)) < 40


def _same_side(body: _Body) -> bool:
    sides = [body.beside(body[ankle], body.hips) for ankle in ANKLES]
    return sides[0] * sides[1] > 0


def _knees_below_hips(body: _Body) -> float:
    return max(body.above(body.hips, body[knee]) for knee in KNEES)


def _drop(body: _Body) -> float:
    """How far the lower foot is below the hips, of what the longer leg could reach."""
    return max(body.above(body.hips, body[ankle]) for ankle in ANKLES) / _reach(body)


def _straight(body: _Body) -> float:
    """The angle of the knee that is bent more."""
    return min(body.bend(side) for side in (0, 1))


def _stride(body: _Body) -> float:
    """How far the feet are apart to the side, in lengths of a leg."""
    return abs(body.beside(body[ANKLES[0]], body[ANKLES[1]])) / _reach(body)


def _lift(body: _Body) -> float:
    """By how much one foot is above the other, in lengths of a leg."""
    return abs(body.above(body[ANKLES[0]], body[ANKLES[1]])) / _reach(body)


def _reach(body: _Body) -> float:
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
    apart = abs(body.beside(body[WRISTS[0]], body[WRISTS[1]]))
    return "arms outstretched" if level < 0.35 and apart > 2.0 else ""


def _facing(body: _Body) -> str:
    """By the face before the shoulders: heads turn."""
    across = body.beside(body[SHOULDERS[0]], body[SHOULDERS[1]])
    face = body.clear(*NOSE, *EYES)
    ears = sorted(body.beside(body[ear], body[NOSE[0]]) for ear in EARS)
    if face and ears[0] < -0.08 and ears[1] > 0.08 and across > 0.35:
        return "the camera"
    if face and ears[0] > 0.1 and across < 0.5:
        return "left"
    if face and ears[1] < -0.1 and across < 0.5:
        return "right"
    return "away" if across < -0.4 and not body.clear(*NOSE) else ""


def _distance(one: Joint, other: Joint) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _direction(start: Joint, end: Joint) -> float:
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _slant(low: Joint, high: Joint) -> float:
    """Degrees by which the way from low to high departs from straight up."""
    return abs(degrees(atan2(high[0] - low[0], low[1] - high[1])))
