"""finished(shader, lesson) -> the network with its last two layers learned anew, to their end.

What the convolutions give is worked out once, so that these rounds take seconds. It does not change
the convolutions.
"""

import numpy as np
import torch
from torch import Tensor, nn

from imagetoprompt.shading import DIRECTIONS
from training.lightbox.learning import EDGES, HIDDEN, Shader, loss_of
from training.lightbox.lessons import Lesson

EPOCHS, BATCH, PEAK, DROPPED, DECAY = 12, 64, 2e-3, 0.3, 0.02


def finished(shader: Shader, lesson: Lesson) -> Shader:
    """The same convolutions under layers that have seen every picture and its mirror image."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    back = lesson.wanted.copy()
    back[:, :DIRECTIONS] = back[:, (-np.arange(DIRECTIONS)) % DIRECTIONS]
    pooled = torch.cat([_pooled(shader, lesson.seen), _pooled(shader, lesson.seen[:, :, ::-1])])
    middle, spread = pooled.mean(0), pooled.std(0) + 1e-3
    wanted = torch.from_numpy(np.concatenate([lesson.wanted, back]))
    head = _fitted((pooled - middle) / spread, wanted)
    hidden, last = head[1], head[4]
    with torch.no_grad():
        shader.hidden.weight.copy_(hidden.weight / spread)
        shader.hidden.bias.copy_(hidden.bias - (hidden.weight / spread) @ middle)
        shader.last.weight.copy_(last.weight)
        shader.last.bias.copy_(last.bias)
    return shader.eval()


@torch.no_grad()
def _pooled(shader: Shader, seen: np.ndarray) -> Tensor:
    shader.eval()
    parts = (
        torch.from_numpy(seen[start : start + BATCH].astype(np.float32)).permute(0, 3, 1, 2)
        for start in range(0, len(seen), BATCH)
    )
    return torch.cat([shader.pooled(part) for part in parts])


def _fitted(pooled: Tensor, wanted: Tensor) -> nn.Sequential:
    head = nn.Sequential(
        nn.Dropout(DROPPED),
        nn.Linear(pooled.shape[1], HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPPED),
        nn.Linear(HIDDEN, EDGES[3] + 2),
    )
    steps = len(pooled) // BATCH
    descent = torch.optim.AdamW(head.parameters(), PEAK, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(descent, PEAK, total_steps=EPOCHS * steps)
    told = torch.ones(BATCH)
    for _ in range(EPOCHS):
        order = torch.randperm(len(pooled))
        for step in range(steps):
            rows = order[step * BATCH : (step + 1) * BATCH]
            descent.zero_grad()
            loss_of(head(pooled[rows]), wanted[rows], told).backward()
            descent.step()
            pace.step()
    return head.eval()
