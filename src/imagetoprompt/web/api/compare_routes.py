"""`/compare`: what moved between a picture and its result.

It does not know how the result was made.
"""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from imagetoprompt.web import worker_tasks
from imagetoprompt.web.api.api_docs import COMPARES
from imagetoprompt.web.api.request_models import PictureId
from imagetoprompt.web.api.response_models import DriftModel
from imagetoprompt.web.api.responses import json_response, problems
from imagetoprompt.web.api.scene_models import Model
from imagetoprompt.web.dependencies import AdmissionDep, PictureStoreDep

router = APIRouter(tags=["pictures"])


class CompareBody(Model):
    """Two pictures that are kept here, and a mask of the first one's size: white may change."""

    reference: PictureId
    result: PictureId
    mask: PictureId | None = None


@router.post(
    "/compare",
    summary="What moved between two pictures, facet by facet and pixel by pixel",
    responses={200: {"model": DriftModel}, **problems(404)},
)
def compare_pictures(
    body: Annotated[CompareBody, COMPARES], store: PictureStoreDep, admission: AdmissionDep
) -> Response:
    """Which facts moved, and how alike the pixels are: everywhere, inside and outside the mask."""
    names = (body.reference, body.result, body.mask)
    files = [store.image(name)[0] for name in names if name]
    return json_response(admission.one(worker_tasks.compare_task, *files))
