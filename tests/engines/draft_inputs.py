"""Pictures and requests that the tests of the engines share."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.images.picture import Picture, open_picture

SIZE = (96, 64)


def sky_and_ball(size: tuple[int, int] = SIZE) -> Picture:
    """A blue sky over a green field, with a red ball that is lit from the left."""
    width, height = size
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2] = (120, 170, 230)
    pixels[height // 2 :] = (70, 130, 60)
    middle, radius = (width // 2, height // 2), height // 4
    cv2.circle(pixels, middle, radius, (190, 50, 40), -1)
    cv2.circle(pixels, (middle[0] - radius // 3, middle[1]), radius // 3, (240, 150, 130), -1)
    grain = np.random.default_rng(0).normal(0, 3, (height, width, 1))
    return open_picture(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def draft_request(**fields: Any) -> Request:  # noqa: ANN401
    """A request of the draft engine: the fields of its plan by name."""
    plan = replace(Plan("restyle", 0.5, SIZE), **fields)
    return Request("draft", "", "settings", {}, Prompt("draft", "", ""), plan)
