"""What a page is made from: the visitor, the picture with its facts, and what its address asks for.

`page_builder` collects it for one request: pictures and jobs from the database, the visitor from
cookies, the answer (edited facts, plan, prompt) from `web.query`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, TypeAlias

from fastapi import Request

from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.engines import DEFAULT_ENGINE
from imagetoprompt.errors import ImageToPromptError
from imagetoprompt.pipeline import alternatives
from imagetoprompt.targets import DEFAULT_TARGET
from imagetoprompt.web.db.job_queue import Job, JobQueue
from imagetoprompt.web.lifespan import examples_folder
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.pages.urls import ALTERNATIVES_FIELD, Pair
from imagetoprompt.web.query import PageQuery, QueryAnswer, answer_query, parse_query
from imagetoprompt.web.services.picture_store import PictureStore

Theme: TypeAlias = Literal["auto", "light", "dark"]

# Cookies that the page sets.
THEME_COOKIE: Final = "theme"
"""'light' or 'dark'; without it the page follows the system."""
TARGET_COOKIE: Final = "for"
"""The last target that the visitor chose; the default where an address has no `for`."""
MAX_VISIT_PICTURES: Final = 24
"""Pictures and results of this visit that the page shows."""
QUOTA_RESET: Final = "midnight UTC"


@dataclass(frozen=True)
class VisitPicture:
    """A picture of this visit: its id and, if it is a result, the id of its job."""

    picture: str
    job: str = ""


@dataclass(frozen=True)
class Visit:
    """The visitor.

    token: CSRF token, sent back by forms as the field `token`. uses_left: of uses_a_day; None if
    uses are not counted. uses_back: when they are reset, such as "midnight UTC". opened: the
    pictures of this visit, newest first. engines: names of the engines that this server offers.
    examples: names of the example pictures.
    """

    token: str = ""
    uses_left: int | None = None
    uses_a_day: int = 0
    uses_back: str = ""
    opened: tuple[VisitPicture, ...] = ()
    engines: tuple[str, ...] = (DEFAULT_ENGINE,)
    examples: tuple[str, ...] = ()
    theme: Theme = "auto"


@dataclass(frozen=True)
class PageState:
    """One picture, and what its address asks for.

    picture: its id. scene: its facts before any edit. answer: edited facts, plan and prompt; None
    if the edits are not valid, and `error` says why. complete: False while observers still run.
    alternatives: the prompt with each emphasis. job: the transform job that the address names.
    """

    picture: str
    scene: Scene
    query: PageQuery = field(default_factory=PageQuery)
    answer: QueryAnswer | None = None
    visit: Visit = field(default_factory=Visit)
    complete: bool = True
    error: str = ""
    alternatives: tuple[Prompt, ...] = ()
    job: Job | None = None

    @property
    def after(self) -> Scene:
        """The facts after the edits, or as they are if the edits are not valid."""
        return self.scene if self.answer is None else self.answer.edited.after


@dataclass(frozen=True)
class ParsedAddress:
    """The fields of an address as an `Ask`, or the error message that says why they are none."""

    query: PageQuery
    error: str = ""
    alternatives: bool = False


def parse_address(pairs: Iterable[Pair], cookies: Mapping[str, str]) -> ParsedAddress:
    """Parse the fields; an address without a target takes the one of the cookie."""
    fields = list(pairs)
    alternatives = (ALTERNATIVES_FIELD, "1") in fields
    if "for" not in dict(fields):
        fields.append(("for", _last_target(cookies)))
    try:
        return ParsedAddress(parse_query(fields), alternatives=alternatives)
    except ImageToPromptError as error:
        return ParsedAddress(PageQuery(target=_last_target(cookies)), str(error), alternatives)


def _last_target(cookies: Mapping[str, str]) -> str:
    try:
        return parse_query([("for", cookies.get(TARGET_COOKIE, DEFAULT_TARGET))]).target
    except ImageToPromptError:
        return DEFAULT_TARGET


@dataclass(frozen=True)
class PageBuilder:
    """Makes the page states of one visitor."""

    pictures: PictureStore
    jobs: JobQueue
    visit: Visit
    visitor: Visitor

    def page_state(self, picture: str, parsed: ParsedAddress) -> PageState:
        """The state of a picture's page; GoneError if the picture was deleted."""
        scene = self.pictures.scene(picture)
        answered, error = self._answer(scene, parsed)
        after = scene if answered is None else answered.edited.after
        return PageState(
            picture=picture,
            scene=scene,
            query=parsed.query,
            answer=answered,
            visit=self.visit,
            error=error,
            alternatives=alternatives(after, parsed.query.target) if parsed.alternatives else (),
            job=self._job(parsed.query.job, picture),
        )

    def partial_state(
        self, picture: str, scene: Scene, parsed: ParsedAddress, *, complete: bool
    ) -> PageState:
        """The state of a picture that is being analyzed, with its facts so far."""
        answered, error = self._answer(scene, parsed)
        return PageState(
            picture, scene, parsed.query, answered, self.visit, complete=complete, error=error
        )

    def _answer(self, scene: Scene, parsed: ParsedAddress) -> tuple[QueryAnswer | None, str]:
        if parsed.error:
            return None, parsed.error
        try:
            scenes = {name: self.pictures.scene(name) for _, name in parsed.query.take}
            return answer_query(scene, parsed.query, scenes), ""
        except ImageToPromptError as error:
            return None, str(error)

    def _job(self, name: str, picture: str) -> Job | None:
        job = self.jobs.get(name) if name else None
        return job if job is not None and job.picture == picture else None


def page_builder(request: Request) -> PageBuilder:
    """The builder for the visitor who sent the request."""
    app, visitor = request.app.state, request.scope["visitor"]
    return PageBuilder(app.store, app.jobs, visit(request), visitor)


def visit(request: Request) -> Visit:
    """The visitor who sent the request."""
    app = request.app.state
    visitor: Visitor = request.scope["visitor"]
    allowance = app.quota.allowance(visitor)
    return Visit(
        token=app.signer.token(visitor.id),
        uses_left=allowance and allowance.left,
        uses_a_day=allowance.limit if allowance else 0,
        uses_back=QUOTA_RESET if allowance else "",
        opened=() if visitor.fresh else _visit_pictures(app.store, app.jobs, visitor),
        engines=app.config.offered_engines,
        examples=_example_names(),
        theme=_theme(request.cookies.get(THEME_COOKIE, "")),
    )


def _visit_pictures(
    pictures: PictureStore, jobs: JobQueue, visitor: Visitor
) -> tuple[VisitPicture, ...]:
    results = jobs.of_visitor(visitor.id, MAX_VISIT_PICTURES)
    job_ids = {job.result: job.id for job in results if job.result}
    stored = pictures.of_visitor(visitor.id, MAX_VISIT_PICTURES)
    return tuple(VisitPicture(picture.id, job_ids.get(picture.id, "")) for picture in stored)


def _theme(cookie: str) -> Theme:
    return "light" if cookie == "light" else "dark" if cookie == "dark" else "auto"


@cache
def _example_names() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted(examples_folder().glob("*.jpg")))
