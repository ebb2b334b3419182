"""Hardness by what is drawn: the same shadow with a narrow border, and with a wide one."""

import cv2
import numpy as np
import pytest

from imagetoprompt.analysis.lighting import light_hardness


def _drawn(border: float, turn: int = 0) -> np.ndarray:
    """A box on a bright floor before a wall, with the shadow that it casts."""
    lit = np.full((240, 320), 0.75, np.float32)
    lit[:110] = 0.55
    shadow = np.zeros_like(lit)
    cv2.fillPoly(shadow, [np.array([[120, 170], [190, 172], [290, 205], [215, 215]])], 1.0)
    shadow = cv2.GaussianBlur(shadow, (0, 0), border)
    floor = lit * (1 - 0.65 * shadow)
    cv2.rectangle(floor, (110, 80), (180, 178), 0.4, -1)
    cv2.rectangle(floor, (110, 80), (140, 178), 0.62, -1)
    grain = np.random.default_rng(0).normal(size=floor.shape) * 0.008
    pixels = np.clip((floor + grain) * 255, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(np.repeat(pixels[..., None], 3, 2), turn))


@pytest.mark.parametrize("turn", range(4))
def test_a_narrow_border_is_harder_than_a_wide_one(turn: int) -> None:
    narrow, wide = light_hardness(_drawn(0.6, turn)), light_hardness(_drawn(14, turn))
    assert narrow.hard > wide.hard + 0.2


def test_the_probabilities_sum_to_one() -> None:
    assert sum(light_hardness(_drawn(1))) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (7, 9)])
def test_any_picture_size_is_measured(shape: tuple[int, int]) -> None:
    assert sum(light_hardness(np.full((*shape, 3), 90, np.uint8))) == pytest.approx(1, abs=1e-4)
