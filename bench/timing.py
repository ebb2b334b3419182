"""Time and memory of calls and of whole processes."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Times:
    """Seconds of several runs of the same work."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    @property
    def p90(self) -> float:
        """The run that nine in ten are not slower than."""
        return sorted(self.seconds)[max(0, -(-len(self.seconds) * 9 // 10) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def times(runs: int, work: Callable[[], object]) -> Times:
    """Seconds of each of so many calls."""
    return Times(tuple(timed(work) for _ in range(runs)))


def process(*arguments: str) -> Callable[[], object]:
    """The work of running this Python with these arguments, in silence, from a cold start."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)  # noqa: S603


def peak_megabytes(code: str) -> float:
    """Peak resident memory of a fresh Python that runs the code and ends."""
    # Not the kernel's ru_maxrss: a forked child starts with its parent's peak.
    report = (
        "\nprint(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    done = subprocess.run(  # noqa: S603 - code of this module's callers
        [sys.executable, "-c", code + report], check=True, capture_output=True, text=True
    )
    return int(done.stdout.split()[-1]) / 1024


def machine() -> str:
    """The processor, its cores, and the Python, in one line."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    python = ".".join(map(str, sys.version_info[:3]))
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else 'unknown processor'}, {cores} cores, Python {python}"
