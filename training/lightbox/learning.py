"""The network of imagetoprompt.shading, learned by gradient descent with jax.

It does not know how scenes are made, only pictures and the truth of their light.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from imagetoprompt.shading import DIRECTIONS, FACINGS, SIZE
from training.lightbox.scenes import Truth

# Side, channels in, channels out and stride of each convolution.
LAYERS = (
    (5, 4, 16, 2),
    (3, 16, 32, 2),
    (3, 32, 32, 1),
    (3, 32, 64, 2),
    (3, 64, 64, 1),
    (3, 64, 96, 2),
)
POOLED = (0, 2, 5)
HIDDEN = 64
BATCH = 64
PEAK = 2e-3
# What facing and hardness weigh beside direction.
FACING_WEIGHT, HARDNESS_WEIGHT = 0.7, 1.5


@dataclass(frozen=True)
class Lesson:
    """seen: n x SIZE x SIZE x 4 as float16; wanted: n x 32, three distributions side by side."""

    seen: np.ndarray
    wanted: np.ndarray


def wanted(truth: Truth) -> np.ndarray:
    """The distributions that a perfect answer has: wide where the light has no clear direction."""
    right, up, toward = truth.toward
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    aside = min(1.0, float(np.hypot(right, up)) / 0.6)
    narrow = 0.0 if truth.radius is None else 14 * aside**2
    directions = np.exp(narrow * (np.cos(angles - np.arctan2(right, up)) - 1))
    away = (np.array(FACINGS) - toward) / 0.22
    facings = np.ones(len(FACINGS)) if truth.radius is None else np.exp(-(away**2))
    # From 3 to 14 degrees a lamp turns from hard to soft.
    hard = 0.0 if truth.radius is None else float(np.clip((14 - truth.radius) / 11, 0, 1))
    hardness = (0.0, 0.0, 1.0) if truth.radius is None else (hard, 1 - hard, 0.0)
    parts = directions / directions.sum(), facings / facings.sum(), hardness
    return np.concatenate(parts).astype(np.float32)


def learned(lesson: Lesson, epochs: int) -> list[np.ndarray]:
    """The weights, kernel and bias of each layer in turn."""
    import jax  # noqa: PLC0415  only training needs it

    grow = jax.jit(jax.value_and_grad(_loss))
    weights = _first()
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    rng, total = np.random.default_rng(0), epochs * (len(lesson.seen) // BATCH)
    order = np.concatenate([rng.permutation(len(lesson.seen)) for _ in range(epochs)])
    for step in range(1, total + 1):
        rows = order[(step - 1) * BATCH : step * BATCH]
        loss, slopes = grow(weights, *_varied(rng, lesson.seen[rows], lesson.wanted[rows]))
        rate = PEAK * min(1, step / 200) * (0.5 + 0.5 * np.cos(np.pi * step / total)) + 1e-5
        for i, slope in enumerate(np.asarray(each) for each in slopes):  # Adam
            means[i] = 0.9 * means[i] + 0.1 * slope
            squares[i] = 0.999 * squares[i] + 0.001 * slope**2
            scale = np.sqrt(squares[i] / (1 - 0.999**step)) + 1e-8
            weights[i] = weights[i] * (1 - rate / 100) - rate * means[i] / (1 - 0.9**step) / scale
        if step % 100 == 0:
            print(f"step {step} of {total}: loss {float(loss):.3f}", flush=True)
    return weights


def _first() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    pooled = 2 * sum(LAYERS[i][2] for i in POOLED)
    shapes = [(side, side, come, go) for side, come, go, _ in LAYERS]
    dense = [(pooled, HIDDEN), (HIDDEN, DIRECTIONS + len(FACINGS) + 3)]
    weights: list[np.ndarray] = []
    for shape in (*shapes, *dense):
        kernel = rng.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1]))
        weights += [kernel.astype(np.float32), np.zeros(shape[-1], np.float32)]
    return weights


def _loss(weights: list[Any], seen: Any, target: Any) -> Any:  # noqa: ANN401  jax's own arrays
    import jax  # noqa: PLC0415
    import jax.numpy as jnp  # noqa: PLC0415

    pools = []
    for layer, (_, _, _, stride) in enumerate(LAYERS):
        seen = jax.lax.conv_general_dilated(
            seen,
            weights[2 * layer],
            (stride, stride),
            "SAME",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )
        seen = jax.nn.relu(seen + weights[2 * layer + 1])
        if layer in POOLED:
            pools += [seen.mean((1, 2)), seen.max((1, 2))]
    hidden = jax.nn.relu(jnp.concatenate(pools, -1) @ weights[12] + weights[13])
    found = hidden @ weights[14] + weights[15]
    edge, losses = DIRECTIONS + len(FACINGS), []
    for start, end, weight in (
        (0, DIRECTIONS, 1.0),
        (DIRECTIONS, edge, FACING_WEIGHT),
        (edge, edge + 3, HARDNESS_WEIGHT),
    ):
        likely = jax.nn.log_softmax(found[:, start:end])
        losses.append(-weight * (target[:, start:end] * likely).sum(1).mean())
    return sum(losses)


def _varied(
    rng: np.random.Generator, seen: np.ndarray, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The batch mirrored, recolored, brightened, grained and moved at random."""
    seen, target = seen.astype(np.float32), target.copy()
    if rng.random() < 0.5:
        seen = seen[:, :, ::-1].copy()
        target[:, :DIRECTIONS] = target[:, (-np.arange(DIRECTIONS)) % DIRECTIONS]
    count, inside = len(seen), seen[..., 3]
    turn = (rng.uniform(0, 6.28, count) * (rng.random(count) < 0.5))[:, None, None]
    gain = rng.uniform(0.3, 1.3, (count, 1, 1))
    a, b = seen[..., 1].copy(), seen[..., 2].copy()
    seen[..., 1] = (a * np.cos(turn) - b * np.sin(turn)) * gain
    seen[..., 2] = (a * np.sin(turn) + b * np.cos(turn)) * gain
    seen[..., 0] *= rng.uniform(0.8, 1.25, (count, 1, 1))
    seen[..., 0] += rng.normal(size=(count, 1, 1)) * 0.15 * inside
    if rng.random() < 0.3:
        seen[..., 0] += rng.normal(size=(count, SIZE, SIZE)) * 0.06 * inside
    return np.roll(seen, rng.integers(-6, 7, 2), (1, 2)), target
