"""The network of imagetoprompt.analysis.lighting for light direction, and its training."""

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
from training.light_direction.training_examples import CAST_MIREDS, LightDirectionExamples

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
# Layers whose mean and maximum are read: early ones see how sharp an edge of shade is, the last
# ones its shape.
POOLED_LAYERS = (0, 2, 4, 6, 7)
# The last layer, reduced to 16 channels, is also read cell by cell: 4 x 4.
NARROW_CHANNELS, FINAL_CELLS = 16, 16
HIDDEN_UNITS = 128
PEAK_LEARNING_RATE = 3e-3
# Weights of the losses of direction, facing, hardness and color cast.
LOSS_WEIGHTS = (1.0, 1.0, 1.5, 0.7)
OUTPUT_EDGES = tuple(
    int(edge) for edge in np.cumsum((0, DIRECTION_CLASSES, len(FACING_VALUES), 3, len(CAST_MIREDS)))
)


class LightDirectionNetwork(nn.Module):
    """n x 4 x INPUT_SIDE x INPUT_SIDE to n x OUTPUT_EDGES[4]: logits of four distributions."""

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.narrow = nn.Conv2d(LAYERS[-1][2], NARROW_CHANNELS, 1)
        pooled = 2 * sum(LAYERS[i][2] for i in POOLED_LAYERS) + NARROW_CHANNELS * FINAL_CELLS
        self.hidden, self.last = (
            nn.Linear(pooled, HIDDEN_UNITS),
            nn.Linear(HIDDEN_UNITS, OUTPUT_EDGES[-1]),
        )
        self.dropped = nn.Dropout(0.25)

    def pooled(self, seen: Tensor) -> Tensor:
        """Means and maxima of the layers, and the cells of the last one."""
        pools: list[Tensor] = []
        for layer, fold in enumerate(self.folds):
            seen = apply_layer(fold, seen)
            if layer in POOLED_LAYERS:
                pools += [seen.mean((2, 3)), seen.amax((2, 3))]
        pools.append(torch.relu(self.narrow(seen)).flatten(1))
        return torch.cat(pools, 1)

    def forward(self, seen: Tensor) -> Tensor:
        """The logits of the four distributions."""
        logits: Tensor = self.last(torch.relu(self.hidden(self.dropped(self.pooled(seen)))))
        return logits


def train(examples: LightDirectionExamples, epochs: int, batch: int) -> LightDirectionNetwork:
    """The network trained for `epochs` epochs."""

    def loss(network: LightDirectionNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        seen, target, color_known = _augmented(rng, examples, rows)
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(seen)
        return loss_of(logits.float(), target, color_known)

    return train_network(
        LightDirectionNetwork,
        len(examples.seen),
        loss,
        TrainingSchedule(epochs, batch, PEAK_LEARNING_RATE),
    )


def loss_of(logits: Tensor, target: Tensor, color_known: Tensor) -> Tensor:
    """The weighted sum of the cross entropies of the four distributions.

    color_known: n, 1 where the colors are unaltered, so that the color cast can be learned.
    """
    losses = torch.zeros(())
    for part, weight in enumerate(LOSS_WEIGHTS):
        start, end = OUTPUT_EDGES[part], OUTPUT_EDGES[part + 1]
        loss = -(target[:, start:end] * torch.log_softmax(logits[:, start:end], 1)).sum(1)
        losses = losses + weight * (loss * color_known if part == 3 else loss).mean()
    return losses


def _augmented(
    rng: np.random.Generator,
    examples: LightDirectionExamples,
    rows: Any,  # noqa: ANN401
) -> tuple[Tensor, ...]:
    """These rows, mirrored, recolored, brightened, with grain and shifted at random."""
    seen, target = examples.seen[rows].astype(np.float32), examples.targets[rows].copy()
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
    rotate_colors(seen, turn, gain)
    seen[..., 0] *= rng.uniform(0.8, 1.25, (count, 1, 1))
    seen[..., 0] += rng.normal(size=(count, 1, 1)) * 0.15 * inside
    if rng.random() < 0.3:
        grain = rng.standard_normal(seen.shape[:3], np.float32)
        seen[..., 0] += grain * np.float32(rng.uniform(0, 0.12)) * inside
    seen = np.roll(seen, rng.integers(-10, 11, 2), (1, 2))
    planes = torch.from_numpy(np.ascontiguousarray(seen)).permute(0, 3, 1, 2)
    return planes, torch.from_numpy(target), torch.from_numpy((~recolored).astype(np.float32))


def rotate_colors(seen: Any, turn: Any, gain: Any) -> None:  # noqa: ANN401
    """Rotate the color plane by `turn` radians and scale it by `gain`: seen n x h x w x 4."""
    a, b = seen[..., 1].copy(), seen[..., 2].copy()
    seen[..., 1] = (a * np.cos(turn) - b * np.sin(turn)) * gain
    seen[..., 2] = (a * np.sin(turn) + b * np.cos(turn)) * gain
