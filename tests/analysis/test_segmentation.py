import cv2
import numpy as np

from imagetoprompt.analysis.segmentation import color_regions, refine_regions
from imagetoprompt.images.picture import open_picture


def scenery() -> np.ndarray:
    pixels = np.zeros((150, 200, 3), np.uint8)
    pixels[:90], pixels[90:] = (150, 190, 230), (70, 110, 50)
    cv2.circle(pixels, (60, 60), 25, (220, 60, 40), -1)
    return pixels


def test_parts_of_one_color_are_one_region() -> None:
    labels = color_regions(open_picture(scenery()))
    assert [int(labels[place]) for place in ((10, 150), (140, 20), (60, 60))] == [0, 1, 2]


def test_regions_are_numbered_by_size() -> None:
    areas = np.bincount(color_regions(open_picture("examples/coffee.jpg")).ravel())
    assert areas.tolist() == sorted(areas.tolist(), reverse=True)


def test_refined_borders_lie_on_the_edges_of_the_larger_copy() -> None:
    pixels = scenery()
    large = cv2.resize(pixels, (800, 600), interpolation=cv2.INTER_CUBIC)
    labels = refine_regions(color_regions(open_picture(pixels)), large)
    row, column = int((labels[:, 700] == 0).sum()), int((labels[240] == 2).sum())
    assert (abs(row - 360) <= 4, abs(column - 200) <= 10) == (True, True)


def test_shading_does_not_split() -> None:
    ramp = np.linspace(120, 180, 200)[None, :, None] * np.ones((150, 1, 3))
    assert int(color_regions(open_picture(ramp.astype(np.uint8))).max()) == 0
