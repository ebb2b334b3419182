"""learned(examples, epochs, batch) -> the network of imagetoprompt.analysis.depth_of_field."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from imagetoprompt.analysis.depth_of_field import INPUT_CHANNELS, LOG2_DIAMETERS
from training.depth_of_field.training_examples import DepthOfFieldExamples
from training.gradient_descent import (
    TrainingSchedule,
    apply_layer,
    conv_and_norm_layers,
    train_network,
)

LAYERS = ((3, INPUT_CHANNELS, 48, 1), (3, 48, 48, 1), (3, 48, 64, 2), (3, 64, 64, 1))
# After this layer one place is one part of the picture, whose blur is learned by itself.
PARTED = 1
POOLED = (0, 1, 3)
HIDDEN = 96
CLASSES = len(LOG2_DIAMETERS)
PEAK = 2e-3
# Of the loss: that of the parts beside that of the whole.
PARTS = 0.5
# Deviation, in octaves, of what counts as the right width.
WIDE = 0.35


class DepthOfFieldNetwork(nn.Module):
    """n x CHANNELS x CELLS x CELLS to n x CLASSES, and to n x CLASSES x CELLS x CELLS."""

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.part, self.sure = (nn.Conv2d(LAYERS[PARTED][2], n, 1) for n in (CLASSES, 1))
        pooled = 2 * sum(LAYERS[i][2] for i in POOLED) + 2 * CLASSES
        self.hidden, self.last = nn.Linear(pooled, HIDDEN), nn.Linear(HIDDEN, CLASSES)
        self.dropped = nn.Dropout(0.25)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """What the whole says, and what each part says."""
        pools: list[Tensor] = []
        parts = sure = seen
        for layer, fold in enumerate(self.folds):
            seen = apply_layer(fold, seen)
            if layer in POOLED:
                pools += [seen.mean((2, 3)), seen.amax((2, 3))]
            if layer == PARTED:
                parts, sure = self.part(seen), torch.sigmoid(self.sure(seen))
        # Each part counts as much as it is sure.
        likely = torch.softmax(parts, 1) * sure
        pools += [likely.mean((2, 3)), likely.amax((2, 3))]
        hidden = torch.relu(self.hidden(self.dropped(torch.cat(pools, 1))))
        return self.last(hidden), parts


def train(
    examples: DepthOfFieldExamples, epochs: int, batch: int, threads: int = 1
) -> DepthOfFieldNetwork:
    """The network after so many epochs."""

    def loss_of(focuser: DepthOfFieldNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        return _loss(focuser, *_varied(rng, examples, rows))

    course = TrainingSchedule(epochs, batch, PEAK, threads=threads)
    return train_network(DepthOfFieldNetwork, len(examples.seen), loss_of, course)


def _loss(focuser: DepthOfFieldNetwork, seen: Tensor, parts: Tensor, whole: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        told, told_parts = focuser(seen)
    known = ~torch.isnan(parts)
    each = _missed(told_parts.float().permute(0, 2, 3, 1)[known], parts[known])
    return _missed(told.float(), whole).mean() + PARTS * each.sum() / max(len(each), 1)


def _missed(told: Tensor, width: Tensor) -> Tensor:
    """Cross entropy from the classes around the true width."""
    target = torch.exp(-(((torch.tensor(LOG2_DIAMETERS) - width[:, None]) / WIDE) ** 2) / 2)
    target = target / target.sum(1, keepdim=True)
    return -(target * torch.log_softmax(told, 1)).sum(1)


def _varied(
    rng: np.random.Generator,
    examples: DepthOfFieldExamples,
    rows: Any,  # noqa: ANN401
) -> tuple[Tensor, ...]:
    """These rows mirrored, with more or less contrast."""
    seen, parts = examples.seen[rows].copy(), examples.parts[rows].copy()
    mirrored = rng.random(len(rows)) < 0.5
    seen[mirrored], parts[mirrored] = seen[mirrored, :, ::-1], parts[mirrored, :, ::-1]
    louder = rng.uniform(-0.25, 0.25, (len(rows), 1, 1, 1)).astype(np.float32)
    seen[..., :-1] += louder * seen[..., -1:]
    planes = torch.from_numpy(np.ascontiguousarray(seen)).permute(0, 3, 1, 2)
    return planes, torch.from_numpy(parts), torch.from_numpy(examples.whole[rows])
