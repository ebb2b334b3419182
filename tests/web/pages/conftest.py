"""Real scenes of the example pictures, looked at once for all tests of the page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from imagetoprompt.core.scene import Scene
from imagetoprompt.pipeline import alternatives, describe
from imagetoprompt.web.pages.context import PageState, Visit, VisitPicture
from imagetoprompt.web.query import answer_query, parse_query

EXAMPLES = Path(__file__).parents[3] / "examples"
VISIT = Visit("token", 7, 10, "midnight UTC", (VisitPicture("one"),), examples=("cat", "poster"))


@pytest.fixture(scope="session")
def photographer() -> Scene:
    return describe(EXAMPLES / "photographer.jpg")


@pytest.fixture(scope="session")
def poster() -> Scene:
    return describe(EXAMPLES / "poster.jpg")


@pytest.fixture
def show() -> Callable[..., PageState]:
    """A picture as its route shows it for these fields."""

    def shown(scene: Scene, *fields: tuple[str, str], complete: bool = True) -> PageState:
        asked = parse_query(fields)
        found = answer_query(scene, asked, {"other": scene})
        four = alternatives(found.edited.after, asked.target)
        return PageState("id", scene, asked, found, VISIT, complete=complete, alternatives=four)

    return shown
