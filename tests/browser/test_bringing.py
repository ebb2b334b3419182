from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.browser.conftest import Open
from tests.browser.doing import EXAMPLES, hand
from tests.browser.reading import copied, prompt, says, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

COFFEE = EXAMPLES / "coffee.jpg"
# Notes each state of the desk: milliseconds since the picture was brought, and whether that is all.
WATCH = """() => {
  window.told = [];
  const begun = performance.now();
  document.addEventListener("page:swapped", () => requestAnimationFrame(() => {
    const desk = document.getElementById("desk");
    const facts = desk.querySelectorAll(".facts .chip-details").length;
    told.push([performance.now() - begun, desk.dataset.whole, facts]);
  }));
}"""


def test_a_picture_is_chosen(visit: Open) -> None:
    page = visit()
    page.set_input_files("#picture", COFFEE)
    whole(page)

    assert "cup of coffee" in prompt(page)
    assert "cup of coffee" in str(page.get_attribute("#shown", "alt"))


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(visit: Open, how: str) -> None:
    page = visit()
    hand(page, COFFEE, how)
    whole(page)

    assert "cup of coffee" in prompt(page)


def test_a_phone_takes_a_photo(visit: Open) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.is_visible("label:has(#capture)")
    page.set_input_files("#capture", COFFEE)
    whole(page)

    assert "cup of coffee" in prompt(page)


def test_dragging_over_the_page_says_where_to_let_go(visit: Open) -> None:
    page = visit()
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["x"], "x.jpg", { type: "image/jpeg" }));
          const event = new DragEvent("dragenter", { dataTransfer: transfer, bubbles: true });
          document.body.dispatchEvent(event);
        }"""
    )

    assert says(page, "#veil", "Let go to look at it")


def test_measured_facts_come_first_and_named_ones_after(
    visit: Open, record_property: Callable[[str, object], None]
) -> None:
    page = visit()
    page.evaluate(WATCH)
    page.set_input_files("#picture", COFFEE)
    whole(page)
    page.wait_for_function("() => told.at(-1)?.[1] === 'yes'")
    told = page.evaluate("told")
    record_property("milliseconds to the first facts", told[0][0])

    assert [each[1] for each in told] == ["no", "yes"]
    assert 0 < told[0][2] < told[1][2]


def test_an_example_is_tried_and_the_next_picture_dropped_on_it(visit: Open) -> None:
    page = visit()
    page.click("#example-cat")
    whole(page)
    first = page.url
    hand(page, COFFEE, "drop")
    page.wait_for_function("(first) => location.href !== first", arg=first)
    whole(page)

    assert "cup of coffee" in prompt(page)


def test_the_address_leads_back_to_the_picture(visit: Open) -> None:
    page = visit()
    page.click("#example-cat")
    whole(page)
    text = prompt(page)
    page.reload()
    assert prompt(page) == text

    page.click("header .brand")
    page.click("#recent-1")
    page.wait_for_selector("#desk")
    assert prompt(page) == text


def _made_by_a_generator(path: Path) -> Path:
    notes = PngInfo()
    settings = "Negative prompt: people\nSteps: 20, Sampler: Euler a, Seed: 7"
    notes.add_text("parameters", f"a castle at night, oil painting\n{settings}")
    Image.open(COFFEE).save(path, "PNG", pnginfo=notes)
    return path


def test_a_picture_that_carries_its_prompt_shows_it_first(visit: Open, tmp_path: Path) -> None:
    page = visit()
    page.set_input_files("#picture", _made_by_a_generator(tmp_path / "made.png"))
    whole(page)

    assert page.text_content(".own-text") == "a castle at night, oil painting"
    assert _above(page, ".own-text", "#prompt-text")
    assert copied(page, "#copy-own") == "a castle at night, oil painting"


def _above(page: "Page", one: str, other: str) -> bool:
    first, second = (page.locator(each).bounding_box() for each in (one, other))
    assert first
    assert second
    return bool(first["y"] < second["y"])
