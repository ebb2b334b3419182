import pytest
from tests.browser.conftest import Open
from tests.browser.doing import choose_look, edit, open_fact
from tests.browser.reading import (
    changed,
    drawn,
    looks,
    pieces,
    prompt,
    reads,
    relit,
    said,
)

# Facts of the rocket that have something to draw: swatches, an arrow, thirds and a horizon.
DRAWN = ("palette", "light", "composition")


@pytest.mark.parametrize("facet", DRAWN)
def test_pointing_at_a_fact_draws_its_evidence(look: Open, facet: str) -> None:
    page = look("rocket")
    page.hover(f"#chip-{facet}")

    drawn(page, facet)


def test_focus_draws_it_too_and_opening_says_why(look: Open) -> None:
    page = look("rocket")
    page.focus("#chip-light")
    drawn(page, "light")
    page.keyboard.press("Enter")

    assert "measured in the pixels" in page.inner_text("#fact-light .why").lower()
    page.keyboard.press("Escape")
    assert not page.is_visible("#fact-light .why")


def test_words_of_the_prompt_light_their_fact_and_the_other_way_round(look: Open) -> None:
    page = look("rocket")
    chip, piece = ".chip[data-facet=light]", "#prompt-text a[data-facet=light]"
    page.mouse.move(0, 0)
    plain = {each: looks(page, each) for each in (chip, piece)}
    page.hover(piece)
    relit(page, chip, plain[chip])
    drawn(page, "light")
    page.mouse.move(0, 0)
    page.hover("#chip-light")
    relit(page, piece, plain[piece])


def test_words_of_the_prompt_lead_to_their_fact(look: Open) -> None:
    page = look("rocket")
    page.click("#prompt-text a[data-facet=light]")

    assert page.is_visible("#words-light")
    assert page.evaluate("document.activeElement.id") == "chip-light"


def test_what_is_not_said_is_there_with_its_reason(look: Open) -> None:
    page = look("rocket")
    page.click("#unsaid > summary")

    reasons = page.locator("#unsaid .chip em, #unsaid .chip-reason").all_inner_texts()
    assert len(reasons) == page.locator("#unsaid .chip").count() > 0
    assert all(reasons)


@pytest.mark.parametrize("target", ["midjourney", "stable_diffusion", "flux"])
def test_editing_a_fact_changes_its_own_words_only(look: Open, target: str) -> None:
    page = look("rocket", f"for={target}")
    before = pieces(page)
    edit(page, "palette", "teal and amber")
    after = pieces(page)

    rest = [[each.words for each in all_ if each.facet != "palette"] for all_ in (before, after)]
    assert rest[0] == rest[1]
    assert {each.facet for each in after if each.changed} == {"palette"}
    assert "teal and amber" in said(page, "palette")
    assert "teal and amber" in page.inner_text(".moved")


def test_a_fact_is_removed_and_taken_back(look: Open) -> None:
    page = look("rocket")
    text = prompt(page)
    open_fact(page, "light")
    page.click("#remove-light")
    changed(page, "remove=light")
    assert said(page, "light") == ""

    page.click("#undo")
    reads(page, text)


def test_words_are_added_to_a_fact(look: Open) -> None:
    page = look("rocket")
    before = said(page, "light")
    edit(page, "light", "a long exposure glow", how="add")

    assert said(page, "light").startswith(before)
    assert "a long exposure glow" in said(page, "light")


def test_a_fact_that_was_not_seen_is_added(look: Open) -> None:
    page = look()
    page.click("#more summary")
    page.select_option("#more-facet", "weather")
    page.fill("#more-words", "heavy rain")
    page.press("#more-words", "Enter")
    changed(page, "heavy rain")

    assert "heavy rain" in said(page, "weather")


def test_a_locked_fact_is_left_alone_by_a_look_until_it_is_unlocked(look: Open) -> None:
    page = look("rocket")
    before = said(page, "palette")
    open_fact(page, "palette")
    page.click("#lock-palette")
    changed(page, "lock=palette")
    choose_look(page, "black-and-white")
    assert said(page, "palette") == before

    open_fact(page, "palette")
    assert not page.is_visible("#words-palette")
    page.click("#unlock-palette")
    changed(page, "preset=black-and-white")
    page.wait_for_function("() => !location.search.includes('&lock=')")
    assert said(page, "palette") != before
