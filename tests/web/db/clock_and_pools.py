"""A clock that is moved by hand, and pools that make the same call many times at once."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Given = TypeVar("Given")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass(frozen=True)
class RunTogether:
    """Threads and processes that do the same at once."""

    threads: ThreadPoolExecutor
    processes: ProcessPoolExecutor

    def __call__(self, work: Callable[..., Given], *arguments: tuple[Any, ...]) -> list[Given]:
        """What each gives: a process for the first four, a thread for each of the others."""
        pools = [self.processes] * 4 + [self.threads] * (len(arguments) - 4)
        begun = [pool.submit(work, *each) for pool, each in zip(pools, arguments, strict=True)]
        return [each.result(60) for each in begun]
