"""Visit, Shown: all that a page is made from, as its route hands it over.

Plain values. They do not know where they come from: cookies, rows and requests are the route's.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.web.db.job_queue import Job
from imagetoprompt.web.query import PageQuery, QueryAnswer

Theme: TypeAlias = Literal["auto", "light", "dark"]

# Cookies that the page sets and the route reads.
THEME_COOKIE: Final = "theme"
"""'light' or 'dark'; without it the page follows the system."""
TARGET_COOKIE: Final = "for"
"""Whom the visitor wrote for last; stands for `for` in an address without it."""


@dataclass(frozen=True)
class Opened:
    """A picture of this visit: its id and, when one was painted from it, the job's."""

    picture: str
    job: str = ""


@dataclass(frozen=True)
class Visit:
    """What the page knows of its visitor.

    token: against forged forms, sent back as the field `token`. uses_left: of uses_a_day; None when
    nothing is counted. uses_back: when there are more, such as "midnight UTC". opened: the pictures
    of this visit, the newest first. engines: names of what paints. examples: names of the pictures
    to try.
    """

    token: str = ""
    uses_left: int | None = None
    uses_a_day: int = 0
    uses_back: str = ""
    opened: tuple[Opened, ...] = ()
    engines: tuple[str, ...] = ("draft",)
    examples: tuple[str, ...] = ()
    theme: Theme = "auto"


@dataclass(frozen=True)
class Shown:
    """One picture as it is asked to be shown.

    scene: as it was seen, before any edit. whole: False while names are still looked for. answer:
    None when the ask cannot be met; error then says why. alternatives: the four emphases of the
    edited facts. job: the painting that the ask names.
    """

    picture: str
    scene: Scene
    ask: PageQuery = field(default_factory=PageQuery)
    answer: QueryAnswer | None = None
    visit: Visit = field(default_factory=Visit)
    whole: bool = True
    error: str = ""
    alternatives: tuple[Prompt, ...] = ()
    job: Job | None = None

    @property
    def after(self) -> Scene:
        """The facts after the edits, or as seen when there are none that can be made."""
        return self.scene if self.answer is None else self.answer.edited.after
