"""Routes for operators: liveness, readiness, and metrics for Prometheus."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from imagetoprompt.web.dependencies import DatabaseDep, FilesDep, JobQueueDep
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
NO_DATABASE = "the database cannot be written"
NO_FILES = "the files cannot be written"


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
    summary="Whether the server can work: 503 while it cannot write",
    responses={200: STATUS, 503: {**STATUS, "description": "A write failed; `status` says where"}},
    response_class=Response,
)
def ready(database: DatabaseDep, files: FilesDep) -> Response:
    """200 if a row of the database and a file were written just now."""
    if not database.alive():
        status = NO_DATABASE
    elif not files.alive():
        status = NO_FILES
    else:
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": status}, 503, headers={"Retry-After": "10"})


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
