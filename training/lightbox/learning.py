"""learned(lesson, epochs) -> the network of imagetoprompt.shading, by gradient descent with torch.

It does not know how scenes are made, only pictures and the truth of their light.
"""

import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor, distributed, nn

from imagetoprompt.shading import DIRECTIONS, FACINGS
from training.lightbox.lessons import Lesson

# Side, channels in, channels out and stride of each convolution.
LAYERS = (
    (5, 4, 16, 2),
    (3, 16, 32, 2),
    (3, 32, 32, 1),
    (3, 32, 64, 2),
    (3, 64, 64, 1),
    (3, 64, 96, 2),
    (3, 96, 96, 1),
)
# Early layers see how sharp an edge of shade is, the last one what shape it has.
POOLED = (0, 2, 4, 6)
# The last layer, narrowed, is also read place by place: 6 x 6.
NARROW, PLACES = 8, 36
HIDDEN = 96
WORKERS = 2
LEARNED = "learned.pt"
PEAK = 3e-3
# What facing, hardness and cast weigh beside direction.
WEIGHTS = (1.0, 1.0, 1.5, 0.5)
EDGES = (0, DIRECTIONS, DIRECTIONS + len(FACINGS), DIRECTIONS + len(FACINGS) + 3)


class Shader(nn.Module):
    """n x 4 x SIZE x SIZE to n x 34: logits of three distributions, mired / 100, log of doubt."""

    def __init__(self) -> None:
        super().__init__()
        self.folds = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(come, go, side, stride, side // 2, bias=False), nn.BatchNorm2d(go)
            )
            for side, come, go, stride in LAYERS
        )
        self.narrow = nn.Conv2d(LAYERS[-1][2], NARROW, 1)
        pooled = 2 * sum(LAYERS[i][2] for i in POOLED) + NARROW * PLACES
        self.hidden, self.last = nn.Linear(pooled, HIDDEN), nn.Linear(HIDDEN, EDGES[3] + 2)
        self.dropped = nn.Dropout(0.25)

    def pooled(self, seen: Tensor) -> Tensor:
        """What the convolutions make of it."""
        pools: list[Tensor] = []
        for layer, fold in enumerate(self.folds):
            seen = torch.relu(fold(seen))
            if layer in POOLED:
                pools += [seen.mean((2, 3)), seen.amax((2, 3))]
        pools.append(torch.relu(self.narrow(seen)).flatten(1))
        return torch.cat(pools, 1)

    def forward(self, seen: Tensor) -> Tensor:
        """The answers."""
        found: Tensor = self.last(torch.relu(self.hidden(self.dropped(self.pooled(seen)))))
        return found


@dataclass(frozen=True)
class Course:
    """What is learned, in which round, for how many epochs, in which batches; a folder to meet in.

    The network of the round before lies in the folder, and the one that was learned after this.
    """

    lesson: Lesson
    number: int
    epochs: int
    batch: int
    folder: Path


def learned(lesson: Lesson, rounds: tuple[tuple[int, int], ...]) -> Shader:
    """The network after rounds of so many epochs in batches of some size.

    The rounds after the first go half as fast.

    Two processes share each step: they wait for each other less than two threads do.
    """
    processes = get_context("fork")
    with TemporaryDirectory() as folder:
        for number, (epochs, batch) in enumerate(rounds):
            course = Course(lesson, number, epochs, batch, Path(folder))
            workers = [
                processes.Process(target=_followed, args=(n, course)) for n in range(WORKERS)
            ]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        shader = Shader()
        shader.load_state_dict(torch.load(course.folder / LEARNED))
    return shader.eval()


