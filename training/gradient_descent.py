"""descended(make, count, loss_of, course) -> a network that learned from so many examples.

By gradient descent with torch, the same to the last bit on the same machine.
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
    """peak: the highest learning rate. averaged: over about so many of the last steps."""

    epochs: int
    batch: int
    peak: float
    averaged: int = 400
    decay: float = 0.03
    threads: int = 1


def conv_and_norm_layers(layers: Iterable[Layer]) -> nn.ModuleList:
    """The convolutions, each normalized over the batch."""
    return nn.ModuleList(
        nn.Sequential(nn.Conv2d(come, go, side, stride, side // 2, bias=False), nn.BatchNorm2d(go))
        for side, come, go, stride in layers
    )


def apply_layer(fold: nn.Module, seen: Tensor) -> Tensor:
    """One layer: one that keeps the size adds to what comes in."""
    found: Tensor = fold(seen)
    return torch.relu(found + seen if found.shape == seen.shape else found)


def train_network(
    make: Callable[[], Network],
    count: int,
    loss_of: Callable[[Network, np.random.Generator, Any], Tensor],
    course: TrainingSchedule,
) -> Network:
    """The network after the course, its weights averaged over the last steps.

    loss_of: how wrong the network is on these rows of the examples.
    """
    torch.set_num_threads(course.threads)
    torch.manual_seed(0)
    network = make().to(memory_format=torch.channels_last)
    averaged = AveragedModel(
        network, multi_avg_fn=get_ema_multi_avg_fn(1 - 1 / course.averaged), use_buffers=True
    )
    rng, steps = np.random.default_rng(0), count // course.batch
    descent = torch.optim.AdamW(network.parameters(), lr=course.peak, weight_decay=course.decay)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        descent, course.peak, total_steps=course.epochs * steps, pct_start=0.1
    )
    began = time.monotonic()
    for epoch in range(course.epochs):
        order, losses = rng.permutation(count), []
        for step in range(steps):
            network.train()
            descent.zero_grad()
            rows = order[step * course.batch : (step + 1) * course.batch]
            loss = loss_of(network, rng, rows)
            loss.backward()
            descent.step()
            losses.append(float(loss.detach()))
            averaged.update_parameters(network)
            pace.step()
        print(f"{epoch} {time.monotonic() - began:.0f} s {np.mean(losses):.3f}", flush=True)
    network.load_state_dict(averaged.module.state_dict())
    return network.eval()
