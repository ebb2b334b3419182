"""`/transform` and `/jobs`: start a transform job, follow it, cancel it, and get its result."""

import re
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from imagetoprompt.web.api.api_docs import TRANSFORMS
from imagetoprompt.web.api.request_models import EXAMPLE_ID, ID_PATTERN, TransformBody
from imagetoprompt.web.api.response_models import JobModel, JobsResponse
from imagetoprompt.web.api.responses import (
    CACHE_A_DAY,
    NO_STORE,
    PARTIAL,
    ROOT,
    VERSION,
    iso_time,
    json_response,
    problems,
)
from imagetoprompt.web.api.sse import EVENT, MEDIA_TYPE, event_response, job_event_stream
from imagetoprompt.web.db.job_queue import Job, JobQueue
from imagetoprompt.web.dependencies import JobQueueDep, PictureStoreDep, TransformsDep, VisitorDep
from imagetoprompt.web.file_responses import StoredFileResponse
from imagetoprompt.web.query import PageQuery
from imagetoprompt.web.server_errors import ConflictError, ForbiddenError, GoneError
from imagetoprompt.web.services.transforms import TransformPayload, transform_payload

router = APIRouter(tags=["jobs"])

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
IMAGE: Final = {"schema": {"type": "string", "format": "binary"}}
Id = Annotated[str, Path(pattern=ID_PATTERN, examples=[EXAMPLE_ID], description="Of the job")]


def job_json(job: Job, position: int = 0) -> dict[str, Any]:
    """The job as JSON. position: in the queue, 1 for the next, 0 if it is not queued."""
    url = f"{ROOT}/jobs/{job.id}"
    fields = dict(parse_qsl(job.order["ask"]))
    return {
        "version": VERSION,
        "job": job.id,
        "state": job.state,
        "position": position,
        "step": job.step,
        "total": job.total,
        "phase": job.phase,
        "cancelling": job.cancelling and not job.over,
        "revision": job.version,
        "picture": job.picture,
        "engine": fields.get("engine", PageQuery.engine),
        "ask": job.order["ask"],
        "error": job.error,
        "result": _result(job),
        "created": iso_time(job.created),
        "started": iso_time(job.started),
        "finished": iso_time(job.finished),
        "expires": iso_time(job.expires),
        "links": {
            "self": url,
            "events": f"{url}/events",
            "preview": f"{url}/preview" if job.preview else None,
            "result": f"{url}/result" if job.result else None,
            "page": f"/p/{job.picture}?{job.order['ask']}&job={job.id}",
        },
    }


def _result(job: Job) -> dict[str, Any] | None:
    """The id of the result and how it was made; None while there is none."""
    if not job.result:
        return None
    shown = {key: value for key, value in job.outcome.items() if key != "findings"}
    return {"picture": job.result, **shown}


@router.get("/jobs", summary="Your jobs, newest first", responses={200: {"model": JobsResponse}})
def list_jobs(
    visitor: VisitorDep,
    jobs: JobQueueDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """The jobs that were submitted with your cookie, or with your API key."""
    own_jobs = jobs.of_visitor(visitor.id, limit)
    rows = [
        job_json(job, jobs.position(job.id) if job.state == "queued" else 0) for job in own_jobs
    ]
    return json_response({"version": VERSION, "jobs": rows})


@router.get(
    "/jobs/{job}",
    summary="The state and progress of a job",
    responses={200: {"model": JobModel}, **problems(404)},
)
def get_job(job: Id, jobs: JobQueueDep) -> Response:
    """The job's state, its position in the queue (1 is the next), its steps, and links."""
    return json_response(_get_json(job, jobs))


def _get(job_id: str, jobs: JobQueue) -> Job:
    job = jobs.get(job_id)
    if job is None:
        raise GoneError("This job has expired or does not exist: submit it again.")
    return job


def _get_json(job_id: str, jobs: JobQueue) -> dict[str, Any]:
    job = _get(job_id, jobs)
    return job_json(job, jobs.position(job_id) if job.state == "queued" else 0)


@router.get(
    "/jobs/{job}/events",
    summary="The job's changes as server-sent events",
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": EVENT}}},
        204: {"description": "The job has ended, and you have seen its last event"},
        **problems(404),
    },
    response_class=Response,
)
async def watch_job(
    job: Id,
    jobs: JobQueueDep,
    seen: Annotated[str, Header(alias="Last-Event-ID", max_length=40)] = "",
) -> Response:
    """An event `job` for each change, with the data of GET /jobs/{job}, until the job ends.

    The id of an event is the job's revision. A comment every 15 seconds keeps the connection open.
    """
    current = await run_in_threadpool(_get, job, jobs)
    last = int(seen) if re.fullmatch("[0-9]{1,9}", seen) else 0
    if current.over and last >= current.version:
        # 204 is the only status that stops a browser's EventSource from reconnecting.
        return Response(status_code=204, headers=NO_STORE)
    return event_response(job_event_stream(lambda: _get_json(job, jobs), last))


