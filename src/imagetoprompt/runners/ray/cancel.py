"""A bell in the cluster, that tells a task to stop.

Ray's own cancel either interrupts a task wherever it is, which a sleeping one does not notice, or
kills its worker, and one that was interrupted is not killed any more. So the bell asks, and Ray
kills. It does not know what the tasks are.
"""

import asyncio
from collections import defaultdict
from typing import Any


class Bell:
    """One event for each task, by its name; it lives inside the cluster."""

    def __init__(self) -> None:
        self._rung: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def heard(self, name: str) -> None:
        """Return once it is rung for the task."""
        await self._rung[name].wait()
        del self._rung[name]

    async def ring(self, name: str) -> None:
        """Tell the task to stop, or that it has ended."""
        self._rung[name].set()


def hang_bell(ray: Any, /) -> Any:  # noqa: ANN401  (an actor's handle)
    """A bell for all tasks of a runner."""
    again = {"max_restarts": -1, "max_task_retries": -1}
    return ray.remote(Bell).options(num_cpus=0, **again).remote()
