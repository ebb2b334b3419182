"""`/transform`: a painting is asked for, and becomes a job."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from imagetoprompt.web.api.api_docs import TRANSFORMS
from imagetoprompt.web.api.job_routes import a_job
from imagetoprompt.web.api.request_models import TransformBody
from imagetoprompt.web.api.response_models import JobModel
from imagetoprompt.web.api.responses import ROOT, json_response, problems
from imagetoprompt.web.dependencies import TransformsDep, VisitorDep
from imagetoprompt.web.services.transforms import TransformPayload

router = APIRouter(tags=["jobs"])

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
