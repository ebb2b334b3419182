from typing import TYPE_CHECKING

from tests.browser.conftest import Open
from tests.browser.doing import EXAMPLES
from tests.browser.reading import prompt, result, said

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_picture_is_brought_by_a_form(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    page.set_input_files("#picture", EXAMPLES / "coffee.jpg")
    page.click("#choose button")
    page.wait_for_selector("#desk[data-whole=yes]")

    assert "cup of coffee" in prompt(page)


def test_what_is_no_picture_is_told_with_a_way_back(visit: Open) -> None:
    page = visit(java_script_enabled=False, told="status of 4")
    page.set_input_files(
        "#picture", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    page.click("#choose button")

    assert "not an image" in page.inner_text("main")
    page.click("main a.button")
    assert page.is_visible("#choose")


def test_facts_are_edited_and_taken_back_by_forms_and_links(look: Open) -> None:
    page = look("rocket", java_script_enabled=False)
    text = prompt(page)
    page.click("#chip-palette")
    page.fill("#words-palette", "teal and amber")
    page.click("#set-palette")
    page.wait_for_url("**set=palette*")
    assert "teal and amber" in said(page, "palette")

    page.click("#preset-watercolor")
    page.wait_for_url("**preset=watercolor*")
    page.click("#tab-flux")
    page.wait_for_url("**for=flux*")
    assert "watercolor" in prompt(page)
    page.click("#reset")
    page.click("#tab-midjourney")
    assert prompt(page) == text


def test_strength_structure_and_place_are_chosen_by_forms(look: Open) -> None:
    page = look(query="preset=oil-painting&for=stable_diffusion", java_script_enabled=False)
    page.fill("#strength", "0.3")
    page.click("#strength-form button")
    page.wait_for_url("**strength=0.3*")
    page.click("#keep > summary")
    page.check("#keep-depth")
    page.click("#keep-form .actions button")
    page.wait_for_url("**keep=depth*")
    page.click("#where > summary")
    page.click("label:has(#place-part)")
    page.click("#thing-1")
    page.wait_for_url("**box=*")

    assert page.locator("#easel svg [data-box]").count() == 1


def test_it_is_painted_by_a_form_and_looked_for_by_a_link(look: Open) -> None:
    page = look(query="preset=night", java_script_enabled=False)
    page.click("#paint-it")
    page.wait_for_url("**job=*")
    _await_result(page)

    assert page.locator("#result img").count() == 2
    assert page.request.get(f"/p/{result(page)}/whole").ok


def _await_result(page: "Page") -> None:
    """Follow the link that asks how far it is, for as long as it is there."""
    again = page.locator("#painting a.unscripted")
    for _ in range(500):
        if again.count() == 0:
            break
        again.click()
    page.wait_for_selector("#result")
