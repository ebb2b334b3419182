"""Responses that send a stored file: read in pieces as the client takes them, whole or a range.

A client whose download breaks off asks for the rest (RFC 9110, section 14). Requests for several
ranges, or for one that cannot be parsed, get the whole file, which the standard allows.
"""

import os
import re
from collections.abc import AsyncIterator, Mapping
from typing import BinaryIO, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from imagetoprompt.web.problem_details import request_headers, send_problem
from imagetoprompt.web.services.picture_store import OpenedFile

PIECE_BYTES: Final = 65_536
"""What uvicorn buffers of a response before it waits for the client."""
RANGE: Final = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


class StoredFileResponse(Response):
    """The response with an opened file, which is closed at its end.

    Its ETag is the file's name: a stored file never changes under its name.
    """

    def __init__(self, opened: OpenedFile, headers: Mapping[str, str]) -> None:
        self._file, self._etag = opened.file, f'"{opened.name}"'
        self.status_code, self.media_type, self.background = 200, opened.media_type, None
        self.init_headers({**headers, "Accept-Ranges": "bytes", "ETag": self._etag})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the range that the request asks for; 416 for one beyond its end."""
        size = await run_in_threadpool(self._file.seek, 0, os.SEEK_END)
        part = requested_range(request_headers(scope), size, self._etag)
        if not part and size:
            self._file.close()
            unsatisfied = {"content-range": f"bytes */{size}"}
            await send_problem(send, 416, f"The file has {size} bytes: ask for some.", unsatisfied)
            return
        headers = {**self.headers, "content-length": str(len(part))}
        if len(part) < size:
            headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        status = 206 if len(part) < size else 200
        await StreamingResponse(_pieces(self._file, part), status, headers)(scope, receive, send)


def requested_range(headers: Headers, size: int, etag: str) -> range:
    """The bytes that a request asks for; all of them unless it asks for one valid range.

    Empty if the range begins behind the end. A range that holds for another file only (If-Range)
    is ignored.
    """
    asked = RANGE.fullmatch(headers.get("range", ""))
    if asked is None or not (asked[1] or asked[2]) or headers.get("if-range", etag) != etag:
        return range(size)
    if not asked[1]:
        return range(size - min(size, int(asked[2])), size)
    first, last = int(asked[1]), int(asked[2]) if asked[2] else size
    return range(size) if last < first else range(first, min(last + 1, size))


async def _pieces(file: BinaryIO, part: range) -> AsyncIterator[bytes]:
    try:
        await run_in_threadpool(file.seek, part.start)
        for start in range(part.start, part.stop, PIECE_BYTES):
            yield await run_in_threadpool(file.read, min(PIECE_BYTES, part.stop - start))
    finally:
        file.close()
