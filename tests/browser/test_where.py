import pytest
from PIL import ImageChops
from tests.browser.conftest import Open
from tests.browser.doing import choose_place, drag, paint, pixels
from tests.browser.reading import changed, fields, picture, result, says


def test_a_part_is_painted_by_hand_and_nothing_else_changes(look: Open) -> None:
    page = look(query="preset=night")
    choose_place(page, "part")
    canvas = page.locator("#easel canvas")
    drag(page, canvas, right=80)
    page.click("#mask-use")
    changed(page, "mask=")
    paint(page)

    before, after = pixels(page, picture(page)), pixels(page, result(page))
    box = ImageChops.difference(before, after).point(lambda value: 255 * (value > 3)).getbbox()
    assert box is not None
    assert 250 < box[0] < box[2] < 500
    assert 100 < box[1] < box[3] < 300


def test_strokes_are_taken_back_and_an_empty_mask_is_told(look: Open) -> None:
    page = look()
    choose_place(page, "part")
    canvas = page.locator("#easel canvas")
    drag(page, canvas, right=40)
    page.click("label:has(#tool-erase)")
    page.focus("#brush")
    page.keyboard.press("End")
    drag(page, canvas, right=40)
    page.click("#mask-use")
    says(page, "#easel [data-said]", "Nothing is marked yet")

    page.click("#mask-undo")
    page.click("#mask-undo")
    page.wait_for_selector("#mask-use", state="hidden")


def test_a_found_thing_is_picked_and_let_go(look: Open) -> None:
    page = look()
    choose_place(page, "part")
    page.click("#thing-1")
    changed(page, "box=")
    assert page.get_attribute("#thing-1", "aria-current") == "true"

    page.click("#mask-none")
    page.wait_for_function("() => !location.search.includes('box=')")


def test_the_frame_is_dragged_beyond_the_picture_and_painted(look: Open) -> None:
    page = look()
    choose_place(page, "beyond")
    drag(page, page.locator(".handle[data-side=right] .handle-reach"), right=60)
    page.wait_for_function("() => new URLSearchParams(location.search).get('right') > 0")
    right = float(dict(fields(page))["right"])
    assert page.inner_text("[data-result]").startswith(str(round(600 * (1 + right))))
    paint(page)

    assert pixels(page, result(page)).width == pytest.approx(600 * (1 + right), abs=10)


def test_the_frame_takes_a_shape_and_numbers(look: Open) -> None:
    page = look()
    choose_place(page, "beyond")
    page.click("#shape-1")
    changed(page, "top=")
    page.fill("#left", "0.5")
    page.press("#left", "Tab")
    changed(page, "left=0.5")

    page.click("#beyond-none")
    page.wait_for_function("() => !/left|top/.test(location.search)")


def test_a_larger_size_is_painted(look: Open) -> None:
    page = look("cat")
    choose_place(page, "larger")
    page.click("#scale-2")
    changed(page, "scale=2")
    paint(page)

    assert pixels(page, result(page)).size == (902, 600)


def test_places_that_do_not_go_together_are_told(look: Open) -> None:
    page = look(query="left=0.3&scale=2")

    assert "one after the other" in page.inner_text("#transform .notice")
