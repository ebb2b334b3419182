from tests.browser.conftest import Open
from tests.browser.doing import EXAMPLES, choose_look, edit
from tests.browser.reading import changed, fields, prompt, reads, said, says


def test_looks_are_searched_by_a_part_of_their_name(look: Open) -> None:
    page = look()
    page.fill("#looks-search", "water")
    says(page, "#status", "looks found")
    assert page.is_visible("#preset-watercolor")
    assert not page.is_visible("#preset-pencil-sketch")

    page.fill("#looks-search", "qwerty")
    says(page, ".looks-none", "Write it into a fact instead")


def test_looks_are_shown_on_this_very_picture(look: Open) -> None:
    page = look()
    page.locator("#looks").scroll_into_view_if_needed()

    page.wait_for_function(
        "() => document.querySelector('#preset-watercolor img').naturalWidth > 0"
    )
    page.click("label:has(#kind-time)")
    assert page.is_visible("#preset-night")
    assert not page.is_visible("#preset-watercolor")


def test_looks_of_different_kinds_go_together_and_of_one_kind_take_turns(look: Open) -> None:
    page = look()
    for name in ("watercolor", "night", "oil-painting"):
        choose_look(page, name)

    assert [value for name, value in fields(page) if name == "preset"] == ["night", "oil-painting"]
    assert "oil painting" in prompt(page)
    assert "night" in prompt(page)
    page.click("#take-back-1")
    page.wait_for_function("() => !location.search.includes('night')")
    assert "night" not in prompt(page)


def test_undo_redo_and_starting_over(look: Open) -> None:
    page = look()
    texts = [prompt(page)]
    edit(page, "palette", "teal and amber")
    texts.append(prompt(page))
    choose_look(page, "watercolor")
    texts.append(prompt(page))
    page.click("#undo")
    reads(page, texts[1])
    page.click("#redo")
    reads(page, texts[2])
    page.go_back()
    reads(page, texts[1])
    page.focus("#undo")
    page.keyboard.press("Control+z")
    reads(page, texts[0])
    # A jump within the page is no step of its own.
    page.focus(".skip")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Control+Shift+z")
    reads(page, texts[1])
    page.click("#reset")
    reads(page, texts[0])


def test_half_typed_words_outlive_another_change(look: Open) -> None:
    page = look()
    page.click("#leave-out summary")
    page.fill("#exclude-words", "peop")
    choose_look(page, "watercolor")

    assert page.input_value("#exclude-words") == "peop"
    assert page.is_visible("#exclude-words")


def test_the_colors_of_a_second_picture_are_taken(look: Open) -> None:
    page = look()
    before = said(page, "palette")
    page.click("#take summary")
    page.set_input_files("#aside-file", EXAMPLES / "rocket.jpg")
    page.wait_for_selector("#aside-shown img")
    page.wait_for_selector("#take-it:enabled")
    page.check("#taking-palette")
    page.click("#take-it")
    changed(page, "take=palette=")

    assert said(page, "palette") != before
    says(page, ".made", "of another picture")


def test_words_are_left_out(look: Open) -> None:
    page = look()
    page.click("#leave-out summary")
    page.fill("#exclude-words", "people, text")
    page.press("#exclude-words", "Enter")
    changed(page, "exclude=people")

    assert "--no people, text" in prompt(page)
