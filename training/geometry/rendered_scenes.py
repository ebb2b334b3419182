"""The rendered scenes of bench/scenes with even seeds, and their truth.

Odd seeds are for reporting and not used here.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.scenes.render_all import make_all, record_of


@dataclass(frozen=True)
class Render:
    """A picture of a scene, where it is, and what is true of it (bench/scenes/README.md)."""

    seed: int
    path: Path
    truth: dict[str, Any]


def rendered_scenes(folder: Path, count: int) -> list[Render]:
    """The first `count` even seeds; what is not rendered yet is rendered first."""
    seeds = [2 * number for number in range(count)]
    make_all(seeds, folder)
    rendered = []
    for seed in seeds:
        row = json.loads(record_of(folder, seed).read_text().splitlines()[0])
        rendered.append(Render(seed, folder / row["file"], row))
    return rendered
