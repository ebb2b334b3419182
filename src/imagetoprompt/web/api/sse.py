"""Server-sent events: their format, and the event streams of describes and jobs."""

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
    "description": "Each event of the stream",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string"},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""X-Accel-Buffering: nginx would otherwise collect events before passing them on."""
HEARTBEAT: Final = ": still here\n\n"
"""A comment, which clients ignore."""


def event(name: str, data: object, number: int | None = None) -> str:
    """One event: its name, its data as JSON on one line, and its id to resume from."""
    id_line = "" if number is None else f"id: {number}\n"
    return f"event: {name}\n{id_line}data: {json.dumps(data, ensure_ascii=False)}\n\n"


def event_response(events: AsyncIterator[str]) -> StreamingResponse:
    """The response that sends events as they come."""
    return StreamingResponse(events, media_type=MEDIA_TYPE, headers=HEADERS)


async def in_threads(values: Generator[str, None, None]) -> AsyncIterator[str]:
    """The values of a blocking generator, which is closed as soon as the client disconnects."""
    try:
        async for value in iterate_in_threadpool(values):
            yield value
    finally:
        # Shielded: the worker must be stopped although the request was cancelled.
        with CancelScope(shield=True):
            await run_in_threadpool(values.close)


POLL_SECONDS: Final = 0.25
"""Interval of polling a running job: as often as its worker reports progress."""
QUEUED_POLL_SECONDS: Final = 0.5
"""Interval of polling a queued job."""
HEARTBEAT_SECONDS: Final = 15.0
"""Interval of comments while nothing happens, which keep the connection open."""
RECONNECT_DELAY: Final = "retry: 2000\n\n"
"""Milliseconds after which a browser reconnects."""
ACTIVE_STATES: Final = ("queued", "running")

Read = Callable[[], Mapping[str, Any]]


async def job_event_stream(read: Read, last: int) -> AsyncIterator[str]:
    """An event for each change of a job after revision `last`, until it ends.

    read: returns the job as JSON.
    """
    yield RECONNECT_DELAY
    sent: tuple[int, int] | None = None
    silent = 0.0
    while True:
        try:
            job = await run_in_threadpool(read)
        except ImageToPromptError as error:
            yield event("problem", problem(http_status(error), public_detail(error)))
            return
        current = job["revision"], job["position"]
        changed = current != sent if sent else current[0] > last
        sent = current
        if changed:
            yield event("job", job, job["revision"])
            silent = 0.0
        if job["state"] not in ACTIVE_STATES:
            return
        pause = POLL_SECONDS if job["state"] == "running" else QUEUED_POLL_SECONDS
        await anyio.sleep(pause)
        silent += pause
        if silent >= HEARTBEAT_SECONDS:
            yield HEARTBEAT
            silent = 0.0
