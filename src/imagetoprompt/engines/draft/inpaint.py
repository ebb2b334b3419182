"""inpaint(pixels, hole): fill a hole with patches of the rest of the picture.

From coarse to fine, every patch that touches the hole is matched with the most similar known patch,
and the hole takes the weighted mean of the matches (Wexler, Shechtman and Irani, "Space-time
completion of video", 2007; matched by PatchMatch, Barnes and others, 2009). It invents nothing: all
it fills with is copied from the picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.engines.draft.canvas import Floats
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels

Array: TypeAlias = NDArray[Any]

# Half the side of a patch, in pixels.
PATCH_RADIUS: Final = 3
# Limits of the finest level that is matched, in pixels, to bound the run time; and the longer side
# of the coarsest level.
MAX_HOLE_PIXELS: Final = 7000
MAX_SIDE: Final = 400
COARSEST_SIDE: Final = 48
# Rounds of matching and voting on each level.
ITERATION_COUNT: Final = 3
# Random candidates from which each match starts; and the cost of a match at another height, added
# to the squared difference of the patches: sky belongs beside sky, ground beside ground.
INITIAL_CANDIDATES: Final = 6
HEIGHT_COST: Final = 25.0
# How far inward a difference of tone at the rim is blended, as a share of the longer side.
RIM_WIDTH: Final = 1 / 25
_NEIGHBOR_STEPS: Final = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(frozen=True, eq=False)
class _Level:
    """One level of the pyramid.

    values: height x width x 3, 0 to 1, hole included. known: height x width, True at the centers of
    patches that lie outside the hole. ys, xs: centers of the patches that touch the hole (n each).
    """

    values: Floats
    hole: NDArray[np.bool_]
    known: NDArray[np.bool_]
    ys: Array
    xs: Array


def inpaint(pixels: Pixels, hole: NDArray[np.bool_], start: Pixels | None = None) -> Pixels:
    """Fill the hole (height x width, bool); pixels outside it do not change.

    start: a first guess at the hole, by default OpenCV's inpainting. If the hole is the whole
    picture, it is returned unchanged.
    """
    if not hole.any() or hole.all():
        return pixels
    guess = (
        start
        if start is not None
        else cv2.inpaint(pixels, hole.astype(np.uint8), 3, cv2.INPAINT_TELEA)
    )
    matches: tuple[Array, Array] | None = None
    sizes = list(_sizes(hole))
    for size in sizes:
        level = _level(resized(guess, size), _shrunk(hole, size))
        if not level.known.any():
            continue
        matches = _matched(level, _initial_matches(level))
        values = _voted(level, matches)
        small = np.where(level.hole[..., None], values, level.values)
        guess = _pasted(
            guess, resized((small * 255 + 0.5).astype(np.uint8), guess.shape[1::-1]), hole
        )
    return _at_full_size(pixels, guess, hole, sizes[-1], matches)


def _sizes(hole: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Width and height of each pyramid level, coarsest first."""
    height, width = hole.shape
    area = float(hole.sum())
    scale = min(1.0, MAX_SIDE / max(height, width), (MAX_HOLE_PIXELS / area) ** 0.5)
    steps = max(1, int(np.log2(max(2.0, scale * max(height, width) / COARSEST_SIDE))) + 1)
    for step in reversed(range(steps)):
        part = scale / 2**step
        yield max(8, round(width * part)), max(8, round(height * part))


def _shrunk(hole: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    """The hole at that size, including every pixel that it touches."""
    small = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small > 0.02)


def _level(guess: Pixels, hole: NDArray[np.bool_]) -> _Level:
    square = np.ones((2 * PATCH_RADIUS + 1,) * 2, np.uint8)
    near = cv2.dilate(hole.astype(np.uint8), square).astype(bool)
    inside = np.zeros_like(hole)
    inside[PATCH_RADIUS:-PATCH_RADIUS, PATCH_RADIUS:-PATCH_RADIUS] = True
    ys, xs = np.nonzero(near & inside)
    return _Level(guess.astype(np.float32) / 255, hole, ~near & inside, ys, xs)


