from collections.abc import Callable

import pytest

from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Scene
from imagetoprompt.targets import TARGETS
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.prompt_view import (
    FilePromptConflict,
    PromptView,
    embedded_prompt_view,
    prompt_view,
)
from imagetoprompt.web.pages.urls import pairs

Show = Callable[..., PageState]
ALL = [f"{name}:{variant}" for name in TARGETS for variant in TARGETS[name].VARIANTS]


def _prompt_view(shown: PageState) -> PromptView:
    found = prompt_view(shown, pairs(shown.query))
    assert found is not None
    return found


@pytest.mark.parametrize("target", ALL)
def test_the_pieces_join_to_the_text(poster: Scene, show: Show, target: str) -> None:
    found = _prompt_view(show(poster, ("for", target), ("preset", "dawn")))

    assert "".join(piece.text for piece in found.pieces) == found.text
    assert any(piece.facet for piece in found.pieces)


def test_changed_pieces_are_marked(photographer: Scene, show: Show) -> None:
    found = _prompt_view(show(photographer, ("for", "flux"), ("set", "time=dusk")))

    assert {piece.facet for piece in found.pieces if piece.changed} == {"time"}
    assert [(each.facet, each.before, each.after) for each in found.changes] == [
        ("time", "", "at dusk")
    ]


def test_parameters_in_the_text_are_marked(photographer: Scene, show: Show) -> None:
    found = _prompt_view(show(photographer, ("for", "midjourney")))

    assert [piece.text for piece in found.pieces if piece.parameter] == ["--ar 1:1", "--v 8.1"]


def test_the_length_is_measured_as_the_target_counts(photographer: Scene, show: Show) -> None:
    found = _prompt_view(show(photographer, ("for", "stable_diffusion")))

    assert found.measure.endswith("of 75 CLIP tokens")
    assert 0 < found.percent < 100


def test_an_emphasis_changes_the_prompt(photographer: Scene, show: Show) -> None:
    plain = _prompt_view(show(photographer, ("for", "flux")))
    found = _prompt_view(show(photographer, ("for", "flux"), ("emphasis", "light")))

    assert found.text != plain.text
    assert found.text == next(each.text for each in plain.alternatives if each.emphasis == "light")


def test_the_request_has_the_emphasis(photographer: Scene, show: Show) -> None:
    found = _prompt_view(show(photographer, ("for", "stable_diffusion"), ("emphasis", "light")))

    assert found.request is not None
    assert f'"prompt": "{found.text}"' in found.request.text


def test_one_of_four_alternatives_is_chosen(photographer: Scene, show: Show) -> None:
    others = _prompt_view(show(photographer)).alternatives

    assert [each.emphasis for each in others] == ["balanced", "subject", "light", "composition"]
    assert [each.chosen for each in others] == [True, False, False, False]


def test_an_http_request_shows_its_url_and_headers(photographer: Scene, show: Show) -> None:
    told = _prompt_view(show(photographer, ("for", "openai"))).request

    assert told is not None
    assert told.text.startswith("POST https://api.openai.com/")
    assert "$OPENAI_API_KEY" in told.text or "OPENAI_API_KEY" in told.text


def test_invalid_edits_have_no_prompt(photographer: Scene) -> None:
    assert prompt_view(PageState("id", photographer), ()) is None


def test_a_file_without_metadata_has_no_embedded_prompt(poster: Scene) -> None:
    assert embedded_prompt_view(poster) is None


def test_conflicts_of_file_and_picture_are_listed() -> None:
    facts = (
        Fact("time", "daytime", 0.9, sources=("head",)),
        Fact("time", "night", 0.6, said=False, sources=("file's prompt",), reason="Contradicted."),
    )
    found = embedded_prompt_view(
        Scene((4, 3), facts, EmbeddedPrompt("ComfyUI", "a street at night", "text", {"seed": "1"}))
    )

    assert found is not None
    assert (found.generator, found.prompt, found.negative) == (
        "ComfyUI",
        "a street at night",
        "text",
    )
    assert found.parameters == (("seed", "1"),)
    assert found.conflicts == (FilePromptConflict("time", "night", "daytime"),)


def test_control_characters_of_a_file_are_not_shown() -> None:
    found = embedded_prompt_view(Scene((4, 3), (), EmbeddedPrompt("x", "a\x1b[31mb")))

    assert found is not None
    assert found.prompt == "a�[31mb"
