"""`/describe`: what is seen in a picture."""

from collections.abc import Generator, Iterator
from itertools import chain
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query
from starlette.responses import Response

from imagetoprompt.core.scene import FACETS, Facet
from imagetoprompt.errors import ImageToPromptError, PictureError
from imagetoprompt.web.api.api_docs import picture_body
from imagetoprompt.web.api.response_models import DescribeResponse
from imagetoprompt.web.api.responses import ROOT, VERSION, iso_time, json_response, problems
from imagetoprompt.web.api.sse import EVENT, MEDIA_TYPE, event, event_response, in_threads
from imagetoprompt.web.dependencies import DescribesDep, VisitorDep
from imagetoprompt.web.problem_details import http_status, problem, public_detail
from imagetoprompt.web.services.describes import DescribedPicture
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.uploads import SentPicture

router = APIRouter(tags=["pictures"])

Some = Annotated[list[Facet], Query(max_length=len(FACETS))]


def _wanted(only: Some = [], without: Some = []) -> tuple[str, ...]:  # noqa: B006 - read only
    """The facets that are looked for; () for all."""
    wanted = tuple(each for each in only or FACETS if each not in without)
    if not wanted:
        raise PictureError("Nothing is left to look for: leave some facet in.")
    return () if wanted == FACETS else wanted


EVENTS: Final = {
    "description": "The facts: twice as events `seen` when text/event-stream is asked for",
    "content": {MEDIA_TYPE: {"schema": EVENT}},
    "model": DescribeResponse,
}


@router.post(
    "/describe",
    summary="Look at a picture: the facts, each with its confidence",
    responses={200: EVENTS, **problems(415)},
    openapi_extra={"requestBody": picture_body(with_url=True)},
)
def describe(
    sent: SentPicture,
    visitor: VisitorDep,
    describes: DescribesDep,
    facets: Annotated[tuple[str, ...], Depends(_wanted)],
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """What is seen; `only` and `without` name facets. It costs one use.

    With `Accept: text/event-stream` it comes in two events `seen`: what was measured, soon, and
    then everything; or in an event `problem`.
    """
    looks = describes.look(sent, visitor, facets)
    if MEDIA_TYPE not in accept:
        *_, last = looks
        return json_response(
            _told(last, describes.store), Location=f"{ROOT}/pictures/{last.picture}"
        )
    # What is refused at once is an answer of its own.
    first = next(looks)
    return event_response(in_threads(_events(chain((first,), looks), describes.store)))


def _told(seen: DescribedPicture, store: PictureStore) -> dict[str, Any]:
    return {
        "version": VERSION,
        "picture": seen.picture,
        "whole": seen.whole,
        "scene": seen.scene.to_json(),
        "expires": iso_time(store.get(seen.picture).expires),
    }


def _events(looks: Iterator[DescribedPicture], store: PictureStore) -> Generator[str, None, None]:
    try:
        for seen in looks:
            yield event("seen", _told(seen, store))
    except ImageToPromptError as error:
        yield event("problem", problem(http_status(error), public_detail(error)))
