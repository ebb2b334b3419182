"""What a page is made from, gathered: the visitor, the picture, what is asked of it, the answer.

It does not know HTTP answers, nor how anything looks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from fastapi import Request

from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.pipeline import alternatives
from imagetoprompt.web.db.job_queue import Job, JobQueue
from imagetoprompt.web.lifespan import examples_folder
from imagetoprompt.web.middleware.identity_cookie import Visitor
from imagetoprompt.web.pages.urls import Pair
from imagetoprompt.web.pages.visit import (
    TARGET_COOKIE,
    THEME_COOKIE,
    Opened,
    Shown,
    Theme,
    Visit,
)
from imagetoprompt.web.query import TARGET, PageQuery, QueryAnswer, answer_query, parse_query
from imagetoprompt.web.services.picture_store import PictureStore

RECENT: Final = 24
"""Pictures and paintings of this visit that the page shows."""
BACK: Final = "midnight UTC"
ALTERNATIVES: Final = "alternatives"
"""The field that asks for four prompts instead of one."""


@dataclass(frozen=True)
class Asking:
    """The fields of an address: an ask, or the sentence that says why they make none."""

    ask: PageQuery
    error: str = ""
    four: bool = False


def asking(pairs: Iterable[Pair], cookies: Mapping[str, str]) -> Asking:
    """What the fields ask for; whom to write for may stand in a cookie."""
    given = list(pairs)
    four = (ALTERNATIVES, "1") in given
    if "for" not in dict(given):
        given.append(("for", _remembered(cookies)))
    try:
        return Asking(parse_query(given), four=four)
    except ImageToPromptError as error:
        return Asking(PageQuery(target=_remembered(cookies)), str(error), four)


def _remembered(cookies: Mapping[str, str]) -> str:
    try:
        return parse_query([("for", cookies.get(TARGET_COOKIE, TARGET))]).target
    except ImageToPromptError:
        return TARGET


@dataclass(frozen=True)
class Desk:
    """Where a page is put together for one visitor."""

    album: PictureStore
    jobs: JobQueue
    visit: Visit
    visitor: Visitor

    def shown(self, picture: str, asked: Asking) -> Shown:
        """The picture with its facts and what comes of the ask; GoneError when it is gone."""
        scene = self.album.scene(picture)
        found, error = self._answer(scene, asked)
        after = scene if found is None else found.edited.after
        four = alternatives(after, asked.ask.target) if asked.four else ()
        return Shown(
            picture=picture,
            scene=scene,
            ask=asked.ask,
            answer=found,
            visit=self.visit,
            error=error,
            alternatives=four,
            job=self._job(asked.ask.job, picture),
        )

    def growing(self, picture: str, scene: Scene, asked: Asking, *, whole: bool) -> Shown:
        """A picture that is being looked at, with its facts so far."""
        found, error = self._answer(scene, asked)
        return Shown(picture, scene, asked.ask, found, self.visit, whole=whole, error=error)

    def _answer(self, scene: Scene, asked: Asking) -> tuple[QueryAnswer | None, str]:
        if asked.error:
            return None, asked.error
        try:
            scenes = {name: self.album.scene(name) for _, name in asked.ask.take}
            return answer_query(scene, asked.ask, scenes), ""
        except ImageToPromptError as error:
            return None, str(error)

    def _job(self, name: str, picture: str) -> Job | None:
        found = self.jobs.get(name) if name else None
        return found if found is not None and found.picture == picture else None


def desk(request: Request) -> Desk:
    """The desk of whoever sent the request."""
    state, visitor = request.app.state, request.scope["visitor"]
    return Desk(state.album, state.jobs, visit(request), visitor)


def visit(request: Request) -> Visit:
    """What the page knows of whoever sent the request."""
    state = request.app.state
    visitor: Visitor = request.scope["visitor"]
    allowance = state.meter.allowance(visitor)
    return Visit(
        token=state.seals.token(visitor.id),
        uses_left=allowance and allowance.left,
        uses_a_day=allowance.limit if allowance else 0,
        uses_back=BACK if allowance else "",
        opened=() if visitor.fresh else _opened(state.album, state.jobs, visitor),
        engines=state.configuration.painters,
        examples=_examples(),
        theme=_theme(request.cookies.get(THEME_COOKIE, "")),
    )


def _opened(album: PictureStore, jobs: JobQueue, visitor: Visitor) -> tuple[Opened, ...]:
    made = {job.result: job.id for job in jobs.of_visitor(visitor.id, RECENT) if job.result}
    pictures = album.of_visitor(visitor.id, RECENT)
    return tuple(Opened(kept.id, made.get(kept.id, "")) for kept in pictures)


def _theme(given: str) -> Theme:
    return "light" if given == "light" else "dark" if given == "dark" else "auto"


@cache
def _examples() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted(examples_folder().glob("*.jpg")))
