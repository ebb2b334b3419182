from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imagetoprompt.core.plan import Mask
from imagetoprompt.errors import MaskError
from imagetoprompt.images.masks import check_mask_size, editable_area, feathered, mask_weights

SIZE = (60, 40)


def saved(path: Path, size: tuple[int, int], luma: int) -> str:
    Image.new("L", size, luma).save(path)
    return str(path)


def test_a_box_marks_its_pixels() -> None:
    weights = mask_weights(Mask(((0.25, 0.25, 0.5, 0.5),)), SIZE, SIZE)
    expected = np.zeros((40, 60), np.float32)
    expected[10:30, 15:45] = 1
    assert np.array_equal(weights, expected)


def test_a_tiny_box_marks_one_pixel() -> None:
    assert mask_weights(Mask(((0.5, 0.5, 0.001, 0.001),)), SIZE, SIZE).sum() == 1


def test_a_mask_picture_is_editable_from_mid_gray(tmp_path: Path) -> None:
    image = Image.new("L", SIZE, 127)
    image.paste(128, (30, 0, 60, 40))
    image.save(tmp_path / "mask.png")
    area = editable_area(tmp_path / "mask.png", SIZE)
    assert area[:, 30:].all()
    assert not area[:, :30].any()


def test_a_mask_picture_is_scaled_to_the_pixels(tmp_path: Path) -> None:
    source = saved(tmp_path / "mask.png", SIZE, 255)
    assert mask_weights(Mask(source=source), SIZE, (30, 20)).shape == (20, 30)


def test_a_feathered_edge_lies_inside_the_mask() -> None:
    area = np.zeros((40, 40), bool)
    area[10:30, 10:30] = True
    weights = feathered(area, 4)
    assert weights[~area].max() == 0
    assert 0 < weights[20, 10] < weights[20, 12] < 1
    assert weights[20, 20] == 1


def test_the_middle_of_a_narrow_part_is_wholly_editable() -> None:
    area = np.zeros((60, 60), bool)
    area[30:37, 5:55] = True
    assert feathered(area, 20)[33, 30] == 1


def test_a_mask_at_the_border_has_no_edge_there() -> None:
    area = np.zeros((40, 40), bool)
    area[:, 20:] = True
    assert feathered(area, 4)[0, 39] == 1


def test_a_mask_that_marks_nothing_is_refused(tmp_path: Path) -> None:
    black = saved(tmp_path / "black.png", SIZE, 0)
    for mask in (Mask(((0.5, 0.5, 0.0, 0.0),)), Mask(((2.0, 0.0, 1.0, 1.0),)), Mask(source=black)):
        with pytest.raises(MaskError, match="marks nothing"):
            mask_weights(mask, SIZE, SIZE)


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    source = saved(tmp_path / "mask.png", (10, 10), 255)
    sentence = "The mask is 10 x 10 pixels and the picture 60 x 40: give a mask of the picture's"
    with pytest.raises(MaskError, match=sentence):
        mask_weights(Mask(source=source), SIZE, SIZE)
    with pytest.raises(MaskError, match=sentence):
        check_mask_size((10, 10), SIZE)


def layer(color: tuple[int, int, int, int], stroke: tuple[int, int, int, int]) -> Image.Image:
    """A layer of one color with a rectangle of another, at 10 to 30 across and 5 to 20 down."""
    image = Image.new("RGBA", SIZE, color)
    image.paste(stroke, (10, 5, 30, 20))
    return image


EXPECTED = np.zeros((40, 60), bool)
EXPECTED[5:20, 10:30] = True
CLEAR = (0, 0, 0, 0)


def photograph() -> Image.Image:
    """Many colors, with alpha."""
    return Image.open("examples/coffee.jpg").convert("RGBA").resize(SIZE)


@pytest.mark.parametrize(
    "brush", [(255, 255, 255, 255), (255, 0, 0, 255), (40, 200, 90, 255), (255, 255, 255, 200)]
)
def test_strokes_on_an_empty_layer_are_editable(brush: tuple[int, int, int, int]) -> None:
    assert np.array_equal(editable_area(layer(CLEAR, brush), SIZE), EXPECTED)


def test_a_hole_in_a_picture_is_editable() -> None:
    image = photograph()
    image.paste(CLEAR, (10, 5, 30, 20))
    assert np.array_equal(editable_area(image, SIZE), EXPECTED)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (layer(CLEAR, (0, 0, 0, 255)), "can be read in two ways"),
        (layer((0, 0, 0, 255), CLEAR), "can be read in two ways"),
        (layer(CLEAR, CLEAR), "transparent everywhere"),
    ],
    ids=["black strokes", "black with a hole", "empty"],
)
def test_a_mask_that_can_be_read_in_two_ways_is_refused(image: Image.Image, words: str) -> None:
    with pytest.raises(MaskError, match=words):
        editable_area(image, SIZE)


def test_an_opaque_alpha_channel_changes_nothing() -> None:
    image = layer((0, 0, 0, 255), (255, 255, 255, 255))
    assert np.array_equal(editable_area(image, SIZE), EXPECTED)


def test_a_large_mask_keeps_its_edges() -> None:
    size = (4200, 3000)
    image = Image.new("L", size, 0)
    image.paste(255, (1001, 701, 1402, 1102))
    rows, columns = np.nonzero(editable_area(image, size))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (1001, 1401, 701, 1101)
