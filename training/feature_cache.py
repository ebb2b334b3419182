"""vectors(paths) -> what the heads read, for each picture and each of its variants.

Kept in a cache by the digest of the file, since looking takes far longer than fitting.
"""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imagetoprompt.analysis import linear_models
from imagetoprompt.images.picture import Picture, open_picture
from training.augmentation import Pixels, variants

Rows: TypeAlias = NDArray[np.float32]


def vectors(paths: Sequence[Path], cache: Path) -> Iterator[Rows]:
    """Per picture one row for it and for each variant, in order: variants x length of a vector."""
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda path: _cached(path, cache), paths)


def _cached(path: Path, cache: Path) -> Rows:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    place = cache / f"{digest}.npy"
    if not place.exists():
        rows = _look(path, digest)
        half = place.with_suffix(".part.npy")
        np.save(half, rows.astype(np.float16))
        half.rename(place)
    return np.asarray(np.load(place), np.float32)


def _look(path: Path, digest: str) -> Rows:
    return looked_at(np.array(open_picture(path).pixels), digest)


def looked_at(pixels: Pixels, digest: str) -> Rows:
    """One row for the pixels and for each of their variants, which depend on the digest."""
    return np.stack(
        [linear_models.probe_features(_picture(copy)) for copy in variants(pixels, digest)]
    )


def _picture(pixels: Pixels) -> Picture:
    return Picture(pixels, (pixels.shape[1], pixels.shape[0]), digest="")