def _followed(rank: int, course: Course) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    meeting = f"file://{course.folder}/meeting{course.number}"
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=WORKERS)
    shader = Shader().to(memory_format=torch.channels_last)
    if course.number:
        shader.load_state_dict(torch.load(course.folder / LEARNED))
    distributed.barrier()
    lesson, first = course.lesson, 10 * course.number
    torch.manual_seed(first + rank)
    shuffling, varying = np.random.default_rng(first), np.random.default_rng(first + 1 + rank)
    batch, steps = course.batch, len(lesson.seen) // course.batch
    peak, total = PEAK / 2 if course.number else PEAK, course.epochs * steps
    descent = torch.optim.AdamW(shader.parameters(), lr=peak, weight_decay=0.02)
    pace = torch.optim.lr_scheduler.OneCycleLR(descent, peak, total_steps=total, pct_start=0.1)
    began = time.monotonic()
    for epoch in range(course.epochs):
        order, losses = shuffling.permutation(len(lesson.seen)), []
        for step in range(steps):
            rows = order[step * batch + rank : (step + 1) * batch : WORKERS]
            varied = _varied(varying, lesson.seen[rows], lesson.wanted[rows])
            losses.append(_step(shader, descent, *varied))
            pace.step()
        if rank == 0:
            torch.save(shader.state_dict(), course.folder / LEARNED)
            print(f"{epoch} {time.monotonic() - began:.0f} s {np.mean(losses):.3f}", flush=True)


def _step(shader: Shader, descent: Any, seen: Tensor, target: Tensor, told: Tensor) -> float:  # noqa: ANN401
    shader.train()
    descent.zero_grad()
    with torch.autocast("cpu", torch.bfloat16):
        found = shader(seen)
    loss = loss_of(found.float(), target, told)
    loss.backward()
    slopes = [each.grad for each in shader.parameters() if each.grad is not None]
    flat = torch.cat([each.flatten() for each in slopes])
    distributed.all_reduce(flat)
    for slope, part in zip(slopes, flat.split([each.numel() for each in slopes]), strict=True):
        slope.copy_(part.view_as(slope) / WORKERS)
    descent.step()
    return float(loss.detach())


def loss_of(found: Tensor, target: Tensor, told: Tensor) -> Tensor:
    """How wrong the answers are: cross entropies, and how unlikely the mired is.

    told: n, 1 where the colors are as they were, so that they tell of the cast.
    """
    losses = torch.zeros(())
    for start, end, weight in zip(EDGES, EDGES[1:], WEIGHTS, strict=False):
        likely = torch.log_softmax(found[:, start:end], 1)
        losses = losses - weight * (target[:, start:end] * likely).sum(1).mean()
    doubt = found[:, -1].clamp(-3, 2)
    missed = (target[:, -1] - 1.7 - found[:, -2]) / doubt.exp()
    likely = (0.5 * missed.clamp(-6, 6) ** 2 + doubt) * told
    return losses + WEIGHTS[3] * likely.mean()


def _varied(rng: np.random.Generator, seen: np.ndarray, target: np.ndarray) -> tuple[Tensor, ...]:
    """The batch mirrored, recolored, brightened, grained and moved at random."""
    seen, target = seen.astype(np.float32), target.copy()
    if rng.random() < 0.5:
        seen = seen[:, :, ::-1].copy()
        target[:, :DIRECTIONS] = target[:, (-np.arange(DIRECTIONS)) % DIRECTIONS]
    count, inside = len(seen), seen[..., 3]
    recolored = rng.random(count) < 0.3
    turn = (rng.uniform(0, 6.28, count) * recolored)[:, None, None]
    gain = np.where(recolored, rng.uniform(0.2, 1.3, count), 1.0)[:, None, None]
    a, b = seen[..., 1].copy(), seen[..., 2].copy()
    seen[..., 1] = (a * np.cos(turn) - b * np.sin(turn)) * gain
    seen[..., 2] = (a * np.sin(turn) + b * np.cos(turn)) * gain
    seen[..., 0] *= rng.uniform(0.8, 1.25, (count, 1, 1))
    seen[..., 0] += rng.normal(size=(count, 1, 1)) * 0.15 * inside
    if rng.random() < 0.3:
        seen[..., 0] += rng.normal(size=seen.shape[:3]) * rng.uniform(0, 0.12) * inside
    seen = np.roll(seen, rng.integers(-8, 9, 2), (1, 2))
    planes = torch.from_numpy(np.ascontiguousarray(seen)).permute(0, 3, 1, 2)
    return planes, torch.from_numpy(target), torch.from_numpy((~recolored).astype(np.float32))
