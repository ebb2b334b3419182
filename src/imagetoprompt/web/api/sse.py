"""Streams: server-sent events as HTML has them, and iterators that are closed with their call."""

import json
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from typing import Any, Final

import anyio
from anyio import CancelScope
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import StreamingResponse

from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.web.problem_details import http_status, problem, public_detail

MEDIA_TYPE: Final = "text/event-stream"
EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Each event",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string"},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Proxies such as nginx would collect events before they pass them on."""
HEARTBEAT: Final = ": still here\n\n"


def event(name: str, data: object, number: int | None = None) -> str:
    """One event: its name, its data as JSON on one line, and the number to go on from."""
    place = "" if number is None else f"id: {number}\n"
    return f"event: {name}\n{place}data: {json.dumps(data, ensure_ascii=False)}\n\n"


def event_response(events: AsyncIterator[str]) -> StreamingResponse:
    """The answer that hands over events as they come."""
    return StreamingResponse(events, media_type=MEDIA_TYPE, headers=HEADERS)


async def in_threads(values: Generator[str, None, None]) -> AsyncIterator[str]:
    """The values of a generator that waits, which is closed as soon as nobody listens."""
    try:
        async for value in iterate_in_threadpool(values):
            yield value
    finally:
        # Its worker is to stop, though the call that it was for is over.
        with CancelScope(shield=True):
            await run_in_threadpool(values.close)


POLL_SECONDS: Final = 0.25
"""Seconds between two looks while it runs: as often as a painter tells how far it is."""
IDLES: Final = 0.5
"""Seconds between two looks while it waits in the line."""
HEARTBEAT_SECONDS: Final = 15.0
"""Seconds of silence after which a comment shows that somebody is still there."""
RETRY_MESSAGE: Final = "retry: 2000\n\n"
"""Milliseconds after which a browser that lost the line connects again."""
UNDER_WAY: Final = ("queued", "running")

Read = Callable[[], Mapping[str, Any]]


async def job_event_stream(read: Read, last: int) -> AsyncIterator[str]:
    """Events from the change after `last` on; cancelling stops it."""
    yield RETRY_MESSAGE
    shown: tuple[int, int] | None = None
    silent = 0.0
    while True:
        try:
            job = await run_in_threadpool(read)
        except ImageToPromptError as error:
            yield event("problem", problem(http_status(error), public_detail(error)))
            return
        now = job["revision"], job["position"]
        news = now != shown if shown else now[0] > last
        shown = now
        if news:
            yield event("job", job, job["revision"])
            silent = 0.0
        if job["state"] not in UNDER_WAY:
            return
        pause = POLL_SECONDS if job["state"] == "running" else IDLES
        await anyio.sleep(pause)
        silent += pause
        if silent >= HEARTBEAT_SECONDS:
            yield HEARTBEAT
            silent = 0.0
