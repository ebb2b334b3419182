"""Pictures of a wanted size for timing, made from the examples: enlarged, with grain, as JPEG.

They are as busy as photographs of that size. They are no good for measuring accuracy.
"""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

EXAMPLES: Final = Path(__file__).parent.parent / "examples"
EXAMPLE_NAMES: Final = ("coffee", "cat", "rocket", "photographer", "astronaut", "poster")
# Grain of a phone's camera at moderate light, in 8-bit steps, so that JPEG has work to do.
GRAIN_DEVIATION: Final = 4.0


def enlarged(folder: Path, megapixels: float) -> list[Path]:
    """One JPEG in the folder for each example, with that many megapixels and its own shape."""
    return [_enlarged(name, folder, megapixels) for name in EXAMPLE_NAMES]


def _enlarged(name: str, folder: Path, megapixels: float) -> Path:
    image = Image.open(EXAMPLES / f"{name}.jpg").convert("RGB")
    scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
    size = round(image.width * scale), round(image.height * scale)
    pixels = np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.float32)
    grain = np.random.default_rng(0).normal(0, GRAIN_DEVIATION, pixels.shape[:2])[..., None]
    path = folder / f"{name}-{megapixels:g}MP.jpg"
    noisy = (pixels + grain).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(path, quality=90)
    return path
