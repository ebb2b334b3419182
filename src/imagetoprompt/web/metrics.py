"""Prometheus metrics of this process, and the middleware that measures requests.

With several processes, scrape each and add. Every label has a fixed set of values, so that clients
cannot create time series.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.web.server_errors import QuotaError

# From a cached page to a long transform.
SECONDS: Final = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)

REQUESTS: Final = Histogram(
    "imagetoprompt_request_seconds",
    "Seconds from a request to the end of its answer",
    ("method", "route", "status"),
    buckets=SECONDS,
)
DESCRIBES: Final = Counter(
    "imagetoprompt_describes", "Pictures that were looked at, by how that ended", ("outcome",)
)
REFUSALS: Final = Counter("imagetoprompt_uses_refused", "Uses refused since none was left")
JOBS: Final = Counter(
    "imagetoprompt_jobs_ended", "Paintings of this process's painters, by their end", ("state",)
)
QUEUED: Final = Histogram(
    "imagetoprompt_job_wait_seconds",
    "Seconds that a painting waited in the line",
    buckets=SECONDS,
)
WAITING: Final = Gauge("imagetoprompt_jobs_waiting", "Paintings that wait, of all processes")
BUSY: Final = Gauge(
    "imagetoprompt_gate_occupied", "Pieces of work that are done or wait for a worker"
)
PLACES: Final = Gauge("imagetoprompt_gate_places", "Pieces of work that there is room for")


@contextmanager
def observe_describe() -> Iterator[None]:
    """Count one describe by how the block ends."""
    outcome = "left"
    try:
        yield
        outcome = "done"
    except QuotaError:
        outcome = "refused"
        raise
    except ImageToPromptError:
        outcome = "failed"
        raise
    finally:
        DESCRIBES.labels(outcome).inc()


METHODS: Final = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
NOWHERE: Final = "none"
"""The route label of requests that no route handled."""


class RequestMetricsMiddleware:
    """Observes the seconds of each request when its response is complete."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and observe it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = REQUESTS.labels(method, _route(scope), str(status))
            seconds.observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """The template of the route, such as /api/v1/jobs/{job}."""
    if scope["path"].startswith("/static/"):
        return "/static"
    if "route" not in scope:
        return NOWHERE
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))
