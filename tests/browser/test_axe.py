from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import Open
from tests.browser.doing import open_fact, paint

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = {
    "plain": "",
    "edited": "preset=watercolor&set=time=night&set=weather=sunny&for=stable_diffusion&exclude=fog",
    "locked": "lock=palette&remove=light&set=mood=calm&for=ideogram:json",
    "problem": "lock=light&set=light=dim",
    "part": "box=0.1,0.1,0.5,0.5&preset=night",
    "beyond": "left=0.3&for=flux",
    "clash": "left=0.3&scale=2",
    "alternatives": "alternatives=1",
}
WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")


def _violations(page: "Page") -> Iterator[str]:
    """What axe finds, in light and in dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = axe.Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
        for each in found.response["violations"]:
            for node in each["nodes"]:
                yield f"{scheme}: {each['id']}: {node['html'][:160]} {node['failureSummary']}"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_a_picture(look: Open, state: str, width: int) -> None:
    page = look("astronaut", STATES[state], viewport={"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details.fold').forEach((it) => (it.open = true))")

    assert list(_violations(page)) == []


def test_an_open_fact(look: Open) -> None:
    page = look("rocket")
    open_fact(page, "palette")

    assert list(_violations(page)) == []


@pytest.mark.parametrize("path", ["/", "/docs", "/p/AAAAAAAAAAAAAAAAAAAAAA"])
def test_the_other_pages(visit: Open, path: str) -> None:
    page = visit(path, told="status of 404")

    assert list(_violations(page)) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_painting_and_what_stopped(look: Open, width: int) -> None:
    page = look(query="preset=watercolor", viewport={"width": width, "height": 900})
    paint(page)
    found = list(_violations(page))
    page.goto(f"{page.url.partition('?')[0]}?scale=4")
    page.click("#paint-it")
    page.click("#cancel")
    page.wait_for_selector("#painting[data-over=yes]")

    assert found + list(_violations(page)) == []
