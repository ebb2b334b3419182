import numpy as np

from imagetoprompt.engines.diffusers.previews import fit_preview


def test_a_preview_recovers_a_picture_from_linear_latents() -> None:
    chance = np.random.default_rng(0)
    pixels = chance.integers(0, 256, (24, 32, 3), np.uint8)
    mixing = chance.normal(size=(4, 3)) / 75
    latents = np.einsum("cd,hwd->chw", mixing, pixels - 128.0).astype(np.float32)
    to_pixels = fit_preview(latents, pixels).to_pixels(latents)
    assert np.abs(to_pixels.astype(int) - pixels).mean() < 6


def test_a_flat_picture_is_seen_as_flat() -> None:
    pixels = np.full((8, 8, 3), (200, 100, 50), np.uint8)
    latents = np.full((4, 8, 8), 0.7, np.float32)
    to_pixels = fit_preview(latents, pixels).to_pixels(latents)
    assert np.abs(to_pixels.astype(int) - pixels).max() <= 1


def test_latents_that_are_no_numbers_are_seen_as_black() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    lens = fit_preview(np.random.default_rng(1).normal(size=(4, 8, 8)).astype(np.float32), pixels)
    assert lens.to_pixels(np.full((4, 8, 8), np.nan, np.float32)).max() == 0
