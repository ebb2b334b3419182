"""Streams: server-sent events as HTML has them, and iterators that are closed with their call.

It does not know what is told.
"""

import json
from collections.abc import AsyncIterator, Generator
from typing import Any, Final

from anyio import CancelScope
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import StreamingResponse

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


def streamed(events: AsyncIterator[str]) -> StreamingResponse:
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
