"""watch(read, last) -> events: a job's changes as they come, until its end.

The row is read by a thread every now and then, which costs a look at an index. It does not know
what a job is about.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

import anyio
from starlette.concurrency import run_in_threadpool

from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.web.api.sse import HEARTBEAT, event
from imagetoprompt.web.problem_details import problem, sentence, status

LOOKS: Final = 0.25
"""Seconds between two looks while it runs: as often as a painter tells how far it is."""
IDLES: Final = 0.5
"""Seconds between two looks while it waits in the line."""
BEATS: Final = 15.0
"""Seconds of silence after which a comment shows that somebody is still there."""
AGAIN: Final = "retry: 2000\n\n"
"""Milliseconds after which a browser that lost the line connects again."""
UNDER_WAY: Final = ("queued", "running")

Read = Callable[[], Mapping[str, Any]]


async def watch(read: Read, last: int) -> AsyncIterator[str]:
    """Events from the change after `last` on; cancelling stops it."""
    yield AGAIN
    shown: tuple[int, int] | None = None
    silent = 0.0
    while True:
        try:
            job = await run_in_threadpool(read)
        except ImageToPromptError as error:
            yield event("problem", problem(status(error), sentence(error)))
            return
        now = job["revision"], job["position"]
        news = now != shown if shown else now[0] > last
        shown = now
        if news:
            yield event("job", job, job["revision"])
            silent = 0.0
        if job["state"] not in UNDER_WAY:
            return
        pause = LOOKS if job["state"] == "running" else IDLES
        await anyio.sleep(pause)
        silent += pause
        if silent >= BEATS:
            yield HEARTBEAT
            silent = 0.0