@router.delete(
    "/jobs/{job}",
    summary="Cancel one of your jobs",
    responses={200: {"model": JobModel}, **problems(404)},
)
def cancel_job(job: Id, visitor: VisitorDep, transforms: TransformsDep) -> Response:
    """A queued job is cancelled at once, a running one at its next step, an ended one not at all.

    It takes the cookie or the API key that the job was submitted with.
    """
    _get(job, transforms.jobs)
    cancelled = transforms.cancel(job, visitor)
    if cancelled is None:
        raise ForbiddenError("This job is another visitor's: you can cancel only your own jobs.")
    return json_response(job_json(cancelled))


@router.get(
    "/jobs/{job}/result",
    summary="The result of a job, as PNG",
    responses={200: {"content": {PNG: IMAGE}}, **PARTIAL, **problems(404, 409, 416)},
    response_class=Response,
)
def get_result(job: Id, jobs: JobQueueDep, store: PictureStoreDep) -> Response:
    """The picture, with the prompt and the plan in its text chunks; 409 while there is none."""
    ended = _get(job, jobs)
    if not ended.result:
        raise ConflictError(_missing_result_detail(ended))
    disposition = {"Content-Disposition": f'attachment; filename="{file_name(ended)}"'}
    return StoredFileResponse(store.open_image(ended.result), {**CACHE_A_DAY, **disposition})


def _missing_result_detail(job: Job) -> str:
    if job.over:
        return f"The job is {job.state} and has no result: {job.error or 'submit it again.'}"
    return f"The job is {job.state}: its result is available once it is done."


def file_name(job: Job) -> str:
    """The file name of a result: its presets or new words, and its seed."""
    query = transform_payload(job).query
    changes = query.options.presets or tuple(edit.value for edit in query.edits if edit.value)
    words = re.sub("[^a-z0-9]+", "-", " ".join(changes).lower()).strip("-")[:40].strip("-")
    return f"{words or 'painting'}-{job.outcome.get('seed', 0)}.png"


@router.get(
    "/jobs/{job}/preview",
    summary="A preview of the result so far",
    responses={200: {"content": {JPEG: IMAGE}}, **problems(404)},
    response_class=Response,
)
def get_preview(job: Id, jobs: JobQueueDep, store: PictureStoreDep) -> Response:
    """A JPEG of the latest step that has a preview."""
    running = _get(job, jobs)
    if not running.preview:
        raise GoneError("This job has no preview yet: try again after its next step.")
    return Response(store.read_file(running.preview), media_type=JPEG, headers=NO_STORE)


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern="^[!-~]*$",
        description="Any text: the same key returns the same job, and costs one use only.",
    ),
]


@router.post(
    "/transform",
    status_code=202,
    summary="Start a transform job",
    responses={202: {"model": JobModel}, **problems(404, 409)},
)
def transform(
    body: Annotated[TransformBody, TRANSFORMS],
    visitor: VisitorDep,
    transforms: TransformsDep,
    key: Key = "",
) -> Response:
    """The queued job; `Location` is its URL. It costs one use, refunded if the job is refused.

    503 with `Retry-After` while the queue is full.
    """
    payload = TransformPayload(body.picture, body.query(engine=body.engine))
    job = transforms.submit(payload, visitor, key)
    location = f"{ROOT}/jobs/{job.id}"
    return json_response(job_json(job, transforms.jobs.position(job.id)), 202, Location=location)
