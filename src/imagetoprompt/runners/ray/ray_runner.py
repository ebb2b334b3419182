"""The runner that executes tasks in a Ray cluster."""

import logging
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Final, Self

from imagetoprompt.errors import MissingPartError, WorkError
from imagetoprompt.runners import Limits, Task
from imagetoprompt.runners.ray.client_proxy import start_cancel_signal, start_client_proxy
from imagetoprompt.runners.ray.ray_task import ClusterTask, SlotLease, SlotPool, TaskCall
from imagetoprompt.runners.stream import Stream, TaskWork

# Seconds for a task to close, including the network, before its worker is killed.
_PATIENCE: Final = 2.0
# Ray forks a server process per client while its own threads run: now and then that process dies at
# the start, and the next one works.
_TRIES: Final = 3


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
            raise SlotPool.closed()
        call = TaskCall(task, arguments, self._warm, (limits or self._limits).seconds, _PATIENCE)
        return Stream(SlotLease(self._slots, self._start(call)), _PATIENCE)


def _ray() -> Any:  # noqa: ANN401  (a package without types, which may be absent)
    try:
        return import_module("ray")
    except ImportError as error:
        raise _missing(error) from error


def _missing(error: ImportError) -> MissingPartError:
    return MissingPartError(f"The runner ray needs Ray: pip install '.[ray]' brings it. ({error})")


def _connect(ray: Any, address: str) -> None:  # noqa: ANN401
    for left in reversed(range(_TRIES)):
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


def open_place(place: str, size: int, limits: Limits, warm: Task | None, /) -> RayRunner | None:
    """The runner; `place` is empty, "auto", "host:port", or "//host:port" for Ray's client."""
    if place not in {"", "auto"} and not place.rpartition(":")[2].isdigit():
        return None
    address = f"ray:{place}" if place.startswith("//") else place
    return RayRunner(address, size, limits, warm)
