"""The small network of imagetoprompt.geometry.depth_of_field, learned by gradient descent with jax.

It does not know how pictures are made, only the edges of their cells and how blurred they are.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from imagetoprompt.geometry.edges import CHANNELS
from imagetoprompt.geometry.network import HIDDEN, KERNEL, LOWER, WIDTH
from training.geometry.surfaces import Array

SIDE: Final = 27
"""Cells along the longer side of the largest working copy; smaller pictures are padded."""
CLASSES: Final = (0.02, 0.005)
"""Circles of confusion (of the height) that part shallow from medium and medium from deep."""
VAGUE: Final = 0.2
"""How vague a boundary is, as a natural logarithm of the blur: truth there is two-sided."""
BATCH: Final = 32
PEAK: Final = 3e-3
DECAY: Final = 3e-3


@dataclass(frozen=True)
class Lesson:
    """cells: n x SIDE x SIDE x channels, padded by zeros. held: the same without channels, 0 or 1.

    wanted: chances of shallow, medium, deep. weights: how much each picture counts.
    """

    cells: Array
    held: Array
    wanted: Array
    weights: Array


def lesson(cells: list[Array], blurs: list[float], weights: list[float]) -> Lesson:
    """The lesson of these pictures; blurs are fractions of the height."""
    padded = np.zeros((len(cells), SIDE, SIDE, CHANNELS), np.float16)
    held = np.zeros((len(cells), SIDE, SIDE), np.float16)
    for index, each in enumerate(cells):
        part = each[:SIDE, :SIDE]
        padded[index, : len(part), : part.shape[1]] = part
        held[index, : len(part), : part.shape[1]] = 1
    return Lesson(padded, held, wanted(np.array(blurs)), np.array(weights, np.float32))


def wanted(blurs: Array) -> Array:
    """Chances of shallow, medium and deep, soft about the boundaries."""
    size = np.log(np.maximum(blurs, 1e-5))[:, None]
    shallow, not_deep = (1 / (1 + np.exp((np.log(CLASSES) - size) / (VAGUE / 2)))).T
    return np.stack([shallow, not_deep - shallow, 1 - not_deep], axis=1).astype(np.float32)


def learned(given: Lesson, epochs: int, seed: int = 0) -> list[Array]:
    """The weights after so many rounds of Adam with a rate that rises, then falls to nothing."""
    import jax  # noqa: PLC0415  only training needs it

    rng = np.random.default_rng(seed)
    weights = _first(rng)
    step = jax.jit(_stepper(jax))
    memory = [[np.zeros_like(each) for each in weights] for _ in range(2)]
    total = epochs * (len(given.cells) // BATCH)
    for turn in range(total):
        if turn % (total // epochs) == 0:
            order = rng.permutation(len(given.cells))
        start = turn % (total // epochs) * BATCH
        which = order[start : start + BATCH]
        rate = PEAK * min(1, 8 * turn / total) * 0.5 * (1 + np.cos(np.pi * turn / total))
        batch = _varied(rng, given, which)
        weights, memory = step(weights, memory, batch, rate, turn + 1.0)
    return [np.asarray(each) for each in weights]


def _first(rng: np.random.Generator) -> list[Array]:
    shapes = [(KERNEL * KERNEL * CHANNELS, WIDTH), (KERNEL * KERNEL * WIDTH, WIDTH)]
    shapes += [(4 * WIDTH, HIDDEN), (HIDDEN, 3)]
    weights: list[Array] = []
    for rows, columns in shapes:
        spread = np.sqrt(2 / rows)
        weights.append((rng.normal(size=(rows, columns)) * spread).astype(np.float32))
        weights.append(np.zeros(columns, np.float32))
    return weights


def _varied(rng: np.random.Generator, given: Lesson, which: Array) -> tuple[Array, ...]:
    """A batch, each picture mirrored or not by chance."""
    cells, held = (
        given.cells[which].astype(np.float32),
        given.held[which].astype(np.float32),
    )
    for index in np.flatnonzero(rng.random(len(which)) < 0.5):
        wide = int(held[index].any(axis=0).sum())
        cells[index, :, :wide] = cells[index, :, :wide][:, ::-1].copy()
    return cells, held, given.wanted[which], given.weights[which]


def _stepper(jax: Any) -> Any:  # noqa: ANN401 (jax has no types that are followed)
    def loss(weights: Any, batch: Any) -> Any:  # noqa: ANN401
        cells, held, target, counts = batch
        chances = jax.nn.log_softmax(_logits(jax, weights, cells, held))
        surprise = -(target * chances).sum(axis=1)
        return (surprise * counts).mean()

    def step(weights: Any, memory: Any, batch: Any, rate: Any, turn: Any) -> Any:  # noqa: ANN401
        slopes = jax.grad(loss)(weights, batch)
        first = [0.9 * old + 0.1 * new for old, new in zip(memory[0], slopes, strict=True)]
        second = [0.99 * old + 0.01 * new**2 for old, new in zip(memory[1], slopes, strict=True)]
        ready = [
            (one / (1 - 0.9**turn)) / (jax.numpy.sqrt(two / (1 - 0.99**turn)) + 1e-7)
            for one, two in zip(first, second, strict=True)
        ]
        moved = [old - rate * (way + DECAY * old) for old, way in zip(weights, ready, strict=True)]
        return moved, [first, second]

    return step


def _logits(jax: Any, weights: Any, cells: Any, held: Any) -> Any:  # noqa: ANN401
    """Of a padded batch, what imagetoprompt.geometry.network says before the softmax."""
    xp, mask, seen = jax.numpy, held[..., None], cells
    for kernel, bias in ((weights[0], weights[1]), (weights[2], weights[3])):
        folded = kernel.reshape(KERNEL, KERNEL, -1, WIDTH)
        order = ("NHWC", "HWIO", "NHWC")
        summed = jax.lax.conv_general_dilated(seen, folded, (1, 1), "SAME", dimension_numbers=order)
        seen = xp.maximum(summed + bias, 0) * mask
    count = mask.sum(axis=(1, 2))
    mean = seen.sum(axis=(1, 2)) / count
    spread = xp.sqrt(xp.maximum((seen**2).sum(axis=(1, 2)) / count - mean**2, 0) + 1e-6)
    lower = (cells[..., -1:] > LOWER) * mask
    under = (seen * lower).sum(axis=(1, 2)) / xp.maximum(lower.sum(axis=(1, 2)), 1)
    pooled = xp.concatenate([mean, spread, seen.max(axis=(1, 2)), under], axis=-1)
    hidden = xp.maximum(pooled @ weights[4] + weights[5], 0)
    return hidden @ weights[6] + weights[7]
