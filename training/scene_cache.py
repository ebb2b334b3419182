"""Render scenes once and keep them on disk."""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np


def cached_file(path: Path, make: Callable[[], Mapping[str, Any]]) -> Path:
    """The file; if it is missing, written with the arrays of `make`, atomically."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, allow_pickle=False, **make())
        partial.rename(path)
    return path


def render_blocks(block: Callable[[int], Path], count: int, size: int) -> list[Path]:
    """The files of `count` scenes, `size` in each, rendered by two processes."""
    numbers = range((count + size - 1) // size)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(block, numbers))
