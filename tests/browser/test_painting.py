import io
from typing import TYPE_CHECKING

import pytest
from bench.server.live import Live
from PIL import Image
from tests.browser.conftest import Open
from tests.browser.page_reader import changed, fields

if TYPE_CHECKING:
    from playwright.sync_api import Page


def paint(page: "Page") -> None:
    page.click("#paint-it")
    page.wait_for_selector("#result", timeout=90_000)


def asked(page: "Page", query: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}?{query}")


def test_a_preset_is_painted_compared_downloaded_and_continued(look: Open) -> None:
    page = look()
    asked(page, "preset=watercolor")
    paint(page)

    before = page.input_value("#compare")
    page.focus("#compare")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#compare") != before

    with page.expect_download() as waiting:
        page.click("#download")
    made = Image.open(io.BytesIO(waiting.value.path().read_bytes()))
    assert made.format == "PNG"
    assert "watercolor" in made.info["parameters"]

    result = page.get_attribute("#use-result", "href").partition("?")[0]
    page.click("#use-result")
    page.wait_for_url(f"**{result}*")
    assert page.locator("#chip-subject, .chip").count() >= 1
    assert page.locator(".visit-strip li").count() >= 2


def test_a_running_job_is_cancelled(look: Open) -> None:
    page = look()
    asked(page, "scale=4")
    page.click("#paint-it")
    page.click("#cancel")
    page.wait_for_selector("#job[data-finished=yes]", timeout=60_000)

    assert page.get_attribute("#job", "data-state") == "cancelled"
    assert page.is_enabled("#retry")


def test_an_engine_that_is_not_installed_fails_with_a_message(look: Open) -> None:
    page = look()
    asked(page, "preset=oil-painting&engine=diffusers")
    page.click("#paint-it")
    page.wait_for_selector("#job[data-finished=yes]", timeout=60_000)

    sentence = page.text_content("#job .notice p")
    assert sentence.strip().endswith(".") or "install" in sentence
    asked(page, "preset=oil-painting")
    paint(page)


def test_the_strength_is_described_and_shown_as_the_target_s_parameter(look: Open) -> None:
    page = look()
    asked(page, "preset=watercolor&for=stable_diffusion")
    words, knob = page.inner_text("#strength-words"), page.inner_text("[data-parameter]")
    page.focus("#strength")
    page.keyboard.press("Home")
    page.wait_for_function(
        "([words, knob]) => document.getElementById('strength-words').innerText !== words"
        " && document.querySelector('[data-parameter]').innerText !== knob",
        arg=[words, knob],
    )
    changed(page, "strength=0")
    page.click("#strength-default")
    page.wait_for_function("() => !location.search.includes('strength')")


def test_control_maps_are_chosen(look: Open) -> None:
    page = look()
    asked(page, "preset=oil-painting&for=stable_diffusion")
    page.click("#keep > summary")
    page.check("#keep-depth")
    changed(page, "keep=depth")
    page.wait_for_function("() => document.querySelector('#look-depth img').naturalWidth > 0")
    page.click("#keep-none")
    changed(page, "keep=none")


def test_a_painted_mask_limits_the_change(look: Open) -> None:
    page = look()
    asked(page, "preset=night")
    page.click("#where > summary")
    page.click("label:has(#place-part)")
    page.locator("#mask-editor canvas").scroll_into_view_if_needed()
    box = page.locator("#mask-editor canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + box["width"] / 5, middle[1], steps=5)
    page.mouse.up()
    page.click("#mask-use")
    changed(page, "mask=")
    paint(page)

    before, after = (
        Image.open(io.BytesIO(page.request.get(f"/p/{each}/whole").body())).convert("RGB")
        for each in (page.get_attribute("#layout", "data-picture"), _result(page))
    )
    assert before.getpixel((2, 2)) == pytest.approx(after.getpixel((2, 2)), abs=3)


def _result(page: "Page") -> str:
    return str(page.get_attribute("#download", "href")).split("/")[2]


def test_a_detected_region_is_chosen(look: Open) -> None:
    page = look()
    page.click("#where > summary")
    page.click("label:has(#place-part)")
    page.click("#region-1")
    changed(page, "box=")
    assert page.get_attribute("#region-1", "aria-current") == "true"


def test_the_frame_is_dragged_and_outpainted(look: Open) -> None:
    page = look()
    page.click("#where > summary")
    page.click("label:has(#place-beyond)")
    grip = page.locator(".handle[data-side=right] .handle-target")
    grip.scroll_into_view_if_needed()
    handle = grip.bounding_box()
    start = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 60, start[1], steps=6)
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).get('right') > 0")
    right = float(dict(fields(page))["right"])
    paint(page)

    made = Image.open(io.BytesIO(page.request.get(f"/p/{_result(page)}/whole").body()))
    assert made.width == pytest.approx(600 * (1 + right), abs=10)


def test_without_uses_left_editing_still_works(visit: Open, counting: Live) -> None:
    page = visit(at=counting)
    for left in ("2", "1"):
        page.goto("/")
        page.click("#example-cat")
        page.wait_for_selector("#layout[data-complete=yes]")
        assert left in page.text_content("#uses")
    asked(page, "preset=golden-hour")
    paint(page)
    page.wait_for_function("() => /midnight UTC/.test(document.getElementById('uses').textContent)")
    last = page.url
    page.goto("/")
    page.click("#example-coffee")
    page.wait_for_selector("#problem:not(:empty)")
    assert "midnight UTC" in page.text_content("#problem")

    page.goto(last)
    page.click("#tab-flux")
    changed(page, "for=flux")
    assert page.is_disabled("#paint-it")
