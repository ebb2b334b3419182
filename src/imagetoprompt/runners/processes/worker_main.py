"""What a worker process does from its start to its end.

    parent   order ─────────────▶ (STOP) ──────────▶ LEAVE
    worker   "ready" ▶ "value"* ▶ ("error") ▶ "end" ▶ exit

It does not know the other workers. What it is sent comes from its parent and is trusted.
"""

import pickle
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.processes.protocol import (
    apply_limits,
    die_with_parent,
    resident_megabytes,
)
from imagetoprompt.runners.stream import CaughtError, safe_error, started

STOP: Final = b"stop"
EXIT: Final = b"leave"

TaskStream: TypeAlias = "Connection[Any, Any]"


@dataclass(frozen=True)
class TaskTerms:
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


def send_task(task: Task, arguments: tuple[object, ...], limits: Limits, /) -> bytes:
    """The order to run a task."""
    return pickle.dumps((task, arguments, limits), pickle.HIGHEST_PROTOCOL)


def worker_loop(line: TaskStream, terms: TaskTerms, /) -> None:
    """Carry out orders until the parent ends, LEAVE comes, or the terms are met."""
    # Whoever presses Ctrl-C means the parent, which ends us when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    apply_limits(terms.limits)
    with CaughtError() as caught:
        for _ in terms.warm() if terms.warm else ():
            pass
    if caught.error:
        line.send(("error", safe_error(caught.error)))
    else:
        line.send(("ready", None))
        _work(line, terms)


def _work(line: TaskStream, terms: TaskTerms) -> None:
    most = 0.0
    for count in range(1, terms.tasks + 1):
        fit = _carry_out(line, _await(line))
        filled = resident_megabytes()
        most = most or filled + terms.growth
        stays = fit and count < terms.tasks and filled <= most
        line.send(("end", stays))
        if not stays:
            return


def _await(line: TaskStream) -> bytes:
    given = STOP
    # One that came too late for its task.
    while given == STOP:
        given = line.recv_bytes()
    _leave_if(given)
    return given


def _leave_if(given: bytes) -> None:
    if given == EXIT:
        raise SystemExit(0)


def _carry_out(line: TaskStream, given: bytes) -> bool:
    """Run the task of the order; whether this process is fit for another."""
    with CaughtError() as caught:
        task, arguments, limits = pickle.loads(given)  # noqa: S301  (from our parent)
        del given
        apply_limits(limits)
        with closing(started(task, arguments)) as steps:
            _run(line, steps)
    if caught.error:
        line.send(("error", safe_error(caught.error)))
    return not isinstance(caught.error, MemoryError)


def _run(line: TaskStream, steps: Iterator[Any]) -> None:
    for value in steps:
        if line.poll():
            _leave_if(line.recv_bytes())
            return
        line.send(("value", value))
