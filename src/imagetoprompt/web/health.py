"""Routes for operators: liveness, readiness, and metrics for Prometheus."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from imagetoprompt.web.dependencies import DatabaseDep, JobQueueDep
from imagetoprompt.web.metrics import WAITING

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
AWAY = "the database does not answer"


@router.get(
    "/health/live",
    summary="Whether the process answers",
    responses={200: STATUS},
    response_class=Response,
)
async def live() -> Response:
    """The process answers, even while every worker thread is busy."""
    return JSONResponse({"status": "live"})


@router.get(
    "/health/ready",
    summary="Whether it can serve: 503 while the database is away",
    responses={200: STATUS, 503: {**STATUS, "description": "The database does not answer"}},
    response_class=Response,
)
def ready(database: DatabaseDep) -> Response:
    """The process and its database answer."""
    if database.alive():
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": AWAY}, 503, headers={"Retry-After": "10"})


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    responses={200: TEXT},
    response_class=Response,
)
def metrics(jobs: JobQueueDep) -> Response:
    """Counters since this process started; each process counts its own."""
    WAITING.set(jobs.waiting())
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
