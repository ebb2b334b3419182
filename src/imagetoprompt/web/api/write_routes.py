"""`/write`, `/edit`, `/plan` and `/request`: prompts, plans and requests from facts, at no cost."""

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
    EditingBody,
    PictureOrScene,
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
from imagetoprompt.web.services.transforms import taken_scenes

router = APIRouter(tags=["words"])

NOT_FOUND: Final = problems(404)


@dataclass(frozen=True)
class SceneSource:
    """Looks up the facts of a call: those of a stored picture, or those in its body."""

    store: PictureStore

    def scene(self, body: PictureOrScene) -> Scene:
        """The facts before any edit; GoneError for an expired or undescribed picture."""
        if body.scene is not None:
            return body.scene.scene()
        return self.store.scene(body.picture or "")

    def answer(self, body: PictureOrScene, query: PageQuery, *targets: str) -> QueryAnswer:
        """Apply the query, as the page does."""
        scene = self.scene(body)
        return answer_query(scene, query, taken_scenes(query, scene, self.store), targets)


def _scene_source(store: PictureStoreDep) -> SceneSource:
    return SceneSource(store)


SceneSourceDep = Annotated[SceneSource, Depends(_scene_source)]


@router.post(
    "/write",
    summary="Write prompts for image generators",
    responses={200: {"model": PromptsResponse}, **NOT_FOUND},
)
def write_prompts(
    body: Annotated[WriteBody, WRITES],
    source: SceneSourceDep,
) -> Response:
    """One prompt for each target, or four with `alternatives`: the same facts in four emphases."""
    scene = source.scene(body)
    scene = replace(scene, excluded=(*scene.excluded, *body.exclude))
    prompts = [prompt.to_json() for prompt in _prompts(scene, body)]
    return json_response({"version": VERSION, "picture": body.picture or "", "prompts": prompts})


def _prompts(scene: Scene, body: WriteBody) -> Iterator[Prompt]:
    for name in body.targets or TARGETS.names():
        if body.alternatives:
            yield from alternatives(scene, name)
        else:
            yield write(scene, name)


@router.post(
    "/edit",
    summary="Change facts, and get the changed prompts",
    responses={200: {"model": EditResponse}, **NOT_FOUND},
)
def edit_facts(
    body: Annotated[EditingBody, EDITS],
    source: SceneSourceDep,
) -> Response:
    """The facts before and after, conflicts, the plan, and the request to each target.

    A target that cannot do it has a refusal instead of a request, which names those that can.
    """
    answer = source.answer(body, body.query(), *(body.targets or TARGETS.names()))
    return json_response(edit_report.to_json(body.picture or "", answer.edited, answer.requests))


@router.post(
    "/plan",
    summary="Plan how to paint the changes",
    responses={200: {"model": PlanModel}, **NOT_FOUND},
)
def plan_changes(
    body: Annotated[PlanBody, PLANS],
    source: SceneSourceDep,
) -> Response:
    """Task, strength, mask, controls and size, with a reason for each default."""
    return json_response(source.answer(body, body.query()).edited.plan.to_json())


@router.post(
    "/request",
    summary="The request to one target: a command, or a body to send",
    responses={200: {"model": RequestModel}, **NOT_FOUND},
)
def make_request(
    body: Annotated[RequestBody, REQUESTS],
    source: SceneSourceDep,
) -> Response:
    """The request. Nothing is sent; API keys stand in it as names of environment variables.

    422 if the target cannot do it, with the names of those that can.
    """
    (request,) = source.answer(body, body.query(target=body.target, via=body.via)).requests
    if request.request is None:
        raise PlanError(request.refusal)
    prompt = request.after.to_json()
    return json_response({**request.request.to_json(), "prompt": prompt})
