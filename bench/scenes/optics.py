"""The geometry of the camera: its frame, projection, horizon and circle of confusion."""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, tan

import numpy as np
from numpy.typing import NDArray

from bench.scenes.spec import Vector, View

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The camera in the world: its place and its right, up and forward unit vectors."""

    origin: Floats
    right: Floats
    up: Floats
    forward: Floats

    def into(self, direction: Vector | Floats) -> Floats:
        """A direction of the world as right, up and toward-the-camera parts."""
        vector = np.asarray(direction)
        return np.array([vector @ self.right, vector @ self.up, -(vector @ self.forward)])

    def out_of(self, direction: Vector | Floats) -> Floats:
        """The direction of the world that has these right, up and toward-the-camera parts."""
        right, up, near = direction
        return right * self.right + up * self.up - near * self.forward


def axes(pitch: float, roll: float) -> tuple[Floats, Floats, Floats]:
    """Right, up and forward of a camera that looks along y, then pitched and rolled (degrees)."""
    p, r = radians(pitch), radians(roll)
    level, above = np.array([1.0, 0.0, 0.0]), np.array([0.0, -sin(p), cos(p)])
    forward = np.array([0.0, cos(p), sin(p)])
    return cos(r) * level + sin(r) * above, cos(r) * above - sin(r) * level, forward


def half_extent(view: View) -> tuple[float, float]:
    """Half the width and height of what is seen, on a plane at distance one."""
    tall = tan(radians(view.fov) / 2)
    return tall * view.size[0] / view.size[1], tall


def frame_of(view: View, subject: Vector) -> Frame:
    """The camera placed so that the subject is seen at `view.subject_at`, `view.distance` deep."""
    right, up, forward = axes(view.pitch, view.roll)
    wide, tall = half_extent(view)
    across = (2 * view.subject_at[0] - 1) * wide
    rising = (1 - 2 * view.subject_at[1]) * tall
    offset = view.distance * (across * right + rising * up + forward)
    return Frame(np.asarray(subject) - offset, right, up, forward)


def seen_at(view: View, frame: Frame, point: Vector) -> tuple[float, float, float]:
    """Where a point is seen: fractions from the left and the top, and its depth in meters."""
    right, up, near = frame.into(np.asarray(point) - frame.origin)
    wide, tall = half_extent(view)
    return 0.5 + right / -near / wide / 2, 0.5 - up / -near / tall / 2, float(-near)


def horizon_of(view: View, frame: Frame) -> float | None:
    """Where the horizon crosses the middle column, a fraction from the top; None when outside."""
    if abs(frame.up[2]) < 1e-6:
        return None
    across = -frame.forward[2] / frame.up[2] / half_extent(view)[1]
    row = 0.5 - across / 2
    return float(row) if 0 < row < 1 else None


def blur_at(view: View, depth: Floats) -> Floats:
    """The circle of confusion at each depth, as a fraction of the picture's height.

    A thin lens of radius a, sharp at s, spreads a point at depth d over 2a|1/s - 1/d| on the plane
    at distance one, which is 2 tan(fov/2) high.
    """
    spread = 2 * view.aperture * np.abs(1 / view.focus - 1 / np.maximum(depth, 1e-3))
    return np.asarray(spread / (2 * half_extent(view)[1]))


def aperture_for(view: View, blur: float, depth: float) -> float:
    """The lens radius that spreads a point at `depth` over `blur` of the picture's height."""
    spread = abs(1 / view.focus - 1 / depth)
    return blur * half_extent(view)[1] / max(spread, 1e-6)


def azimuth_of(toward: Floats) -> float:
    """Degrees clockwise from straight above of a direction in camera parts."""
    return degrees(atan2(toward[0], toward[1])) % 360


def azimuth_told(toward: Floats) -> bool:
    """Whether the direction leaves the camera's axis enough (20 degrees) to have an azimuth."""
    return hypot(float(toward[0]), float(toward[1])) >= sin(radians(20))
