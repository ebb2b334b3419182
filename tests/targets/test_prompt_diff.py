from imagetoprompt.core.prompt import Prompt, PromptChange, Span, diff, shared_words

BEFORE = Prompt("flux", "2", "A dog at dusk.", spans=(Span("subject", 0, 5), Span("time", 5, 13)))
AFTER = Prompt("flux", "2", "A dog at noon.", spans=(Span("subject", 0, 5), Span("time", 5, 13)))


def test_only_what_changed_is_listed() -> None:
    assert diff(BEFORE, AFTER) == (PromptChange("time", "at dusk", "at noon"),)


def test_what_is_gone_has_no_words_after() -> None:
    gone = Prompt("flux", "2", "A dog.", spans=(Span("subject", 0, 5),))
    assert diff(BEFORE, gone) == (PromptChange("time", "at dusk", ""),)


def test_equal_prompts_have_no_changes() -> None:
    assert diff(BEFORE, BEFORE) == ()


def test_the_rest_is_the_text_without_the_facets() -> None:
    assert shared_words(BEFORE, ("time",)) == shared_words(AFTER, ("time",)) == "A dog."
