"""learned(prints, epochs, batch) -> the network of imagetoprompt.analysis.lighting."""

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
from training.light_direction.network import recolor
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
WIDTH = LAYERS[-1][2]
# Where the network looks for three things of its own choice, and for borders of shadows.
GAZES = 3
CLASSES = 3
PEAK, DECAY, AVERAGED = 4e-3, 0.05, 400
# Of the side, what is looked at of a print while learning: another part each time.
PART = 128
# Deviation of the brightness, and the most of grain, in what `prepared` gives.
BRIGHTER, GRAIN = 0.2, 0.15


class LightHardnessNetwork(nn.Module):
    """n x 4 x SIDE x SIDE to n x CLASSES, and to n x 2 x CELLS x CELLS.

    The second: whether there is a border of a shadow, and whether it is hard.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.cell, self.gaze = (nn.Conv2d(WIDTH, n, 1) for n in (2, GAZES))
        self.last = nn.Linear(WIDTH * (GAZES + 3), CLASSES)
        self.dropped = nn.Dropout(0.3)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """What the whole says, and what each cell says."""
        for fold in self.folds:
            seen = apply_layer(fold, seen)
        cell = self.cell(seen)
        gazes = torch.softmax(torch.cat([self.gaze(seen), cell[:, :1]], 1).flatten(2), 2)
        looked = (gazes @ seen.flatten(2).transpose(1, 2)).flatten(1)
        pools = torch.cat([seen.mean((2, 3)), seen.amax((2, 3)), looked], 1)
        return self.last(self.dropped(pools)), cell


def train(prints: LightHardnessExamples, epochs: int, batch: int) -> LightHardnessNetwork:
    """The network after so many epochs."""

    def loss_of(network: LightHardnessNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        seen, borders = varied(rng, prints.seen[rows], prints.borders[rows])
        kinds, known = (torch.from_numpy(each[rows]) for each in (prints.kinds, prints.known))
        with torch.autocast("cpu", torch.bfloat16):
            told, cell = network(seen)
        return cross_entropy(told.float(), kinds) + _missed(
            cell.float()[known], borders[known], kinds[known]
        )

    course = TrainingSchedule(epochs, batch, PEAK, AVERAGED, DECAY, threads=2)
    return train_network(LightHardnessNetwork, len(prints.seen), loss_of, course)


def _missed(cell: Tensor, borders: Tensor, kinds: Tensor) -> Tensor:
    """How wrong the cells are: of where borders run, and there of whether they are hard."""
    there = binary_cross_entropy_with_logits(cell[:, 0], borders)
    asked = borders * (kinds != SHADOWLESS)[:, None, None]
    hard = (kinds == HARD).float()[:, None, None].expand_as(borders)
    wrong = binary_cross_entropy_with_logits(cell[:, 1], hard, reduction="none")
    return there + (wrong * asked).sum() / (asked.sum() + 1)


def varied(rng: np.random.Generator, seen: Array, borders: Array) -> tuple[Tensor, Tensor]:
    """These rows turned, mirrored, recolored, brightened, grained, and a part of each."""
    seen, borders = seen.astype(np.float32), borders.astype(np.float32)
    for each in range(len(seen)):
        turn, mirror = int(rng.integers(4)), 1 - 2 * int(rng.integers(2))
        seen[each] = np.rot90(seen[each], turn)[:, ::mirror]
        borders[each] = np.rot90(borders[each], turn)[:, ::mirror]
    inside, count = seen[..., 3], (len(seen), 1, 1)
    recolor(seen, rng.uniform(0, 2 * np.pi, count), rng.uniform(0.0, 1.4, count))
    seen[..., 0] *= rng.uniform(0.75, 1.3, count)
    seen[..., 0] += rng.normal(size=count) * BRIGHTER * inside
    if rng.random() < 0.4:
        grain = rng.standard_normal(inside.shape, np.float32)
        seen[..., 0] += grain * np.float32(rng.uniform(0, GRAIN)) * inside
    top, left = (
        int(each) for each in rng.integers(0, (HARDNESS_SIDE - PART) // HARDNESS_CELL + 1, 2)
    )
    seen = seen[
        :,
        HARDNESS_CELL * top : HARDNESS_CELL * top + PART,
        HARDNESS_CELL * left : HARDNESS_CELL * left + PART,
    ]
    borders = borders[:, top : top + PART // HARDNESS_CELL, left : left + PART // HARDNESS_CELL]
    planes = torch.from_numpy(np.ascontiguousarray(seen.transpose(0, 3, 1, 2)))
    planes = planes.contiguous(memory_format=torch.channels_last)
    return planes, torch.from_numpy(np.ascontiguousarray(borders))
