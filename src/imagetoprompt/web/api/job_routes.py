"""`/transform` and `/jobs`: start a transform job, follow it, cancel it, and get its result."""

import re
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from imagetoprompt.web.api.api_docs import TRANSFORMS
from imagetoprompt.web.api.request_models import AN_ID, ID_PATTERN, TransformBody
from imagetoprompt.web.api.response_models import JobModel, JobsResponse
from imagetoprompt.web.api.responses import (
    CACHE_A_DAY,
    NO_STORE,
    ROOT,
    VERSION,
    iso_time,
    json_response,
    problems,
)
from imagetoprompt.web.api.sse import EVENT, MEDIA_TYPE, event_response, job_event_stream
from imagetoprompt.web.db.job_queue import Job, JobQueue
from imagetoprompt.web.dependencies import JobQueueDep, PictureStoreDep, TransformsDep, VisitorDep
from imagetoprompt.web.query import PageQuery
from imagetoprompt.web.server_errors import ConflictError, ForbiddenError, GoneError
from imagetoprompt.web.services.transforms import TransformPayload, transform_payload

router = APIRouter(tags=["jobs"])

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
IMAGE: Final = {"schema": {"type": "string", "format": "binary"}}
Id = Annotated[str, Path(pattern=ID_PATTERN, examples=[AN_ID], description="Of the job")]


def a_job(job: Job, position: int = 0) -> dict[str, Any]:
    """The job as JSON."""
    own = f"{ROOT}/jobs/{job.id}"
    asked = dict(parse_qsl(job.order["ask"]))
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
        "engine": asked.get("engine", PageQuery.engine),
        "ask": job.order["ask"],
        "error": job.error,
        "result": _result(job),
        "created": iso_time(job.created),
        "started": iso_time(job.started),
        "finished": iso_time(job.finished),
        "expires": iso_time(job.expires),
        "links": {
            "self": own,
            "events": f"{own}/events",
            "preview": f"{own}/preview" if job.preview else None,
            "result": f"{own}/result" if job.result else None,
            "page": f"/p/{job.picture}?{job.order['ask']}&job={job.id}",
        },
    }


def _result(job: Job) -> dict[str, Any] | None:
    """What was made and how, once it is."""
    if not job.result:
        return None
    shown = {key: value for key, value in job.outcome.items() if key != "findings"}
    return {"picture": job.result, **shown}


