import json

import pytest
from tests.browser.conftest import Open
from tests.browser.page_reader import changed, fields, opacity, pieces, prompt


def test_pointing_at_a_fact_draws_its_evidence(look: Open) -> None:
    page = look("coffee")
    assert opacity(page, ".mark[data-mark=light]") == 0
    page.hover("#chip-light")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.mark[data-mark=light]')).opacity === '1'"
    )


def test_focus_draws_the_evidence_and_opening_explains_it(look: Open) -> None:
    page = look("coffee")
    page.focus("#chip-light")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.mark[data-mark=light]')).opacity === '1'"
    )
    page.keyboard.press("Enter")

    assert "measured in the pixels" in page.inner_text("#fact-light .why").lower()


def test_words_of_the_prompt_and_their_fact_highlight_each_other(look: Open) -> None:
    page = look("coffee")
    style = """(each) => ["backgroundColor", "borderColor", "boxShadow"]
      .map((name) => getComputedStyle(each)[name]).join()"""
    chip, piece = ".chip[data-facet=light]", "#prompt-text a[data-facet=light]"
    page.mouse.move(0, 0)
    plain = page.eval_on_selector(chip, style), page.eval_on_selector(piece, style)
    lit = f"([where, plain]) => ({style})(document.querySelector(where)) !== plain"
    page.hover(piece)
    page.wait_for_function(lit, arg=[chip, plain[0]])
    page.hover("#chip-light")
    page.wait_for_function(lit, arg=[piece, plain[1]])


def test_each_generator_has_a_tab_and_the_last_one_is_remembered(look: Open) -> None:
    page = look()
    tabs = page.locator("#tabs a")
    assert tabs.count() == 7
    for number in range(7):
        tabs.nth(number).click()
        page.wait_for_function(
            "(n) => document.querySelectorAll('#tabs a')[n].hasAttribute('aria-current')",
            arg=number,
        )
        assert prompt(page).strip()
    page.click("#variants a >> nth=1")
    page.wait_for_function("() => location.search.includes('ideogram%3Ajson')")
    page.goto(page.url.partition("?")[0])

    assert page.get_attribute("#tab-ideogram", "aria-current") == "true"


@pytest.mark.parametrize(("target", "kind"), [("midjourney", "command"), ("flux", "json")])
def test_prompt_and_request_are_copied(look: Open, target: str, kind: str) -> None:
    page = look()
    page.click(f"#tab-{target}")
    changed(page, f"for={target}")
    page.click("#copy-prompt")
    page.wait_for_function("() => document.getElementById('status').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == prompt(page)

    page.click("#copy-request")
    page.wait_for_function(
        "(old) => navigator.clipboard.readText().then((now) => now !== old)", arg=prompt(page)
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    if kind == "json":
        head, _, body = copied.partition("\n\n")
        assert head.startswith("POST https://api.bfl.ai/")
        assert "prompt" in json.loads(body)
    else:
        assert "--" in copied


def test_four_alternatives_are_shown_on_request(look: Open) -> None:
    page = look("coffee")
    page.click("#alternatives-link")
    page.wait_for_selector(".alternative")

    texts = page.locator(".alternative-text").all_text_contents()
    assert len(texts) == 4
    assert len(set(texts)) > 1


def test_editing_a_fact_changes_its_own_words_only(look: Open) -> None:
    page = look("coffee")
    before = pieces(page)
    page.click("#chip-light")
    page.fill("#words-light", "soft window light")
    page.click("#set-light")
    changed(page, "set=light=soft window light")
    after = pieces(page)

    others = [[each for each in all_ if each[0] != "light"] for all_ in (before, after)]
    assert others[0] == others[1]
    assert "soft window light" in prompt(page)
    assert page.locator(".piece-changed").count() >= 1


def test_an_edit_keeps_unchanged_elements(look: Open) -> None:
    page = look("coffee")
    page.evaluate("""() => { for (const each of document.querySelectorAll(
        "#fact-palette, #tab-flux, .cells img")) each.kept = true; }""")
    page.click("#chip-light")
    page.fill("#words-light", "soft window light")
    page.click("#set-light")
    changed(page, "set=light=soft window light")
    assert page.evaluate("""() => [...document.querySelectorAll(
        "#fact-palette, #tab-flux, .cells img")].every((each) => each.kept)""")


def test_a_fact_is_removed_restored_and_locked(look: Open) -> None:
    page = look("coffee")
    page.click("#chip-light")
    page.click("#remove-light")
    changed(page, "remove=light")
    assert "light" not in [facet for facet, _ in pieces(page)]

    page.click("#undo")
    page.wait_for_selector("#prompt-text a[data-facet=light]")
    page.click("#chip-light")
    page.click("#lock-light")
    changed(page, "lock=light")
    if not page.is_visible("#unlock-light"):
        page.click("#chip-light")
    assert page.is_visible("#unlock-light")


def test_a_fact_is_added_and_words_are_excluded(look: Open) -> None:
    page = look()
    page.click("#more summary")
    page.select_option("#more-facet", "weather")
    page.fill("#more-words", "heavy rain")
    page.press("#more-words", "Enter")
    changed(page, "heavy rain")
    page.click("#leave-out summary")
    page.fill("#exclude-words", "people, text")
    page.press("#exclude-words", "Enter")
    changed(page, "exclude=people")

    assert "heavy rain" in prompt(page)
    assert "--no people, text" in prompt(page)


def test_a_preset_is_found_chosen_undone_redone_and_reset(look: Open) -> None:
    page = look()
    text = prompt(page)
    page.fill("#presets-search", "watercolor")
    page.click("#preset-watercolor")
    changed(page, "preset=watercolor")
    painted = prompt(page)
    assert "watercolor" in painted

    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    page.wait_for_function(
        "(text) => document.getElementById('prompt-text').textContent === text", arg=text
    )
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function(
        "(text) => document.getElementById('prompt-text').textContent === text", arg=painted
    )
    page.click("#reset")
    page.wait_for_function(
        "(text) => document.getElementById('prompt-text').textContent === text", arg=text
    )


def test_the_colors_of_a_second_picture_are_taken(look: Open) -> None:
    page = look()
    before = dict(pieces(page))["palette"]
    page.click("#take summary")
    page.set_input_files("#aside-file", "examples/rocket.jpg")
    page.wait_for_selector("#aside-shown img")
    page.check("#taking-palette")
    page.click("#take-it")
    changed(page, "take=palette=")

    assert dict(pieces(page))["palette"] != before


def test_conflicting_facts_are_shown(look: Open) -> None:
    page = look()
    page.goto(f"{page.url.partition('?')[0]}?set=time=night&set=weather=sunny")

    assert page.locator("#change .notice, .notice").count() >= 1


def test_an_invalid_edit_is_shown_and_reset(look: Open) -> None:
    page = look("coffee")
    page.goto(f"{page.url.partition('?')[0]}?lock=light&set=light=dim")

    assert "locked" in page.text_content("#problem-region")
    page.click("#problem-reset")
    page.wait_for_selector("#problem-region:empty", state="attached")
    assert ("lock", "light") not in fields(page)