def _initial_matches(level: _Level) -> tuple[Array, Array]:
    """Initial matches: of a few random candidates, the one at the most similar height."""
    rng = np.random.default_rng(0)
    ys, xs = np.nonzero(level.known)
    chosen = rng.integers(0, len(ys), (INITIAL_CANDIDATES, len(level.ys)))
    nearest = np.abs(ys[chosen] - level.ys).argmin(axis=0)
    best = chosen[nearest, np.arange(len(level.ys))]
    return ys[best], xs[best]


def _matched(level: _Level, start: tuple[Array, Array]) -> tuple[Array, Array]:
    """The most similar known patch for each patch at the hole, refined in rounds of voting."""
    best = start
    for _ in range(ITERATION_COUNT):
        best = _searched(level, best)
        voted = _voted(level, best)
        level.values[level.hole] = voted[level.hole]
    return best


def _searched(level: _Level, best: tuple[Array, Array]) -> tuple[Array, Array]:
    """PatchMatch for all pixels at once: propagate from neighbors, then search at random."""
    rng = np.random.default_rng(1)
    own = _patches(level, level.ys, level.xs)
    cost = _costs(level, own, level.ys, best)
    height, width = level.hole.shape
    index = np.full((height, width), -1)
    index[level.ys, level.xs] = np.arange(len(level.ys))
    for step in (8, 4, 2, 1):
        for down, across in _NEIGHBOR_STEPS:
            ny = np.clip(level.ys - down * step, 0, height - 1)
            nx = np.clip(level.xs - across * step, 0, width - 1)
            neighbor = index[ny, nx]
            shifted = best[0][neighbor] + down * step, best[1][neighbor] + across * step
            best, cost = _better(level, own, (best, cost), shifted, neighbor >= 0)
    reach = max(height, width) / 2
    while reach >= 1:
        moves = rng.uniform(-reach, reach, (2, len(cost)))
        tried = best[0] + moves[0].astype(int), best[1] + moves[1].astype(int)
        best, cost = _better(level, own, (best, cost), tried, None)
        reach /= 2.5
    return best


def _better(
    level: _Level,
    own: Floats,
    current: tuple[tuple[Array, Array], Array],
    tried: tuple[Array, Array],
    valid: Array | None,
) -> tuple[tuple[Array, Array], Array]:
    """For each pixel the better of its current match and the candidate."""
    (by, bx), cost = current
    height, width = level.hole.shape
    ty, tx = np.clip(tried[0], 0, height - 1), np.clip(tried[1], 0, width - 1)
    good = level.known[ty, tx] if valid is None else level.known[ty, tx] & valid
    chosen = np.flatnonzero(good)
    if not len(chosen):
        return current
    tested = _costs(level, own[chosen], level.ys[chosen], (ty[chosen], tx[chosen]))
    won = chosen[tested < cost[chosen]]
    by, bx, cost = by.copy(), bx.copy(), cost.copy()
    cost[won] = _at(tested, chosen, won)
    by[won], bx[won] = ty[won], tx[won]
    return (by, bx), cost


def _at(values: Array, indices: Array, wanted: Array) -> Array:
    """The values at the wanted indices (both sorted)."""
    return values[np.searchsorted(indices, wanted)]


def _patches(level: _Level, ys: Array, xs: Array) -> Floats:
    """The patches as rows (n x values)."""
    windows = np.lib.stride_tricks.sliding_window_view(
        level.values, (2 * PATCH_RADIUS + 1,) * 2, (0, 1)
    )
    return np.asarray(windows[ys - PATCH_RADIUS, xs - PATCH_RADIUS].reshape(len(ys), -1))


def _costs(level: _Level, own: Floats, own_ys: Array, positions: tuple[Array, Array]) -> Floats:
    """Squared difference to the patches at those positions, plus a cost for another height."""
    apart = own - _patches(level, *positions)
    away = (positions[0] - own_ys) / level.hole.shape[0]
    return np.asarray(np.einsum("ij,ij->i", apart, apart) + HEIGHT_COST * away**2)


