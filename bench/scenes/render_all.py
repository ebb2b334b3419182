"""make_all(seeds, folder): render what is not rendered yet, and gather the truth in one file."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.scenes.develop import develop, jpeg
from bench.scenes.motion import moved
from bench.scenes.plan import plan
from bench.scenes.spec import SceneSpec, split_of
from bench.scenes.truth import Json, truth

VERSION: Final = "1"
"""Part of every file name: pictures of an older generator are not mixed with those of this one."""

SHAKEN_INTERVAL: Final = 3
"""One scene in so many is also made with motion blur, beside the same scene at rest."""


def make_all(seeds: Sequence[int], folder: Path, processes: int = 2) -> Path:
    """Render every seed; return the path of truth-<split>.jsonl, with one line for each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not record_of(folder, seed).exists()]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(make, missing, [folder] * len(missing)), start=1):
            print(f"\rrendered {done} of {len(missing)}", end="", flush=True)
    print()
    for split in sorted({split_of(seed) for seed in seeds}):
        path = gather(folder, split)
    return path


def make(seed: int, folder: Path) -> None:
    """Render one seed: its pictures, and last its record, which marks it as done."""
    spec = plan(seed)
    # Here, since reading what is rendered needs no renderer.
    from bench.scenes.render import render  # noqa: PLC0415

    seen = render(spec)
    rows = []
    for name, light, shaken in _takes(spec, seen.light):
        pixels = develop(light, spec.film, seed)
        (folder / name).write_bytes(jpeg(pixels, spec.film.jpeg))
        row = truth(spec, seen.names, (seen.shown, seen.depth), pixels)
        rows.append({"file": name, **(row | shaken)})
    partial = record_of(folder, seed).with_suffix(".partial")
    partial.write_text("".join(json.dumps(row) + "\n" for row in rows))
    partial.rename(record_of(folder, seed))


def record_of(folder: Path, seed: int) -> Path:
    """Where the truth of one seed is kept."""
    return folder / f"v{VERSION}-{seed:05d}.json"


def gather(folder: Path, split: str) -> Path:
    """One file with the truth of every rendered seed of the split, in order of seeds."""
    path = folder / f"truth-{split}.jsonl"
    records = sorted(folder.glob(f"v{VERSION}-*.json"))
    mine = [record for record in records if split_of(int(record.stem.split("-")[1])) == split]
    path.write_text("".join(record.read_text() for record in mine))
    return path


def _takes(
    spec: SceneSpec, light: NDArray[np.float64]
) -> Iterator[tuple[str, NDArray[np.float64], Json]]:
    """The scene at rest, and for some seeds also shaken."""
    yield f"v{VERSION}-{spec.seed:05d}.jpg", light, {}
    if (spec.seed // 2) % SHAKEN_INTERVAL:
        return
    rng = np.random.default_rng([spec.seed, 1])
    length, angle = float(rng.uniform(0.025, 0.09)), float(rng.uniform(0, 180))
    pixels = length * spec.view.size[1]
    known: Json = {
        "kind": "shaken",
        "focus": {"motion": round(length, 4), "motion_angle": round(angle, 1)},
    }
    yield f"v{VERSION}-{spec.seed:05d}-shaken.jpg", moved(light, pixels, angle), known
