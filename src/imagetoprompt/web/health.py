"""Health and metrics, for whoever runs the server: does it live, is it ready, how much is done.

It does not know visitors.
"""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from imagetoprompt.web.provisions import ADatabase, SomeJobs

router = APIRouter(tags=["health"])
WAITING = Gauge("imagetoprompt_jobs_waiting", "Paintings that wait for a painter")


@router.get("/health/live", summary="Whether the process answers")
def live() -> dict[str, str]:
    """It answers."""
    return {"status": "live"}


@router.get("/health/ready", summary="Whether it can serve: 503 while the database is away")
def ready(database: ADatabase, response: Response) -> dict[str, str]:
    """It answers, and what it stands on answers too."""
    well = database.alive()
    response.status_code = 200 if well else 503
    return {"status": "ready" if well else "the database does not answer"}


@router.get("/metrics", summary="Counters for Prometheus", response_class=Response)
def metrics(jobs: SomeJobs) -> Response:
    """What was counted since this process started."""
    WAITING.set(jobs.waiting())
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
