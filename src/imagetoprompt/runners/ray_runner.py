"""The runner that executes tasks in a Ray cluster, and the slots that limit how many run."""

import logging
import threading
from collections.abc import Callable, Generator
from functools import partial
from importlib import import_module
from typing import Any, Final, Self

from imagetoprompt.errors import MissingPartError, WorkError
from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.ray_task import (
    ClusterTask,
    TaskCall,
    start_cancel_signal,
    start_client_proxy,
)
from imagetoprompt.runners.stream import Stream, TaskWork, closed_error

# Seconds for a task to close, including the network, before its worker is killed.
_PATIENCE: Final = 2.0
# Ray forks a server process per client while its own threads run: now and then that process dies at
# the start, and the next one works.
_CONNECT_ATTEMPTS: Final = 3


class RayRunner:
    """Runs tasks in the cluster at `address`; without one, where Ray itself chooses."""

    def __init__(self, address: str, size: int, limits: Limits, warm: Task | None) -> None:
        self.size = size
        self._address = address
        self._limits = limits
        self._warm = warm
        self._ours = False
        self._slots: SlotPool | None = None
        self._start: Callable[[TaskCall], TaskWork]

    def __enter__(self) -> Self:
        ray = _ray()
        self._ours = not ray.is_initialized()
        if self._ours:
            _connect(ray, self._address)
        self.size = self.size or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._slots = SlotPool(self.size)
        cancel_signal = start_cancel_signal(ray)
        is_client = self._address.startswith("ray://")
        self._start = (
            start_client_proxy(ray, cancel_signal)
            if is_client
            else partial(ClusterTask, cancel_signal)
        )
        return self

    def __exit__(self, *raised: object) -> None:
        slots, self._slots = self._slots, None
        if slots is not None:
            slots.close()
            if self._ours:
                _ray().shutdown()

    def stream(self, task: Task, /, *arguments: object, limits: Limits | None = None) -> Stream:
        """The values of the task, from any worker of the cluster."""
        if self._slots is None:
            raise closed_error()
        call = TaskCall(task, arguments, self._warm, (limits or self._limits).seconds, _PATIENCE)
        return Stream(SlotLease(self._slots, self._start(call)), _PATIENCE)


class SlotPool:
    """Limits how many tasks of this runner run in the cluster at once. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: set[TaskWork] = set()
        self._open = True
        self._changed = threading.Condition()

    def take(self, work: TaskWork, wanted: Callable[[], bool], /) -> bool:
        """Wait for a slot; False once `wanted()` is false, WorkError when the pool is closed."""
        with self._changed:
            self._changed.wait_for(
                lambda: len(self._held) < self._size or not self._open or not wanted()
            )
            if not self._open:
                raise closed_error()
            if wanted():
                self._held.add(work)
            return work in self._held

    def give(self, work: TaskWork, /) -> None:
        """Release a slot."""
        with self._changed:
            self._held.remove(work)
            self._changed.notify()

    def nudge(self) -> None:
        """Make waiting threads evaluate `wanted()` again."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Stop all tasks; no slot can be taken afterwards."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
            held = list(self._held)
        for work in held:
            work.stop()


class SlotLease:
    """Work that starts once it holds a slot."""

    def __init__(self, slots: SlotPool, work: TaskWork) -> None:
        self._slots = slots
        self._work = work
        self._wanted = True

    def values(self) -> Generator[Any, None, None]:
        """The values as they arrive."""
        if not self._slots.take(self._work, lambda: self._wanted):
            return
        try:
            yield from self._work.values()
        finally:
            self._slots.give(self._work)

    def stop(self) -> None:
        """Ask it to end, or not to start."""
        self._wanted = False
        self._slots.nudge()
        self._work.stop()

    def kill(self) -> None:
        """Kill its worker."""
        self._work.kill()


def _ray() -> Any:  # noqa: ANN401  (a package without types, which may be absent)
    try:
        return import_module("ray")
    except ImportError as error:
        raise _missing(error) from error


def _missing(error: ImportError) -> MissingPartError:
    return MissingPartError(f"The runner ray needs Ray: pip install '.[ray]' brings it. ({error})")


def _connect(ray: Any, address: str) -> None:  # noqa: ANN401
    for left in reversed(range(_CONNECT_ATTEMPTS)):
        try:
            ray.init(address or None, log_to_driver=False, logging_level=logging.WARNING)
        except ImportError as error:
            # The client needs an extra of Ray.
            raise _missing(error) from error
        except ConnectionError as error:
            if left and isinstance(error, ConnectionAbortedError):
                continue
            raise WorkError(
                f"No Ray answers at '{address}'; start it with 'ray start --head', or name another."
            ) from error
        return


def create_runner(suffix: str, size: int, limits: Limits, warm: Task | None, /) -> RayRunner | None:
    """The runner; `suffix` is "", "auto", "host:port", or "//host:port" for Ray's client."""
    if suffix not in {"", "auto"} and not suffix.rpartition(":")[2].isdigit():
        return None
    address = f"ray:{suffix}" if suffix.startswith("//") else suffix
    return RayRunner(address, size, limits, warm)
