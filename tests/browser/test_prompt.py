import json
from itertools import pairwise

import pytest
from tests.browser.conftest import Open
from tests.browser.reading import changed, copied, prompt, says


def test_each_generator_has_a_tab_and_the_last_one_is_remembered(look: Open) -> None:
    page = look()
    texts = [prompt(page)]
    names = [str(each.get_attribute("data-for")) for each in page.locator("#tabs a").all()]
    for name in names[1:]:
        page.click(f"#tab-{name}")
        page.wait_for_selector(f"#tab-{name}[aria-current]")
        changed(page, f"for={name}")
        texts.append(prompt(page))
    page.goto(page.url.partition("?")[0])

    assert len(names) == 7
    assert all(one != next_ for one, next_ in pairwise(texts[:4]))
    assert page.get_attribute(f"#tab-{names[-1]}", "aria-current") == "true"
    assert prompt(page) == texts[-1]


def test_a_version_is_remembered_too(look: Open) -> None:
    page = look(query="for=ideogram")
    page.click("#variant-2")
    changed(page, "for=ideogram:json")
    text = prompt(page)
    page.goto(page.url.partition("?")[0])

    assert json.loads(text)
    assert prompt(page) == text


def test_the_length_stands_beside_the_limit(look: Open) -> None:
    page = look(query="for=stable_diffusion")

    assert says(page, ".limit", "of 75 CLIP tokens")


def test_the_prompt_is_copied_as_it_is_shown(look: Open) -> None:
    page = look()

    assert copied(page, "#copy-prompt") == prompt(page)
    says(page, "#copy-prompt", "Copied")


def test_the_negative_prompt_is_copied(look: Open) -> None:
    page = look(query="for=stable_diffusion&exclude=people")

    assert copied(page, "#copy-negative") == "people"


@pytest.mark.parametrize("target", ["midjourney", "stable_diffusion", "flux", "openai"])
def test_the_request_is_copied(look: Open, target: str) -> None:
    page = look(query=f"for={target}")
    page.click("#request > summary")

    request = copied(page, "#copy-request")
    assert request == page.text_content("#request code")
    if target in ("flux", "openai"):
        head, _, body = request.partition("\n\n")
        assert head.startswith("POST https://")
        assert "prompt" in json.loads(body)


def test_four_ways_to_say_it_are_there_for_the_asking(look: Open) -> None:
    page = look("rocket")
    page.click("#four")
    page.wait_for_selector(".other")
    texts = page.locator(".other-text").all_text_contents()
    page.click("#emphasis-light")
    changed(page, "emphasis=light")

    assert len(texts) == 4
    assert len(set(texts)) > 1
    assert prompt(page) in texts


def test_what_is_left_out_says_why(look: Open) -> None:
    page = look("rocket", f"set=mood={'calm+' * 70}end")
    page.click("#dropped > summary")

    assert "calm end" in page.inner_text("#dropped")
    assert all(page.locator("#dropped dd").all_inner_texts())
