"""train_network(make, count, loss_of, schedule): train a network with torch, reproducibly.

The weights are the same to the last bit on the same machine.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

Network = TypeVar("Network", bound=nn.Module)
Layer = tuple[int, int, int, int]
"""Side, channels in, channels out and stride of a convolution."""


@dataclass(frozen=True)
class TrainingSchedule:
    """peak: the highest learning rate. averaged: number of last steps that are averaged."""

    epochs: int
    batch: int
    peak: float
    averaged: int = 400
    decay: float = 0.03
    threads: int = 1


def conv_and_norm_layers(layers: Iterable[Layer]) -> nn.ModuleList:
    """The convolutions, each normalized over the batch."""
    return nn.ModuleList(
        nn.Sequential(
            nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=False), nn.BatchNorm2d(outputs)
        )
        for side, inputs, outputs, stride in layers
    )


def apply_layer(fold: nn.Module, entry: Tensor) -> Tensor:
    """One layer with ReLU; residual if it keeps the size."""
    output: Tensor = fold(entry)
    return torch.relu(output + entry if output.shape == entry.shape else output)


def train_network(
    make: Callable[[], Network],
    count: int,
    loss_of: Callable[[Network, np.random.Generator, Any], Tensor],
    schedule: TrainingSchedule,
) -> Network:
    """The trained network, its weights averaged over the last steps.

    count: number of examples. loss_of: the loss of the network on these rows of the examples.
    """
    torch.set_num_threads(schedule.threads)
    torch.manual_seed(0)
    network = make().to(memory_format=torch.channels_last)
    averaged = AveragedModel(
        network, multi_avg_fn=get_ema_multi_avg_fn(1 - 1 / schedule.averaged), use_buffers=True
    )
    rng, steps = np.random.default_rng(0), count // schedule.batch
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=schedule.peak, weight_decay=schedule.decay
    )
    learning_rate = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, schedule.peak, total_steps=schedule.epochs * steps, pct_start=0.1
    )
    began = time.monotonic()
    for epoch in range(schedule.epochs):
        order, losses = rng.permutation(count), []
        for step in range(steps):
            network.train()
            optimizer.zero_grad()
            rows = order[step * schedule.batch : (step + 1) * schedule.batch]
            loss = loss_of(network, rng, rows)
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
            averaged.update_parameters(network)
            learning_rate.step()
        print(f"{epoch} {time.monotonic() - began:.0f} s {np.mean(losses):.3f}", flush=True)
    network.load_state_dict(averaged.module.state_dict())
    return network.eval()
