"""html(request, text): a page as an answer, small on the line and kept by nobody in between.

It does not know what the page shows.
"""

import gzip
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

PRIVATE: Final = {"Cache-Control": "private, no-store", "Vary": "X-Part, Cookie, Accept-Encoding"}
"""A page is its visitor's own: nothing between keeps a copy."""
# Beyond this level pages get hardly smaller, and take longer than the line would.
LEVEL: Final = 5


def html(
    request: Request, text: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """The page, a tenth of its size for a browser that takes gzip."""
    headers = {**PRIVATE, **headers}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(text, headers=headers)
    packed = gzip.compress(text.encode(), LEVEL, mtime=0)
    return HTMLResponse(packed, headers={**headers, "Content-Encoding": "gzip"})
