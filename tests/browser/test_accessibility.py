"""Without scripts, by keyboard, on any screen, in light and dark, and for who cannot see it."""

from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import Open
from tests.browser.page_reader import changed, prompt

if TYPE_CHECKING:
    from playwright.sync_api import Page


AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_upload_edit_and_paint_without_javascript(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    page.set_input_files("#picture", "examples/coffee.jpg")
    page.click("#choose button")
    page.wait_for_selector("#layout")
    page.click("#chip-palette")
    page.fill("#words-palette", "soft pastel colors")
    page.click("#set-palette")
    page.wait_for_url("**set=palette*")
    assert "soft pastel colors" in prompt(page)

    page.click("#preset-watercolor")
    page.wait_for_url("**preset=watercolor*")
    page.click("#paint-it")
    page.wait_for_url("**job=*")
    for _ in range(60):
        if page.locator("#result").count():
            break
        page.reload()
        page.wait_for_timeout(500)
    assert page.locator("#result img").count() == 2


def test_from_start_to_copy_by_keyboard_alone(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _tab(page, "example-coffee")
    page.keyboard.press("Enter")
    page.wait_for_selector("#layout[data-complete=yes]")
    _tab(page, "chip-palette")
    page.keyboard.press("Enter")
    _tab(page, "words-palette")
    page.keyboard.type("teal and amber")
    page.keyboard.press("Enter")
    changed(page, "teal and amber")
    _tab(page, "copy-prompt")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) != "none"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('status').textContent === 'Copied'")


def _tab(page: "Page", name: str) -> None:
    for _ in range(120):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No way by Tab to {name}.")


@pytest.mark.parametrize("width", [360, 390, 768, 1440, 2560])
def test_nothing_is_wider_than_the_screen(look: Open, width: int) -> None:
    page = look(viewport={"width": width, "height": 800})
    for query in ("", "?preset=watercolor&for=stable_diffusion", "?left=0.3", "?alternatives=1"):
        page.goto(page.url.partition("?")[0] + query)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_light_or_dark_is_remembered(visit: Open) -> None:
    page = visit()
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.check("input[name=theme][value=dark]", force=True)
    page.wait_for_function(
        "(light) => getComputedStyle(document.documentElement).backgroundColor !== light", arg=light
    )
    page.reload()

    assert page.evaluate(ground) != light
    assert page.get_attribute("html", "data-theme") == "dark"


def test_reduced_motion_is_respected(look: Open) -> None:
    page = look(reduced_motion="reduce")
    script = """() => [...document.querySelectorAll('*')].map((each) => getComputedStyle(each))
      .filter((style) => style.animationName !== 'none')
      .filter((style) => parseFloat(style.animationDuration) > 0.01).length"""

    assert page.evaluate(script) == 0


def _violations(page: "Page") -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": AXE_TAGS})
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(look: Open, scheme: str, width: int) -> None:
    page = look("astronaut", color_scheme=scheme, viewport={"width": width, "height": 900})
    home = page.url.partition("?")[0]
    found = _violations(page)
    for query in (
        "?preset=watercolor&set=time=night&set=weather=sunny&for=stable_diffusion",
        "?lock=light&set=light=dim",
        "?box=0.1,0.1,0.5,0.5&preset=night",
        "?left=0.3",
        "?alternatives=1",
    ):
        page.goto(home + query)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        found += [f"{query} {each}" for each in _violations(page)]
    for place in ("/", "/docs", "/p/AAAAAAAAAAAAAAAAAAAAAA"):
        page.goto(place)
        found += [f"{place} {each}" for each in _violations(page)]

    assert found == []


def test_axe_finds_nothing_beside_a_result(look: Open) -> None:
    page = look()
    page.goto(f"{page.url.partition('?')[0]}?preset=watercolor")
    page.click("#paint-it")
    page.wait_for_selector("#result", timeout=90_000)

    assert _violations(page) == []
