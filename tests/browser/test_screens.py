from typing import TYPE_CHECKING

import pytest
from tests.browser.conftest import Open
from tests.browser.doing import paint
from tests.browser.reading import says

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 390, 768, 1440, 2560)
# Words of a button, a tab, a label or a heading that do not fit in, and things that stick out of
# the page; what scrolls by itself may be wider than its place.
CUT = """() => {
  const scrolls = (each) => each && (/(auto|scroll)/.test(getComputedStyle(each).overflowX)
    || scrolls(each.parentElement));
  const shown = (each) => each.checkVisibility() && !each.closest(".unseen, .chip-open, .skip");
  const words = [...document.querySelectorAll("button, .button, h1, h2, h3, label, dd, dt, p")];
  const wide = words.filter(shown).filter((each) => {
    const box = each.getBoundingClientRect();
    const out = box.right > innerWidth + 1 || box.left < -1;
    return (out || each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0
      && getComputedStyle(each).display !== "inline") && !scrolls(each);
  });
  return wide.map((each) => `${each.id || each.className}: ${each.textContent.trim()}`);
}"""
GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
MOVING = """() => [...document.querySelectorAll("*")].map((each) => getComputedStyle(each))
  .filter((style) => (style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01)
    || parseFloat(style.transitionDuration) > 0.01).length"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen_or_cut(look: Open, width: int) -> None:
    page = look("rocket", viewport={"width": width, "height": 800})
    plain = page.url
    for query in (
        "",
        "?preset=watercolor&for=stable_diffusion",
        "?left=0.3&for=flux",
        "?alternatives=1",
    ):
        page.goto(plain + query)
        page.evaluate("document.querySelectorAll('details.fold').forEach((it) => (it.open = true))")
        _fits(page, width)
    for place in ("/", "/docs"):
        page.goto(place)
        _fits(page, width)


def _fits(page: "Page", width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_a_painting_fits_too(look: Open, width: int) -> None:
    page = look("rocket", "preset=watercolor", viewport={"width": width, "height": 800})
    paint(page)

    _fits(page, width)


def test_on_a_phone_the_prompt_is_copied_from_below(look: Open) -> None:
    page = look(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.tap("#copy-bar")
    says(page, "#copy-bar", "Copied")
    page.tap(".bottom-jump")

    page.wait_for_function(
        "() => document.getElementById('prompt').getBoundingClientRect().top < 200"
    )


def test_light_or_dark_is_remembered_and_given_back_to_the_system(visit: Open) -> None:
    page = visit(color_scheme="light")
    light = page.evaluate(GROUND)
    page.check("input[name=theme][value=dark]", force=True)
    page.wait_for_function(f"(light) => ({GROUND})() !== light", arg=light)
    dark = page.evaluate(GROUND)
    page.reload()
    assert page.evaluate(GROUND) == dark

    page.check("input[name=theme][value=auto]", force=True)
    page.reload()
    assert page.evaluate(GROUND) == light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) == dark


def test_what_happened_is_said_in_as_little_room_as_it_needs(look: Open) -> None:
    page = look()
    page.click("#preset-watercolor")
    page.click("#undo")
    says(page, "#status.shown", "Undone")

    assert page.locator("#status").bounding_box()["width"] < 150


def test_who_wants_no_motion_sees_none(look: Open) -> None:
    page = look(query="preset=watercolor", reduced_motion="reduce")

    assert page.evaluate(MOVING) == 0
