"""`python -m bench.speed`: time and memory against the budgets, as Markdown tables.

    python -m bench.speed             everything, about two minutes
    python -m bench.speed --quick     fewer runs

It only reports, and never fails. Accuracy is measured by bench.accuracy.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.pictures import EXAMPLES, enlarged
from bench.timing import Times, machine, peak_megabytes, process, timed, times
from imagetoprompt import describe, open_picture, write
from imagetoprompt.core.scene import FACETS, Scene
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import classify, detect, find_key_points
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.targets import TARGETS

MEGAPIXELS: Final = (0.3, 1.0, 12.0)
WITHOUT_TEXT: Final = tuple(facet for facet in FACETS if facet != "text")


@dataclass(frozen=True)
class Row:
    """One line of the table: what, its budget in words, and what was measured."""

    what: str
    budget: str
    median: str
    p90: str = ""
    memory: str = ""


def main() -> None:
    """Measure everything and print the tables."""
    runs = 1 if "--quick" in sys.argv else 4
    with tempfile.TemporaryDirectory() as folder:
        pictures = {size: enlarged(Path(folder), size) for size in MEGAPIXELS}
        _warm(pictures[1.0][0])
        print(f"{machine()}\n")
        _print(
            ("what", "budget", "median", "p90", "peak memory"), map(_cells, _rows(pictures, runs))
        )
        print("\nOne observer after the other at 1 MP; the first to need a network pays for it:\n")
        _print(("part", "median", "share"), _shares(pictures[1.0], runs))


def _warm(picture: Path) -> None:
    _write_all(describe(picture))


def _write_all(scene: Scene) -> None:
    for target in TARGETS:
        write(scene, target)


def _look(name: str, picture: Picture) -> None:
    list(OBSERVERS[name].observe(picture))


def _rows(pictures: dict[float, list[Path]], runs: int) -> Iterator[Row]:
    for size in MEGAPIXELS:
        yield _describing(pictures[size], runs, WITHOUT_TEXT)
        yield _describing(pictures[size], runs, FACETS)
    yield _timed("the packaged networks alone, 1 MP", "", _floor(pictures[1.0], runs))
    scenes = [describe(path) for path in pictures[1.0]]
    writing = (timed(partial(_write_all, scene)) for _ in range(runs) for scene in scenes)
    yield _timed("write all seven prompts", "5 ms", Times(tuple(writing)))
    cold = times(runs + 2, process("-m", "imagetoprompt", str(EXAMPLES / "coffee.jpg")))
    yield _timed("first prompt, cold command line", "2500 ms", cold)
    yield _timed(
        "`imagetoprompt --help`", "", times(runs + 2, process("-m", "imagetoprompt", "-h"))
    )
    bare = times(5, process("-c", "pass")).median
    yield _importing(times(5, process("-c", "import imagetoprompt")), bare)
    yield _batch(pictures[1.0], runs)


def _describing(paths: list[Path], runs: int, facets: tuple[str, ...]) -> Row:
    words = "with text" if "text" in facets else "without text"
    size = paths[0].stem.rpartition("-")[2]
    seconds = (timed(partial(describe, p, only=facets)) for _ in range(runs) for p in paths)
    row = _timed(
        f"describe, {size} JPEG, {words}", BUDGETS.get((size, words), ""), Times(tuple(seconds))
    )
    code = f"import imagetoprompt as i; i.describe({str(paths[0])!r}, only={facets!r})"
    return Row(row.what, row.budget, row.median, row.p90, f"{peak_megabytes(code):.0f} MB")


BUDGETS: Final = {
    ("1MP", "without text"): "150 ms, 600 MB",
    ("1MP", "with text"): "300 ms, 600 MB",
    ("12MP", "with text"): "350 ms, 600 MB",
}
"""Goals: median time on two cores, and peak memory of one describe."""


def _floor(paths: list[Path], runs: int) -> Times:
    """Every packaged network but the reader of text, once per picture, already decoded."""
    return Times(
        tuple(timed(partial(_networks, open_picture(p))) for _ in range(runs) for p in paths)
    )


def _networks(picture: Picture) -> None:
    classify(picture)
    for person in [thing for thing in detect(picture) if thing.label == "person"][:3]:
        find_key_points(picture, person.box)


def _importing(loaded: Times, bare: float) -> Row:
    return Row("`import imagetoprompt`", "", _milliseconds(loaded.median - bare))


def _batch(paths: list[Path], runs: int) -> Row:
    os.environ["IMAGETOPROMPT_THREADS"] = "1"
    work = [path for _ in range(2 * runs) for path in paths]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_batched, paths))
        seconds = timed(lambda: list(pool.map(_batched, work, chunksize=2)))
    return Row("batch of 1 MP, two processes", "10 a second", f"{len(work) / seconds:.1f} a second")


def _batched(path: Path) -> int:
    return len(describe(path, only=WITHOUT_TEXT).facts)


def _shares(paths: list[Path], runs: int) -> Iterator[tuple[str, ...]]:
    parts: dict[str, list[float]] = {}
    for path in paths * runs:
        parts.setdefault("open", []).append(timed(partial(open_picture, path)))
        picture = open_picture(path)
        for name in OBSERVERS:
            seconds = timed(partial(_look, name, picture))
            parts.setdefault(name, []).append(seconds)
    medians = {name: Times(tuple(seconds)).median for name, seconds in parts.items()}
    whole = sum(medians.values())
    for name, median in medians.items():
        yield name, _milliseconds(median), f"{median / whole:.0%}"
    yield "sum", _milliseconds(whole), ""


def _timed(what: str, budget: str, measured: Times) -> Row:
    return Row(what, budget, _milliseconds(measured.median), _milliseconds(measured.p90))


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def _cells(row: Row) -> tuple[str, ...]:
    return row.what, row.budget, row.median, row.p90, row.memory


def _print(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    for cells in (head, ("---",) * len(head)):
        print(f"| {' | '.join(cells)} |")
    for cells in rows:
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
