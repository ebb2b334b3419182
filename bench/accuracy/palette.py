"""Scores of `palette`: the true colors found, and their areas."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.scores import Goal, Score, mean
from imagetoprompt.images.color import ciede2000, cielab, from_hex, from_oklab

MAX_SURFACE_DEVIATION: Final = 0.07
"""Deviation in OKLab up to which a surface shows one color; a lit ball has 0.1 to 0.2."""

LARGEST_COUNT: Final = 3
"""So many of the largest true colors are asked for."""

MAX_SAME_COLOR_DISTANCE: Final = 8.0
"""CIEDE2000 within which two surfaces pass for one color, and one swatch is right for both."""


def scores(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score]:
    """Mean CIEDE2000 of the largest true colors to their nearest swatch, and error of area."""
    pairs = [
        (_merged(picture.truth["palette"]["swatches"]), _swatches(picture))
        for picture in seen
        if even(picture.truth["palette"]["swatches"])
    ]
    gaps = [float(_gaps(truth, answer).min(axis=1).mean()) for truth, answer in pairs]
    areas = [_area_error(truth, answer) for truth, answer in pairs]
    goal = Goal(4, most=True), Goal(0.06, most=True)
    yield mean("palette", f"ΔE00 of the three largest colors, {where}", gaps, "", goal[0])
    yield mean("palette", f"error of their areas, {where}", areas, "", goal[1])


def gap(seen: DescribedPicture) -> float | None:
    """Mean CIEDE2000 of the largest true colors; None where surfaces show no one color."""
    truth = seen.truth["palette"]["swatches"]
    return float(_gaps(_merged(truth), _swatches(seen)).min(axis=1).mean()) if even(truth) else None


def even(swatches: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each of the largest surfaces shows one color: shading spreads it but little."""
    return all(swatch["spread"] <= MAX_SURFACE_DEVIATION for swatch in swatches[:LARGEST_COUNT])


Colors = tuple[NDArray[np.float64], NDArray[np.float64]]
"""CIE Lab of each color, and its area."""


def _merged(swatches: Sequence[Mapping[str, Any]]) -> Colors:
    """Surfaces of one color joined, the largest first."""
    found: list[tuple[NDArray[np.float64], float]] = []
    for swatch in swatches:
        lab, area = _lab(swatch["oklab"]), float(swatch["area"])
        near = [
            n
            for n, picture in enumerate(found)
            if float(ciede2000(picture[0], lab)) < MAX_SAME_COLOR_DISTANCE
        ]
        if near:
            held, size = found[near[0]]
            found[near[0]] = ((held * size + lab * area) / (size + area), size + area)
        else:
            found.append((lab, area))
    found.sort(key=lambda pair: -pair[1])
    return np.array([lab for lab, _ in found]), np.array([area for _, area in found])


def _swatches(seen: DescribedPicture) -> Colors:
    measured = seen.measured("palette")
    swatches = [] if measured is None else measured["swatches"]
    if not swatches:  # Nothing told: black, which is as wrong as it deserves to be.
        return np.zeros((1, 3)), np.ones(1)
    labs = np.array([_lab(from_hex(swatch["hex"])) for swatch in swatches])
    return labs, np.array([float(swatch["area"]) for swatch in swatches])


def _lab(oklab: Sequence[float] | NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(cielab(from_oklab(np.asarray(oklab))), dtype=np.float64)


def _gaps(truth: Colors, answer: Colors) -> NDArray[np.float64]:
    """CIEDE2000 of each of the largest true colors to each swatch."""
    largest = truth[0][:LARGEST_COUNT]
    return np.asarray(ciede2000(largest[:, None], answer[0][None]), dtype=np.float64)


def _area_error(truth: Colors, answer: Colors) -> float:
    """The mean error of area of the largest colors, every swatch given to its nearest true one."""
    every = np.asarray(ciede2000(truth[0][:, None], answer[0][None]))
    sums = np.bincount(every.argmin(axis=0), answer[1], minlength=len(truth[1]))
    return float(np.abs(sums - truth[1])[:LARGEST_COUNT].mean())
