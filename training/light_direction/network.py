"""Train the network of imagetoprompt.analysis.lighting by gradient descent, with torch."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from imagetoprompt.analysis.lighting import DIRECTION_CLASSES, FACING_VALUES
from training.gradient_descent import (
    TrainingSchedule,
    apply_layer,
    conv_and_norm_layers,
    train_network,
)
from training.light_direction.training_examples import CASTS, LightDirectionExamples

LAYERS = (
    (5, 4, 16, 2),
    (3, 16, 32, 2),
    (3, 32, 32, 1),
    (3, 32, 64, 2),
    (3, 64, 64, 1),
    (3, 64, 96, 2),
    (3, 96, 96, 1),
    (3, 96, 128, 2),
)
# Early layers see how sharp an edge of shade is, the last ones what shape it has.
POOLED = (0, 2, 4, 6, 7)
# The last layer, narrowed, is also read place by place: 4 x 4.
NARROW, PLACES = 16, 16
HIDDEN = 128
PEAK = 3e-3
# What facing, hardness and cast weigh beside direction.
WEIGHTS = (1.0, 1.0, 1.5, 0.7)
EDGES = tuple(
    int(each) for each in np.cumsum((0, DIRECTION_CLASSES, len(FACING_VALUES), 3, len(CASTS)))
)


class LightDirectionNetwork(nn.Module):
    """n x 4 x SIDE x SIDE to n x EDGES[4]: logits of four distributions side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.narrow = nn.Conv2d(LAYERS[-1][2], NARROW, 1)
        pooled = 2 * sum(LAYERS[i][2] for i in POOLED) + NARROW * PLACES
        self.hidden, self.last = nn.Linear(pooled, HIDDEN), nn.Linear(HIDDEN, EDGES[-1])
        self.dropped = nn.Dropout(0.25)

    def pooled(self, seen: Tensor) -> Tensor:
        """What the convolutions make of it."""
        pools: list[Tensor] = []
        for layer, fold in enumerate(self.folds):
            seen = apply_layer(fold, seen)
            if layer in POOLED:
                pools += [seen.mean((2, 3)), seen.amax((2, 3))]
        pools.append(torch.relu(self.narrow(seen)).flatten(1))
        return torch.cat(pools, 1)

    def forward(self, seen: Tensor) -> Tensor:
        """The answers."""
        found: Tensor = self.last(torch.relu(self.hidden(self.dropped(self.pooled(seen)))))
        return found


def train(lesson: LightDirectionExamples, epochs: int, batch: int) -> LightDirectionNetwork:
    """The network after so many epochs."""

    def loss(shader: LightDirectionNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        seen, target, told = _varied(rng, lesson, rows)
        with torch.autocast("cpu", torch.bfloat16):
            found = shader(seen)
        return loss_of(found.float(), target, told)

    return train_network(
        LightDirectionNetwork, len(lesson.seen), loss, TrainingSchedule(epochs, batch, PEAK)
    )


def loss_of(found: Tensor, target: Tensor, told: Tensor) -> Tensor:
    """How wrong the answers are: the cross entropies of the four distributions.

    told: n, 1 where the colors are as they were, so that they tell of the cast.
    """
    losses = torch.zeros(())
    for part, weight in enumerate(WEIGHTS):
        start, end = EDGES[part], EDGES[part + 1]
        wrong = -(target[:, start:end] * torch.log_softmax(found[:, start:end], 1)).sum(1)
        losses = losses + weight * (wrong * told if part == 3 else wrong).mean()
    return losses


def _varied(
    rng: np.random.Generator,
    lesson: LightDirectionExamples,
    rows: Any,  # noqa: ANN401
) -> tuple[Tensor, ...]:
    """These rows mirrored, recolored, brightened, grained and moved at random."""
    seen, target = lesson.seen[rows].astype(np.float32), lesson.wanted[rows].copy()
    count = len(seen)
    mirrored = rng.random(count) < 0.5
    seen[mirrored] = seen[mirrored, :, ::-1]
    target[mirrored, :DIRECTION_CLASSES] = target[mirrored][
        :, (-np.arange(DIRECTION_CLASSES)) % DIRECTION_CLASSES
    ]
    inside = seen[..., 3]
    recolored = rng.random(count) < 0.25
    turn = (rng.uniform(0, 6.28, count) * recolored)[:, None, None]
    gain = np.where(recolored, rng.uniform(0.0, 1.3, count), 1.0)[:, None, None]
    recolor(seen, turn, gain)
    seen[..., 0] *= rng.uniform(0.8, 1.25, (count, 1, 1))
    seen[..., 0] += rng.normal(size=(count, 1, 1)) * 0.15 * inside
    if rng.random() < 0.3:
        grain = rng.standard_normal(seen.shape[:3], np.float32)
        seen[..., 0] += grain * np.float32(rng.uniform(0, 0.12)) * inside
    seen = np.roll(seen, rng.integers(-10, 11, 2), (1, 2))
    planes = torch.from_numpy(np.ascontiguousarray(seen)).permute(0, 3, 1, 2)
    return planes, torch.from_numpy(target), torch.from_numpy((~recolored).astype(np.float32))


def recolor(seen: Any, turn: Any, gain: Any) -> None:  # noqa: ANN401
    """Turn the two axes of color by so many radians, and stretch them: seen n x h x w x 4."""
    a, b = seen[..., 1].copy(), seen[..., 2].copy()
    seen[..., 1] = (a * np.cos(turn) - b * np.sin(turn)) * gain
    seen[..., 2] = (a * np.sin(turn) + b * np.cos(turn)) * gain
