from typing import TYPE_CHECKING

from tests.browser.conftest import Open
from tests.browser.doing import PAINTS, tab_to
from tests.browser.reading import changed, prompt, says, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What has the focus shows it: by an outline of its own, or of what stands for it.
SHOWN = """() => {
  const held = document.activeElement;
  const near = [held, held.parentElement, held.nextElementSibling, held.labels?.[0]];
  return near.filter(Boolean).some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  });
}"""
PLACE = """() => {
  const { activeElement: held } = document;
  return held === document.body ? "" : held.id || `${held.tagName} ${held.textContent.trim()}`;
}"""


def test_from_start_to_copied(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "example-coffee")
    page.keyboard.press("Enter")
    whole(page)
    tab_to(page, "chip-palette")
    page.keyboard.press("Enter")
    tab_to(page, "words-palette")
    page.keyboard.type("teal and amber")
    page.keyboard.press("Enter")
    changed(page, "teal and amber")
    tab_to(page, "copy-prompt")
    page.keyboard.press("Enter")
    says(page, "#copy-prompt", "Copied")

    assert page.evaluate("navigator.clipboard.readText()") == prompt(page)


def test_from_a_look_to_the_next_picture(look: Open) -> None:
    page = look()
    tab_to(page, "looks-search")
    page.keyboard.type("night")
    tab_to(page, "preset-night")
    page.keyboard.press("Enter")
    changed(page, "preset=night")
    tab_to(page, "paint-it")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result", timeout=PAINTS)
    # The focus went along with what came of the button.
    page.wait_for_function("() => document.activeElement.closest('#paint, #painting, #result')")
    tab_to(page, "use-result")
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search.includes('preset')")
    whole(page)


def test_the_skip_link_leads_past_the_header(visit: Open) -> None:
    page = visit()
    page.evaluate("window.same = true")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    page.keyboard.press("Tab")

    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    assert page.evaluate("window.same")


def test_every_stop_shows_that_it_has_the_focus_and_none_holds_it(look: Open) -> None:
    page = look(query="preset=watercolor&for=stable_diffusion")
    page.evaluate("document.querySelectorAll('details.fold').forEach((it) => (it.open = true))")
    stops = _stops(page)

    assert [name for name, shown in stops if not shown] == []
    assert len(stops) > 60
    assert stops[-1][0] != stops[-2][0]


def _stops(page: "Page") -> list[tuple[str, bool]]:
    """Every stop of Tab, until it leaves the page: what has the focus, and whether that shows."""
    found: list[tuple[str, bool]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        name = page.evaluate(PLACE)
        if not name or (found and name == found[0][0]):
            return found
        found.append((name, page.evaluate(SHOWN)))
    raise AssertionError(f"Tab does not leave {found[-3:]}.")
