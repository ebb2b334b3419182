"""`/write`, `/edit`, `/plan`, `/request`: words from facts, before and after they are changed.

None costs anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import PlanError
from imagetoprompt.pipeline import alternatives, write
from imagetoprompt.reports import edit_report
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.api.api_docs import EDITS, PLANS, REQUESTS, WRITES
from imagetoprompt.web.api.request_models import (
    Before,
    EditingBody,
    PlanBody,
    RequestBody,
    WriteBody,
)
from imagetoprompt.web.api.response_models import (
    EditResponse,
    PlanModel,
    PromptsResponse,
    RequestModel,
)
from imagetoprompt.web.api.responses import VERSION, json_response, problems
from imagetoprompt.web.dependencies import PictureStoreDep
from imagetoprompt.web.query import PageQuery, QueryAnswer, answer_query
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.transforms import other_pictures

router = APIRouter(tags=["words"])

GONE: Final = problems(404)


@dataclass(frozen=True)
class Table:
    """Where facts are laid out, those of a picture that is kept or those that were sent."""

    store: PictureStore

    def before(self, body: Before) -> Scene:
        """The facts to begin with; GoneError for a picture that is gone, or was not described."""
        if body.scene is not None:
            return body.scene.scene()
        return self.store.scene(body.picture or "")

    def answer(self, body: Before, wanted: PageQuery, *targets: str) -> QueryAnswer:
        """What comes of the ask: the same that the page shows."""
        scene = self.before(body)
        return answer_query(scene, wanted, other_pictures(wanted, scene, self.store), targets)


def _table(store: PictureStoreDep) -> Table:
    return Table(store)


ATable = Annotated[Table, Depends(_table)]


@router.post(
    "/write",
    summary="Write the prompts for generators",
    responses={200: {"model": PromptsResponse}, **GONE},
)
def write_prompts(
    body: Annotated[WriteBody, WRITES],
    table: ATable,
) -> Response:
    """One prompt for each target, or four with `alternatives`: four emphases of the same facts."""
    scene = table.before(body)
    wanted = replace(scene, excluded=(*scene.excluded, *body.exclude))
    prompts = [prompt.to_json() for prompt in _written(wanted, body)]
    return json_response({"version": VERSION, "picture": body.picture or "", "prompts": prompts})


def _written(scene: Scene, body: WriteBody) -> Iterator[Prompt]:
    for name in body.targets or TARGETS.names():
        if body.alternatives:
            yield from alternatives(scene, name)
        else:
            yield write(scene, name)


@router.post(
    "/edit",
    summary="Change facts, and see what changes in each prompt",
    responses={200: {"model": EditResponse}, **GONE},
)
def edit_facts(
    body: Annotated[EditingBody, EDITS],
    table: ATable,
) -> Response:
    """The facts before and after, what does not go together, the plan, and each target's request.

    A target that cannot do it has no request but a refusal, which says who can.
    """
    found = table.answer(body, body.asked(), *(body.targets or TARGETS.names()))
    return json_response(edit_report.to_json(body.picture or "", found.edited, found.asked))


@router.post(
    "/plan",
    summary="What to do to the picture so that the changes come true",
    responses={200: {"model": PlanModel}, **GONE},
)
def plan_changes(
    body: Annotated[PlanBody, PLANS],
    table: ATable,
) -> Response:
    """Task, strength, mask, controls and size, each default with its reason."""
    return json_response(table.answer(body, body.asked()).edited.plan.to_json())


@router.post(
    "/request",
    summary="The plan in one target's own terms: a command, or a body to send",
    responses={200: {"model": RequestModel}, **GONE},
)
def make_request(
    body: Annotated[RequestBody, REQUESTS],
    table: ATable,
) -> Response:
    """The request. Nothing is sent anywhere: a key stands in it as a variable's name.

    422 names who can when the target cannot.
    """
    (asked,) = table.answer(body, body.asked(target=body.target, via=body.via)).asked
    if asked.request is None:
        raise PlanError(asked.refusal)
    prompt = asked.after.to_json()
    return json_response({**asked.request.to_json(), "prompt": prompt})
