"""`python -m bench.server.fuzz`: mutated files against a live server; only 2xx and 4xx may come.

    python -m bench.server.fuzz                 2,000 files, some minutes
    python -m bench.server.fuzz --count 200 --seed 7

Files that did harm are kept in bench/out/fuzz. It ends with status 1 when there were any, or when
memory grew.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from bench.pictures import EXAMPLES
from bench.server.caller import Caller
from bench.server.live import Live, serving
from bench.server.mutants import mutants

OUT: Final = Path(__file__).parent.parent / "out" / "fuzz"
AT_ONCE: Final = 4
GROWTH: Final = 200.0
"""Megabytes by which the server itself may grow: what Python keeps of its largest request. Workers
are replaced when they grow."""


@dataclass
class Tally:
    """What came of it."""

    codes: Counter[int] = field(default_factory=Counter)
    ways: Counter[tuple[str, int]] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def main() -> int:
    """Run, tell, and say whether all was well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as live:
        _warm(live)
        before = live.memory()
        tally = _run(live, given.count, given.seed)
        _warm(live)
        after = live.memory()
        said = live.said()
    return _told(tally, before, after, said)


def _warm(live: Live) -> None:
    with Caller(live.url) as caller:
        for _ in range(6):
            for name in ("coffee", "poster"):
                caller.describe((EXAMPLES / f"{name}.jpg").read_bytes()).raise_for_status()


def _run(live: Live, count: int, seed: int) -> Tally:
    tally, callers = Tally(), [Caller(live.url) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = []
        for number, (name, data) in enumerate(mutants(count, seed)):
            jobs.append(pool.submit(_one, callers[number % AT_ONCE], name, data, tally))
            if len(jobs) == 10 * AT_ONCE:
                _wait(jobs, number + 1, count, live)
        _wait(jobs, count, count, live)
    return tally


def _wait(jobs: list, number: int, count: int, live: Live) -> None:  # type: ignore[type-arg]
    for job in jobs:
        job.result()
    jobs.clear()
    own, workers = live.memory()
    print(f"\r{number}/{count}  server {own:.0f} MB, workers {workers:.0f} MB ", end="", flush=True)


def _one(caller: Caller, name: str, data: bytes, tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        got = caller.describe(data)
        code, text = got.status_code, got.text
    except httpx.HTTPError as error:
        code, text = 0, repr(error)
    seconds = time.perf_counter() - begun
    tally.codes[code] += 1
    tally.ways[name.split(" ", 2)[2], code] += 1
    tally.slowest = max(tally.slowest, (seconds, name))
    if not (200 <= code < 300 or 400 <= code < 500):
        tally.bad.append(f"{code} {name}: {text[:200]}")
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / re.sub(r"\W+", "-", name)).write_bytes(data)


def _told(tally: Tally, before: tuple[float, float], after: tuple[float, float], said: str) -> int:
    print("\n\n| status | files |\n| --- | --- |")
    for code, files in sorted(tally.codes.items()):
        print(f"| {code} | {files} |")
    print(f"\nslowest: {tally.slowest[1]}, {tally.slowest[0]:.1f} s")
    print(f"server: {before[0]:.0f} MB before, {after[0]:.0f} MB after")
    print(f"workers: {before[1]:.0f} MB before, {after[1]:.0f} MB after")
    print(f"log: {len(said.splitlines())} lines\n{said[:2000]}")
    for line in tally.bad:
        print(f"BAD {line}")
    grown = after[0] - before[0] > GROWTH
    print("memory of the server grew" if grown else "memory of the server is flat")
    return 1 if tally.bad or grown else 0


if __name__ == "__main__":
    sys.exit(main())
