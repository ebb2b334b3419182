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

# Seconds from a cached page to a long transform.
DURATION_BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)

REQUESTS: Final = Histogram(
    "imagetoprompt_request_seconds",
    "Seconds from a request to the end of its response",
    ("method", "route", "status"),
    buckets=DURATION_BUCKETS,
)
DESCRIBES: Final = Counter(
    "imagetoprompt_describes", "Pictures described, by outcome", ("outcome",)
)
REFUSED_USES: Final = Counter(
    "imagetoprompt_uses_refused", "Uses refused because the quota was used up"
)
JOBS: Final = Counter(
    "imagetoprompt_jobs_ended", "Transform jobs of this process that ended, by state", ("state",)
)
JOB_WAIT_SECONDS: Final = Histogram(
    "imagetoprompt_job_wait_seconds",
    "Seconds that a transform job was queued",
    buckets=DURATION_BUCKETS,
)
WAITING_JOBS: Final = Gauge("imagetoprompt_jobs_waiting", "Queued transform jobs, of all processes")
ADMITTED_TASKS: Final = Gauge("imagetoprompt_gate_occupied", "Tasks that run or wait for a worker")
ADMISSION_CAPACITY: Final = Gauge("imagetoprompt_gate_places", "Tasks that may run or wait")


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


KNOWN_METHODS: Final = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
NO_ROUTE: Final = "none"
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
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            seconds = REQUESTS.labels(method, _route(scope), str(status))
            seconds.observe(perf_counter() - began)


def _route(scope: Scope) -> str:
    """The template of the route, such as /api/v1/jobs/{job}."""
    if scope["path"].startswith("/static/"):
        return "/static"
    if "route" not in scope:
        return NO_ROUTE
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))
