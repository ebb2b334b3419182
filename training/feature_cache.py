"""cached_features(paths): the features that the heads read, for each picture and its variants.

Cached by the digest of the file, since computing features takes far longer than fitting.
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


def cached_features(paths: Sequence[Path], cache: Path) -> Iterator[Rows]:
    """For each picture, in order: the features of it and its variants, variants x features."""
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(lambda path: _cached(path, cache), paths)


def _cached(path: Path, cache: Path) -> Rows:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    file = cache / f"{digest}.npy"
    if not file.exists():
        rows = _features_of_file(path, digest)
        partial = file.with_suffix(".part.npy")
        np.save(partial, rows.astype(np.float16))
        partial.rename(file)
    return np.asarray(np.load(file), np.float32)


def _features_of_file(path: Path, digest: str) -> Rows:
    return variant_features(np.array(open_picture(path).pixels), digest)


def variant_features(pixels: Pixels, digest: str) -> Rows:
    """The features of the pixels and their variants: variants x features."""
    return np.stack(
        [linear_models.probe_features(_picture(copy)) for copy in variants(pixels, digest)]
    )


def _picture(pixels: Pixels) -> Picture:
    return Picture(pixels, (pixels.shape[1], pixels.shape[0]), digest="")
