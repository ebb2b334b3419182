"""Routes for operators: liveness, readiness, and metrics for Prometheus."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from imagetoprompt.web.dependencies import DatabaseDep, JobQueueDep
from imagetoprompt.web.metrics import WAITING_JOBS

router = APIRouter(tags=["health"], generate_unique_id_function=lambda route: route.name)
TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}
STATUS = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "string"}},
            }
        }
    }
}
UNAVAILABLE = "the database does not answer"


@router.get(
    "/health/live",
    summary="Whether the process answers",
    responses={200: STATUS},
    response_class=Response,
)
async def live() -> Response:
    """200 if the process answers, even while all worker threads are busy."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    summary="Whether the server can work: 503 while the database does not answer",
    responses={200: STATUS, 503: {**STATUS, "description": "The database does not answer"}},
    response_class=Response,
)
def ready(database: DatabaseDep) -> Response:
    """200 if the process and its database answer."""
    if database.alive():
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": UNAVAILABLE}, 503, headers={"Retry-After": "10"})


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    responses={200: TEXT},
    response_class=Response,
)
def metrics(jobs: JobQueueDep) -> Response:
    """Counters since this process started; each process counts its own."""
    WAITING_JOBS.set(jobs.waiting())
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
