import numpy as np
import pytest

pytest.importorskip("cv2")
from training.depth_of_field.training_examples import example, log2_diameters
from training.geometry.composed_scenes import composed_scene_with_blur
from training.geometry.textures import TextureSource

from imagetoprompt.analysis.depth_of_field import CELLS_PER_SIDE, LOG2_DIAMETERS, network_input


def test_blur_is_counted_in_octaves_of_pixels() -> None:
    assert log2_diameters(np.array([1.0, 4.0])).tolist() == [0.0, 2.0]


def test_blur_beyond_what_is_told_apart_is_bounded() -> None:
    assert log2_diameters(np.array([0.0, 1e3])).tolist() == [LOG2_DIAMETERS[0], LOG2_DIAMETERS[-1]]


def test_each_part_of_an_example_has_its_own_blur() -> None:
    blurs = np.repeat([[0.01, 0.02]], 2, axis=0)
    made = example(_unshrunk(), np.zeros((200, 288, 3), np.uint8), blurs, 0.02)
    middle = made.parts[0, CELLS_PER_SIDE // 2]
    assert [float(middle[3]), float(middle[-4])] == pytest.approx([1.0, 2.0], abs=1e-5)


def test_the_margin_of_an_example_has_no_blur() -> None:
    made = example(_unshrunk(), np.zeros((144, 288, 3), np.uint8), np.full((2, 2), 0.01), 0.01)
    assert np.isnan(made.parts[0, 0]).all()


def test_the_blur_of_a_place_is_known_everywhere() -> None:
    pixels, truth, blurs = composed_scene_with_blur(4, TextureSource())
    assert blurs.shape == pixels.shape[:2]
    assert np.isfinite(blurs).all()
    assert truth.blur >= 0


def test_learning_and_looking_prepare_alike() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (200, 288, 3)).astype(np.uint8)
    made = example(_unshrunk(), pixels, np.full((2, 2), 0.01), 0.01)
    assert np.array_equal(made.seen[0], network_input(pixels))


def _unshrunk() -> np.random.Generator:
    """A generator whose first number is above the share that is made smaller."""
    return next(
        made
        for made in (np.random.default_rng(seed) for seed in range(20))
        if np.random.default_rng(made.bit_generator.seed_seq.entropy).random() > 0.5  # type: ignore[attr-defined]
    )