@router.get(
    "/jobs", summary="Your jobs, the newest first", responses={200: {"model": JobsResponse}}
)
def list_jobs(
    visitor: VisitorDep,
    jobs: JobQueueDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Those that were asked for with your cookie, or with your API key."""
    found = jobs.of_visitor(visitor.id, limit)
    told_jobs = [a_job(job, jobs.position(job.id) if job.state == "queued" else 0) for job in found]
    return json_response({"version": VERSION, "jobs": told_jobs})


@router.get(
    "/jobs/{job}",
    summary="How far a job is",
    responses={200: {"model": JobModel}, **problems(404)},
)
def get_job(job: Id, jobs: JobQueueDep) -> Response:
    """Its state, its place in the line (1 is the next), its steps, and links to what there is."""
    return json_response(_job(job, jobs))


def _found(job: str, jobs: JobQueue) -> Job:
    found = jobs.get(job)
    if found is None:
        raise GoneError("That job is gone: they are kept for a day. Ask for it again.")
    return found


def _job(job: str, jobs: JobQueue) -> dict[str, Any]:
    found = _found(job, jobs)
    return a_job(found, jobs.position(job) if found.state == "queued" else 0)


@router.get(
    "/jobs/{job}/events",
    summary="The job's changes as server-sent events",
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": EVENT}}},
        204: {"description": "The job is over, and you have seen its end"},
        **problems(404),
    },
    response_class=Response,
)
async def watch_job(
    job: Id,
    jobs: JobQueueDep,
    seen: Annotated[str, Header(alias="Last-Event-ID", max_length=40)] = "",
) -> Response:
    """An event `job` for each change, its data the same as GET /jobs/{job}, until the job ends.

    The id of an event is the job's revision; a comment every 15 seconds keeps the line open.
    """
    found = await run_in_threadpool(_found, job, jobs)
    last = int(seen) if re.fullmatch("[0-9]{1,9}", seen) else 0
    if found.over and last >= found.version:
        # This, and no other answer, tells a browser not to connect again.
        return Response(status_code=204, headers=NO_STORE)
    return event_response(job_event_stream(lambda: _job(job, jobs), last))


@router.delete(
    "/jobs/{job}",
    summary="Cancel a job of your own",
    responses={200: {"model": JobModel}, **problems(404)},
)
def cancel_job(job: Id, visitor: VisitorDep, transforms: TransformsDep) -> Response:
    """One that waits is cancelled at once, one that runs at its next step; one that is over stays.

    Others cannot: it takes your cookie, or your API key.
    """
    _found(job, transforms.jobs)
    cancelled = transforms.cancel(job, visitor)
    if cancelled is None:
        raise ForbiddenError("That job is another visitor's: only who asked for it cancels it.")
    return json_response(a_job(cancelled))


@router.get(
    "/jobs/{job}/result",
    summary="The picture that was painted, as PNG",
    responses={200: {"content": {PNG: IMAGE}}, **problems(404, 409)},
    response_class=Response,
)
def get_result(job: Id, jobs: JobQueueDep, store: PictureStoreDep) -> Response:
    """The picture, with the prompt and the plan in its notes; 409 while there is none."""
    found = _found(job, jobs)
    if not found.result:
        raise ConflictError(_why_not(found))
    data, kind = store.image(found.result)
    disposed = {"Content-Disposition": f'attachment; filename="{file_name(found)}"'}
    return Response(data, media_type=kind, headers={**CACHE_A_DAY, **disposed})


def _why_not(job: Job) -> str:
    if job.over:
        return f"The job is {job.state} and made no picture: {job.error or 'ask for it again'}"
    return f"The job is {job.state}: its picture is there when it is done."


def file_name(job: Job) -> str:
    """What the file of a result is called: by what was done and its seed."""
    asked = transform_payload(job).ask
    what = asked.options.presets or tuple(edit.value for edit in asked.edits if edit.value)
    words = re.sub("[^a-z0-9]+", "-", " ".join(what).lower()).strip("-")[:40].strip("-")
    return f"{words or 'painting'}-{job.outcome.get('seed', 0)}.png"


@router.get(
    "/jobs/{job}/preview",
    summary="What the painting looks like so far",
    responses={200: {"content": {JPEG: IMAGE}}, **problems(404)},
    response_class=Response,
)
def get_preview(job: Id, jobs: JobQueueDep, store: PictureStoreDep) -> Response:
    """A small JPEG of the latest step that shows anything."""
    found = _found(job, jobs)
    if not found.preview:
        raise GoneError("There is nothing to see of that painting: look again after a step.")
    return Response(store.read(found.preview), media_type=JPEG, headers=NO_STORE)


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern="^[!-~]*$",
        description="Any text of your own: the same one gives the same job, and costs once.",
    ),
]


@router.post(
    "/transform",
    status_code=202,
    summary="Have a picture painted anew",
    responses={202: {"model": JobModel}, **problems(404, 409)},
)
def transform(
    body: Annotated[TransformBody, TRANSFORMS],
    visitor: VisitorDep,
    transforms: TransformsDep,
    key: Key = "",
) -> Response:
    """The job, which waits in the line; `Location` is where it can be watched. It costs one use.

    The use is given back when the job is refused. 503 tells when to come again while as many wait
    as can.
    """
    payload = TransformPayload(body.picture, body.asked(engine=body.engine))
    job = transforms.submit(payload, visitor, key)
    place = f"{ROOT}/jobs/{job.id}"
    return json_response(a_job(job, transforms.jobs.position(job.id)), 202, Location=place)
