"""What a worker process does from its start to its end.

    parent   order ─────────────▶ (STOP) ──────────▶ LEAVE
    worker   "ready" ▶ "value"* ▶ ("error") ▶ "end" ▶ exit

It does not know the other workers. What it is sent comes from its parent and is trusted.
"""

import pickle
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, Self, TypeAlias

from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.crew.bounds import die_with_parent, resident, restrict
from imagetoprompt.runners.telling import told

STOP: Final = b"stop"
LEAVE: Final = b"leave"

Line: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class Terms:
    """On what terms a worker works.

    limits, warm: those of the runner. tasks, growth: after so many, or with so many megabytes more
    in memory than after its first one, it is replaced, so that leaks of others stay small. The
    growth leaves room for models that come with a later task. patience: the seconds that it has to
    close a task, longer than one step of most.
    """

    limits: Limits
    warm: Task | None = None
    tasks: int = 500
    growth: int = 1024
    patience: float = 2.0


def order(task: Task, arguments: tuple[object, ...], limits: Limits, /) -> bytes:
    """The order to run a task."""
    return pickle.dumps((task, arguments, limits), pickle.HIGHEST_PROTOCOL)


def serve(line: Line, terms: Terms, /) -> None:
    """Carry out orders until the parent ends, LEAVE comes, or the terms are met."""
    # Whoever presses Ctrl-C means the parent, which ends us when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    restrict(terms.limits)
    with _Reporting(line) as warming:
        for _ in terms.warm() if terms.warm else ():
            pass
    if not warming.failed:
        line.send(("ready", None))
        _work(line, terms)


def _work(line: Line, terms: Terms) -> None:
    most = 0.0
    for count in range(1, terms.tasks + 1):
        fit = _carry_out(line, _await(line))
        filled = resident()
        most = most or filled + terms.growth
        stays = fit and count < terms.tasks and filled <= most
        line.send(("end", stays))
        if not stays:
            return


def _await(line: Line) -> bytes:
    given = STOP
    # One that came too late for its task.
    while given == STOP:
        given = line.recv_bytes()
    _leave_if(given)
    return given


def _leave_if(given: bytes) -> None:
    if given == LEAVE:
        raise SystemExit(0)


def _carry_out(line: Line, given: bytes) -> bool:
    """Run the task of the order; whether this process is fit for another."""
    with _Reporting(line) as reporting:
        task, arguments, limits = pickle.loads(given)  # noqa: S301  (from our parent)
        del given
        restrict(limits)
        _run(line, task(*arguments))
    return not reporting.exhausted


def _run(line: Line, steps: Iterator[Any]) -> None:
    try:
        for value in steps:
            if line.poll():
                _leave_if(line.recv_bytes())
                return
            line.send(("value", value))
    finally:
        close = getattr(steps, "close", None)
        if close:
            close()


class _Reporting:
    """Sends what is raised inside to the parent, so that the worker lives on."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.failed = False
        self.exhausted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Exception):
            return False
        self.failed = True
        self.exhausted = isinstance(error, MemoryError)
        self._line.send(("error", told(error)))
        return True
