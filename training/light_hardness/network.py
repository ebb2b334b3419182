"""The network of imagetoprompt.analysis.lighting for hardness, and its training."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from imagetoprompt.analysis.lighting import HARDNESS_CELL, HARDNESS_SIDE
from training.gradient_descent import (
    TrainingSchedule,
    apply_layer,
    conv_and_norm_layers,
    train_network,
)
from training.light_direction.network import rotate_colors
from training.light_direction.shapes import Array
from training.light_hardness.training_examples import HARD, SHADOWLESS, LightHardnessExamples

LAYERS = (
    (5, 4, 24, 2),
    (3, 24, 24, 1),
    (3, 24, 48, 2),
    (3, 48, 48, 1),
    (3, 48, 96, 2),
    (3, 96, 96, 1),
    (3, 96, 96, 1),
)
FEATURE_COUNT = LAYERS[-1][2]
# Learned attention maps; one more is that of shadow borders.
ATTENTION_MAPS = 3
CLASS_COUNT = 3
PEAK_LEARNING_RATE, WEIGHT_DECAY, AVERAGED_STEPS = 4e-3, 0.05, 400
# Side in pixels of the random crop that is learned from.
CROP_SIDE = 128
# Standard deviation of the change of brightness, and maximum grain, in units of the network's
# input.
BRIGHTNESS_SPREAD, MAX_GRAIN = 0.2, 0.15


class LightHardnessNetwork(nn.Module):
    """n x 4 x side x side to n x CLASS_COUNT, and to n x 2 x cells x cells.

    The second: whether there is a border of a shadow, and whether it is hard.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.cell, self.attention = (nn.Conv2d(FEATURE_COUNT, n, 1) for n in (2, ATTENTION_MAPS))
        self.last = nn.Linear(FEATURE_COUNT * (ATTENTION_MAPS + 3), CLASS_COUNT)
        self.dropped = nn.Dropout(0.3)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the whole picture, and of each cell."""
        for fold in self.folds:
            seen = apply_layer(fold, seen)
        cell = self.cell(seen)
        attention = torch.softmax(torch.cat([self.attention(seen), cell[:, :1]], 1).flatten(2), 2)
        attended = (attention @ seen.flatten(2).transpose(1, 2)).flatten(1)
        pools = torch.cat([seen.mean((2, 3)), seen.amax((2, 3)), attended], 1)
        return self.last(self.dropped(pools)), cell


def train(examples: LightHardnessExamples, epochs: int, batch: int) -> LightHardnessNetwork:
    """The network trained for `epochs` epochs."""

    def loss_of(network: LightHardnessNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        seen, borders = augmented(rng, examples.seen[rows], examples.borders[rows])
        kinds, known = (torch.from_numpy(array[rows]) for array in (examples.kinds, examples.known))
        with torch.autocast("cpu", torch.bfloat16):
            logits, cell = network(seen)
        return cross_entropy(logits.float(), kinds) + _border_loss(
            cell.float()[known], borders[known], kinds[known]
        )

    schedule = TrainingSchedule(
        epochs, batch, PEAK_LEARNING_RATE, AVERAGED_STEPS, WEIGHT_DECAY, threads=2
    )
    return train_network(LightHardnessNetwork, len(examples.seen), loss_of, schedule)


def _border_loss(cell: Tensor, borders: Tensor, kinds: Tensor) -> Tensor:
    """The loss of the cells: where borders are, and on borders whether they are hard."""
    border_loss = binary_cross_entropy_with_logits(cell[:, 0], borders)
    relevant = borders * (kinds != SHADOWLESS)[:, None, None]
    hard = (kinds == HARD).float()[:, None, None].expand_as(borders)
    hard_loss = binary_cross_entropy_with_logits(cell[:, 1], hard, reduction="none")
    return border_loss + (hard_loss * relevant).sum() / (relevant.sum() + 1)


def augmented(rng: np.random.Generator, seen: Array, borders: Array) -> tuple[Tensor, Tensor]:
    """These rows, rotated, mirrored, recolored, brightened, with grain, and cropped at random."""
    seen, borders = seen.astype(np.float32), borders.astype(np.float32)
    for index in range(len(seen)):
        turn, mirror = int(rng.integers(4)), 1 - 2 * int(rng.integers(2))
        seen[index] = np.rot90(seen[index], turn)[:, ::mirror]
        borders[index] = np.rot90(borders[index], turn)[:, ::mirror]
    inside, count = seen[..., 3], (len(seen), 1, 1)
    rotate_colors(seen, rng.uniform(0, 2 * np.pi, count), rng.uniform(0.0, 1.4, count))
    seen[..., 0] *= rng.uniform(0.75, 1.3, count)
    seen[..., 0] += rng.normal(size=count) * BRIGHTNESS_SPREAD * inside
    if rng.random() < 0.4:
        grain = rng.standard_normal(inside.shape, np.float32)
        seen[..., 0] += grain * np.float32(rng.uniform(0, MAX_GRAIN)) * inside
    top, left = (
        int(offset)
        for offset in rng.integers(0, (HARDNESS_SIDE - CROP_SIDE) // HARDNESS_CELL + 1, 2)
    )
    seen = seen[
        :,
        HARDNESS_CELL * top : HARDNESS_CELL * top + CROP_SIDE,
        HARDNESS_CELL * left : HARDNESS_CELL * left + CROP_SIDE,
    ]
    borders = borders[
        :, top : top + CROP_SIDE // HARDNESS_CELL, left : left + CROP_SIDE // HARDNESS_CELL
    ]
    planes = torch.from_numpy(np.ascontiguousarray(seen.transpose(0, 3, 1, 2)))
    planes = planes.contiguous(memory_format=torch.channels_last)
    return planes, torch.from_numpy(np.ascontiguousarray(borders))
