"""Scores on real photographs that were shaken, or given a warm or cool cast, by a known amount."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bench.accuracy.described_pictures import Question, describe_all
from bench.accuracy.lens import motion
from bench.accuracy.light import cast_told
from bench.accuracy.scores import Score, share
from bench.accuracy.split import held_out
from bench.drawn import altered

PHOTOGRAPH_SET: Final = "captions_vi"
"""Everyday photographs in color; many are of sport, and some are blurred by themselves."""


def scores(folder: Path, count: int) -> Iterator[Score]:
    """Motion blur, and casts, on at most `count` held-out photographs."""
    photographs = sorted((folder / PHOTOGRAPH_SET / "images").glob("*.jpg"))
    chosen = held_out(folder / PHOTOGRAPH_SET, photographs)[:count]
    yield from motion(describe_all(list(_moving(chosen)), "shaken photographs"), "real photographs")
    seen = describe_all(list(_cast(chosen)), "cast photographs")
    right = [cast_told(picture) == picture.truth["cast"] for picture in seen]
    yield share("light", "warm or cool cast on photographs (3200 K, 10000 K)", right)


def _moving(photographs: Sequence[Path]) -> Iterator[Question]:
    rng = np.random.default_rng(0)
    for path in photographs:
        length, angle = float(rng.uniform(0.015, 0.05)), float(rng.uniform(0, 180))
        data = altered.shaken(path, length, angle)
        yield Question(data, ("focus",), {"focus": {"motion_angle": angle}})
        yield Question(altered.at_rest(path), ("focus",), {"focus": {"motion_angle": None}})


def _cast(photographs: Sequence[Path]) -> Iterator[Question]:
    for path in photographs:
        yield Question(altered.cast(path, altered.WARM_KELVIN), ("light",), {"cast": "warm"})
        yield Question(altered.cast(path, altered.COOL_KELVIN), ("light",), {"cast": "cool"})
