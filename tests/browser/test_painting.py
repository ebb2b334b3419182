import io

from PIL import Image
from tests.browser.conftest import Open
from tests.browser.doing import PAINTS, paint
from tests.browser.reading import changed, picture, result, says, whole


def test_a_look_is_painted_with_its_progress_and_its_drift(look: Open) -> None:
    page = look(query="preset=watercolor")
    page.click("#paint-it")
    page.wait_for_selector("#painting[data-over=no] progress")
    page.wait_for_selector("#result", timeout=PAINTS)

    says(page, "#status", "The painting is done.")
    assert page.locator(".drift [data-facet=medium]").count() == 1
    assert all(page.locator(".drift [data-facet=medium] span").all_inner_texts())
    assert page.is_visible("#paint-it:has-text('Paint it again')")


def test_before_and_after_are_compared_by_keyboard(look: Open) -> None:
    page = look(query="preset=night")
    paint(page)
    page.focus("#compare")
    page.keyboard.press("Home")
    assert page.get_attribute("#compare", "aria-valuetext") == "0 percent before"
    page.keyboard.press("End")
    assert page.get_attribute("#compare", "aria-valuetext") == "100 percent before"
    assert page.eval_on_selector(".compare", "(it) => it.style.getPropertyValue('--at')") == "100%"


def test_a_painting_is_downloaded_with_its_prompt_inside(look: Open) -> None:
    page = look(query="preset=watercolor")
    paint(page)
    with page.expect_download() as waiting:
        page.click("#download")

    made = Image.open(io.BytesIO(waiting.value.path().read_bytes()))
    assert made.format == "PNG"
    assert made.size == (600, 400)
    assert "watercolor" in str(made.info["parameters"])


def test_a_painting_is_gone_on_from_and_stands_in_the_history(visit: Open) -> None:
    page = visit()
    page.click("#example-coffee")
    whole(page)
    first = picture(page)
    page.goto(f"{page.url.partition('?')[0]}?preset=sepia")
    paint(page)
    second = result(page)
    page.click("#use-result")
    page.wait_for_url(f"**/p/{second}*")
    whole(page)
    assert page.locator(".visit-strip li").count() == 2

    page.click("#visit-2")
    page.wait_for_url(f"**/p/{first}*")


def test_a_painting_is_found_again_after_a_reload(look: Open) -> None:
    page = look(query="preset=night")
    paint(page)
    made = result(page)
    page.reload()

    assert result(page) == made
    page.click("#tab-flux")
    changed(page, "for=flux")
    assert result(page) == made


def test_changing_something_says_that_the_painting_is_of_before(look: Open) -> None:
    page = look(query="preset=night")
    paint(page)
    page.click("#take-back-1")
    says(page, ".stale", "You have changed something")

    page.click("#result-then")
    changed(page, "preset=night")
    page.wait_for_selector(".stale", state="detached")


def test_a_running_painting_is_stopped_and_tried_again(look: Open) -> None:
    page = look(query="scale=4")
    page.click("#paint-it")
    page.click("#cancel")
    says(page, "#painting .notice", "Stopped. Nothing was kept.")

    page.click("#retry")
    page.wait_for_selector("#painting[data-over=no]")
    page.click("#cancel")
    page.wait_for_selector("#painting[data-state=cancelled]", timeout=PAINTS)


def test_the_strength_says_what_it_means_and_what_the_generator_calls_it(look: Open) -> None:
    page = look(query="preset=watercolor&for=stable_diffusion")
    words, knob = page.inner_text("#strength-words"), page.inner_text("[data-knob]")
    page.focus("#strength")
    page.keyboard.press("Home")
    page.wait_for_function(
        "([words, knob]) => document.getElementById('strength-words').innerText !== words"
        " && document.querySelector('[data-knob]').innerText !== knob",
        arg=[words, knob],
    )
    changed(page, "strength=0")
    assert page.inner_text("#strength-words") == "Keeps everything, paints nothing."
    assert "denoising_strength 0" in page.inner_text("[data-knob]")

    page.click("#strength-default")
    page.wait_for_function("() => !location.search.includes('strength')")
    assert page.inner_text("#strength-words") == words


def test_structure_is_kept_by_choice_and_its_map_is_shown(look: Open) -> None:
    page = look(query="preset=oil-painting&for=stable_diffusion")
    page.click("#keep > summary")
    page.check("#keep-depth")
    changed(page, "keep=depth")
    page.wait_for_function("() => document.querySelector('#look-depth img').naturalWidth > 0")
    page.click("#look-depth")
    assert page.is_visible("#map-depth img")
    page.keyboard.press("Escape")

    page.click("#keep-none")
    changed(page, "keep=none")
    page.click("#keep-default")
    page.wait_for_function("() => !location.search.includes('keep=')")
