"""The network of imagetoprompt.analysis.depth_of_field, and its training with torch."""

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
# After this layer each cell is one part of the picture, whose blur is learned too.
PART_LAYER = 1
POOLED_LAYERS = (0, 1, 3)
HIDDEN_UNITS = 96
CLASS_COUNT = len(LOG2_DIAMETERS)
PEAK_LEARNING_RATE = 2e-3
# Weight of the loss of the parts; that of the whole picture has weight 1.
PART_LOSS_WEIGHT = 0.5
# Standard deviation of the target distribution around the true blur, in octaves.
TARGET_SPREAD = 0.35


class DepthOfFieldNetwork(nn.Module):
    """Input: n x channels x cells x cells. Logits: n x classes, and n x classes x cells x cells."""

    def __init__(self) -> None:
        super().__init__()
        self.folds = conv_and_norm_layers(LAYERS)
        self.part, self.confidence = (
            nn.Conv2d(LAYERS[PART_LAYER][2], n, 1) for n in (CLASS_COUNT, 1)
        )
        pooled = 2 * sum(LAYERS[i][2] for i in POOLED_LAYERS) + 2 * CLASS_COUNT
        self.hidden, self.last = (
            nn.Linear(pooled, HIDDEN_UNITS),
            nn.Linear(HIDDEN_UNITS, CLASS_COUNT),
        )
        self.dropped = nn.Dropout(0.25)

    def forward(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the whole picture, and of each part."""
        pools: list[Tensor] = []
        parts = confidence = seen
        for layer, fold in enumerate(self.folds):
            seen = apply_layer(fold, seen)
            if layer in POOLED_LAYERS:
                pools += [seen.mean((2, 3)), seen.amax((2, 3))]
            if layer == PART_LAYER:
                parts, confidence = self.part(seen), torch.sigmoid(self.confidence(seen))
        # Parts are weighted by their confidence.
        likely = torch.softmax(parts, 1) * confidence
        pools += [likely.mean((2, 3)), likely.amax((2, 3))]
        hidden = torch.relu(self.hidden(self.dropped(torch.cat(pools, 1))))
        return self.last(hidden), parts


def train(
    examples: DepthOfFieldExamples, epochs: int, batch: int, threads: int = 1
) -> DepthOfFieldNetwork:
    """The network trained for `epochs` epochs."""

    def loss_of(network: DepthOfFieldNetwork, rng: np.random.Generator, rows: Any) -> Tensor:  # noqa: ANN401
        return _loss(network, *_varied(rng, examples, rows))

    schedule = TrainingSchedule(epochs, batch, PEAK_LEARNING_RATE, threads=threads)
    return train_network(DepthOfFieldNetwork, len(examples.seen), loss_of, schedule)


def _loss(network: DepthOfFieldNetwork, seen: Tensor, parts: Tensor, whole: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        logits, part_logits = network(seen)
    known = ~torch.isnan(parts)
    part_losses = _cross_entropy(part_logits.float().permute(0, 2, 3, 1)[known], parts[known])
    return _cross_entropy(logits.float(), whole).mean() + (
        PART_LOSS_WEIGHT * part_losses.sum() / max(len(part_losses), 1)
    )


def _cross_entropy(logits: Tensor, width: Tensor) -> Tensor:
    """Cross entropy with a distribution over the classes around the true width."""
    target = torch.exp(
        -(((torch.tensor(LOG2_DIAMETERS) - width[:, None]) / TARGET_SPREAD) ** 2) / 2
    )
    target = target / target.sum(1, keepdim=True)
    return -(target * torch.log_softmax(logits, 1)).sum(1)


def _varied(
    rng: np.random.Generator,
    examples: DepthOfFieldExamples,
    rows: Any,  # noqa: ANN401
) -> tuple[Tensor, ...]:
    """These rows, mirrored and with another contrast at random."""
    seen, parts = examples.seen[rows].copy(), examples.parts[rows].copy()
    mirrored = rng.random(len(rows)) < 0.5
    seen[mirrored], parts[mirrored] = seen[mirrored, :, ::-1], parts[mirrored, :, ::-1]
    gain = rng.uniform(-0.25, 0.25, (len(rows), 1, 1, 1)).astype(np.float32)
    seen[..., :-1] += gain * seen[..., -1:]
    planes = torch.from_numpy(np.ascontiguousarray(seen)).permute(0, 3, 1, 2)
    return planes, torch.from_numpy(parts), torch.from_numpy(examples.whole[rows])
