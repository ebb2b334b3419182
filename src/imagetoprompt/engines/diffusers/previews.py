"""Previews: unfinished latents as a small picture, through a linear map from latents to colors.

The map is fitted by least squares between the original's latents and its pixels, so that it works
for any model with a VAE and needs no further network.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels

Array = NDArray[Any]

# Longer side in pixels of the picture that is encoded: the fit needs a few hundred pairs.
MAX_SIDE: Final = 256


@dataclass(frozen=True, eq=False)
class LatentPreview:
    """`weights`: latent channels + 1 (constant) x 3, from latents to sRGB 0 to 255."""

    weights: Array

    def to_pixels(self, latents: Array) -> Pixels:
        """Latents (channels x height x width) as pixels (height x width x 3)."""
        channels, height, width = latents.shape
        rows = _with_constant(latents.reshape(channels, -1).T)
        colors = (rows @ self.weights).reshape(height, width, 3)
        return np.asarray(np.clip(np.nan_to_num(colors), 0, 255), np.uint8)


def latent_preview(pipe: Any, pixels: Pixels) -> LatentPreview | None:
    """The map for this picture and model; None when the VAE overflows in 16 bits."""
    latents = _encoded(pipe, _fit_size(pixels, pipe.vae_scale_factor))
    return fit_preview(latents, pixels) if np.isfinite(latents).all() else None


def fit_preview(latents: Array, pixels: Pixels) -> LatentPreview:
    """The map with which the latents (channels x height x width) come closest to the pixels."""
    channels, height, width = latents.shape
    small = resized(pixels, (width, height)).reshape(-1, 3).astype(np.float32)
    rows = _with_constant(latents.reshape(channels, -1).T)
    # Ridge regression: a flat picture leaves the map undetermined. Latents have a deviation of
    # about 1; the constant is not damped.
    damping = np.diag([1e-2 * len(rows)] * channels + [0.0])
    return LatentPreview(
        np.linalg.solve(rows.T @ rows + damping, rows.T @ small).astype(np.float32)
    )


def unpack_latents(pipe: Any, latents: Any, size: tuple[int, int]) -> Array:
    """The first picture of a batch of latents, channels x height x width, as its VAE takes them.

    size: width and height of the picture in pixels. FLUX packs squares of four into one.
    """
    if latents.ndim == 3:
        latents = pipe._unpack_latents(latents, size[1], size[0], pipe.vae_scale_factor)
    return np.asarray(latents[0].detach().float().cpu().numpy())


def _encoded(pipe: Any, pixels: Pixels) -> Array:
    import torch  # noqa: PLC0415

    vae = pipe.vae
    with torch.no_grad():
        image = pipe.image_processor.preprocess(Image.fromarray(pixels))
        image = image.to(device=pipe._execution_device, dtype=vae.dtype)
        latents = vae.encode(image).latent_dist.mode()
    shift = getattr(vae.config, "shift_factor", None) or 0.0
    return np.asarray(((latents - shift) * vae.config.scaling_factor)[0].float().cpu().numpy())


def _fit_size(pixels: Pixels, multiple: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, MAX_SIDE / max(height, width))
    sides = (max(1, round(side * scale / multiple)) * multiple for side in (width, height))
    wide, high = sides
    return np.ascontiguousarray(resized(pixels, (wide, high)))


def _with_constant(rows: Array) -> Array:
    return np.hstack([rows, np.ones((len(rows), 1), rows.dtype)]).astype(np.float32)
