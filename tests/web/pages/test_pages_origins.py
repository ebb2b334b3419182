from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Scene
from imagetoprompt.web.pages.embedded_prompt import Differs, own


def test_a_file_without_notes_has_no_prompt_of_its_own(poster: Scene) -> None:
    assert own(poster) is None


def test_the_file_and_the_picture_may_differ() -> None:
    facts = (
        Fact("time", "daytime", 0.9, sources=("head",)),
        Fact("time", "night", 0.6, said=False, sources=("file's prompt",), reason="Contradicted."),
    )
    found = own(
        Scene((4, 3), facts, EmbeddedPrompt("ComfyUI", "a street at night", "text", {"seed": "1"}))
    )

    assert found is not None
    assert (found.generator, found.prompt, found.negative) == (
        "ComfyUI",
        "a street at night",
        "text",
    )
    assert found.parameters == (("seed", "1"),)
    assert found.differs == (Differs("time", "night", "daytime"),)


def test_control_characters_of_a_file_are_not_shown() -> None:
    found = own(Scene((4, 3), (), EmbeddedPrompt("x", "a\x1b[31mb")))

    assert found is not None
    assert found.prompt == "a�[31mb"
