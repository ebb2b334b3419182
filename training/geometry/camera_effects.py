"""What a camera adds to a scene: defocus, motion blur, grain and JPEG."""

import cv2
import numpy as np

from training.geometry.textures import Array

BLUR_DIAMETERS = (0.0, 1.0, 1.5, 2.2, 3.2, 4.6, 6.6, 9.5, 14.0, 20.0, 29.0, 42.0)
"""Diameters in pixels between which a blur that changes over the picture is interpolated."""


def disc(diameter: float) -> Array:
    """A disc of any diameter in pixels as a kernel that sums to one."""
    side = 2 * int(np.ceil((diameter + 1) / 2)) + 1
    fine = (np.arange(side * 8) + 0.5) / 8 - side / 2
    inside = fine[:, None] ** 2 + fine**2 <= (max(diameter, 0.2) / 2) ** 2
    kernel = inside.astype(np.float32).reshape(side, 8, side, 8).mean(axis=(1, 3))
    return np.asarray(kernel / kernel.sum())


def disc_blurred(light: Array, diameter: float) -> Array:
    """Blurred by a disc of the diameter, in pixels."""
    if diameter < 0.5:
        return light
    return np.asarray(cv2.filter2D(light, -1, disc(diameter), borderType=cv2.BORDER_REFLECT))


def depth_blurred(light: Array, diameters: Array) -> Array:
    """Blurred by a disc of its own diameter at each pixel (diameters: height x width, pixels)."""
    place = np.interp(diameters, BLUR_DIAMETERS, np.arange(len(BLUR_DIAMETERS)))
    sums = np.zeros_like(light)
    for index, diameter in enumerate(BLUR_DIAMETERS):
        share = np.maximum(0, 1 - np.abs(place - index)).astype(np.float32)
        if share.any():
            sums += disc_blurred(light, diameter) * share[..., None]
    return sums


def motion_blurred(light: Array, length: float, angle: float) -> Array:
    """Blurred by a motion of `length` pixels; angle in degrees counterclockwise from horizontal."""
    side, fine = 2 * int(np.ceil((length + 1) / 2)) + 1, 9
    middle, turn = (side * fine - 1) / 2, np.deg2rad(angle)
    reach = np.array([np.cos(turn), -np.sin(turn)]) * length * fine / 2
    ends = [tuple(int(value) for value in np.rint(middle + sign * reach)) for sign in (-1, 1)]
    kernel = np.zeros((side * fine, side * fine), np.float32)
    cv2.line(kernel, ends[0], ends[1], 1.0, fine)
    kernel = kernel.reshape(side, fine, side, fine).mean(axis=(1, 3))
    kernel /= kernel.sum()
    return np.asarray(cv2.filter2D(light, -1, kernel, borderType=cv2.BORDER_REFLECT))


def developed(rng: np.random.Generator, light: Array) -> Array:
    """Pixel filter, exposure, grain and, in four of five, JPEG: height x width x 3, uint8."""
    soft = cv2.GaussianBlur(light.astype(np.float32), (0, 0), rng.uniform(0.3, 0.7))
    grain = rng.normal(size=light.shape) * rng.choice([0, 1, 2, 4])
    pixels = np.clip(soft * rng.uniform(0.7, 1.1) + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.8:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 97))]
        pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR)
    return np.asarray(pixels, np.uint8)