def _voted(level: _Level, best: tuple[Array, Array]) -> Floats:
    """For each pixel the mean of all matches that cover it, weighted by similarity."""
    total = np.zeros_like(level.values)
    weights = np.zeros(level.hole.shape, np.float32)
    own = _patches(level, level.ys, level.xs)
    cost = _costs(level, own, level.ys, best)
    likely = np.exp(-cost / max(2 * float(np.median(cost)), 1e-4)) + 1e-4
    for down in range(-PATCH_RADIUS, PATCH_RADIUS + 1):
        for across in range(-PATCH_RADIUS, PATCH_RADIUS + 1):
            to = level.ys + down, level.xs + across
            total[to] += level.values[best[0] + down, best[1] + across] * likely[:, None]
            weights[to] += likely
    return cast(Floats, total / np.maximum(weights, 1e-9)[..., None])


def _pasted(guess: Pixels, new: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    return np.where(hole[..., None], new, guess)


def _at_full_size(
    pixels: Pixels,
    guess: Pixels,
    hole: NDArray[np.bool_],
    size: tuple[int, int],
    matches: tuple[Array, Array] | None,
) -> Pixels:
    """Fill the hole at full size by copying along the matches of the finest level."""
    if matches is None:
        return _pasted(pixels, guess, hole)
    height, width = hole.shape
    scale = width / size[0], height / size[1]
    level = _level(resized(guess, size), _shrunk(hole, size))
    field = np.zeros((size[1], size[0], 2), np.float32)
    field[level.ys, level.xs, 0] = (matches[1] - level.xs) * scale[0]
    field[level.ys, level.xs, 1] = (matches[0] - level.ys) * scale[1]
    ys, xs = np.nonzero(hole)
    moves = field[
        np.minimum((ys / scale[1]).astype(int), size[1] - 1),
        np.minimum((xs / scale[0]).astype(int), size[0] - 1),
    ]
    sy = np.clip((ys + moves[:, 1]).astype(int), 0, height - 1)
    sx = np.clip((xs + moves[:, 0]).astype(int), 0, width - 1)
    made = guess.copy()
    known = ~hole[sy, sx]
    made[ys[known], xs[known]] = pixels[sy[known], sx[known]]
    return _with_smooth_tones(made, guess, hole, max(2.0, scale[0] * 2))


def _with_smooth_tones(
    detailed: Pixels, guess: Pixels, hole: NDArray[np.bool_], width: float
) -> Pixels:
    """High frequencies of the copies over low frequencies of the guess, which hides seams."""
    fine = detailed.astype(np.float32) - cv2.GaussianBlur(detailed, (0, 0), width)
    soft = cv2.GaussianBlur(guess, (0, 0), width).astype(np.float32)
    both = np.where(hole[..., None], soft + fine, detailed.astype(np.float32))
    both = both + _tone_correction(both, hole)
    return np.where(hole[..., None], np.clip(both + 0.5, 0, 255).astype(np.uint8), detailed)


def _tone_correction(values: Floats, hole: NDArray[np.bool_]) -> Floats:
    """What to add inside the hole so that its rim has the tones of its surroundings.

    The step at the rim, carried inward and fading: a rough solution of Poisson's equation.
    """
    reach = 2 * max(2, round(RIM_WIDTH * max(hole.shape))) + 1
    inside = hole.astype(np.float32)[..., None]
    means = []
    for weight in (1 - inside, inside):
        total = cv2.blur(values * weight, (5, 5))
        means.append(total / np.maximum(cv2.blur(weight, (5, 5)), 1e-3)[..., None])
    square = np.ones((3, 3), np.uint8)
    rim = (hole & (cv2.erode(hole.astype(np.uint8), square) == 0)).astype(np.float32)[..., None]
    near = cv2.blur(rim, (reach, reach))[..., None]
    step = cv2.blur((means[0] - means[1]) * rim, (reach, reach)) / np.maximum(near, 1e-6)
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(step * np.exp(-depth / (reach / 3))[..., None] * inside)
