import pytest

from imagetoprompt.core.measurements import Scores
from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Observation
from imagetoprompt.facts.fusion import fuse
from imagetoprompt.lexicon import table


def facts_of(*claims: Observation) -> tuple[Fact, ...]:
    return fuse(claims, (4, 3)).facts


def test_a_sure_claim_is_said() -> None:
    claim = Observation("time", "night", 0.9, "head", Scores({"night": 0.9}))
    assert facts_of(claim) == (Fact("time", "night", 0.9, True, ("head",), Scores({"night": 0.9})),)


def test_an_unsure_claim_is_kept_with_the_reason() -> None:
    (fact,) = facts_of(Observation("time", "night", 0.4, "head"))
    needed = table("facets")["time"]["threshold"]
    reason = f"Not sure enough: 0.40 of the {needed:.2f} needed."
    assert (fact.said, fact.reason) == (False, reason)


def test_a_claim_without_words_is_never_said() -> None:
    (fact,) = facts_of(Observation("light", "", 0.9, "pixels"))
    assert (fact.said, fact.reason) == (False, "Nothing is certain enough.")


def test_different_sources_strengthen_the_same_words() -> None:
    (fact,) = facts_of(
        Observation("time", "Night", 0.6, "exif"), Observation("time", "night", 0.7, "head")
    )
    assert (fact.value, fact.confidence, fact.sources) == ("Night", 0.88, ("exif", "head"))


def test_a_source_that_repeats_itself_is_not_believed_more() -> None:
    (fact,) = facts_of(
        Observation("text", "OPEN", 0.7, "ocr"), Observation("text", "OPEN", 0.8, "ocr")
    )
    assert fact.confidence == 0.8


def test_agreement_never_makes_a_certainty() -> None:
    claims = [Observation("time", "night", 0.95, source) for source in ("exif", "head", "vlm")]
    assert facts_of(*claims)[0].confidence == 0.99


def test_pixels_beat_the_files_prompt_and_both_are_kept() -> None:
    said, unsaid = facts_of(
        Observation("medium", "oil painting", 0.95, "file's prompt"),
        Observation("medium", "photograph", 0.9, "head"),
    )
    assert (said.value, said.said) == ("photograph", True)
    assert unsaid.reason == "Contradicted by 'photograph' (head)."


def test_an_unsure_measurement_does_not_silence_a_sure_name() -> None:
    said, unsaid = facts_of(
        Observation("time", "night", 0.3, "pixels"), Observation("time", "dusk", 0.9, "vlm")
    )
    assert (said.value, unsaid.value) == ("dusk", "night")


def test_a_plural_facet_keeps_the_observers_order() -> None:
    lines = ["Mind", "the", "gap"]
    facts = facts_of(
        *(Observation("text", each, 0.99 - 0.01 * n, "ocr") for n, each in enumerate(lines))
    )
    assert [fact.value for fact in facts if fact.said] == lines


def test_facts_stand_in_facet_order() -> None:
    facts = facts_of(
        Observation("medium", "photograph", 0.9, "head"),
        Observation("subject", "a dog", 0.9, "detector"),
    )
    assert [fact.facet for fact in facts] == ["subject", "medium"]


def test_the_origin_stays_with_the_scene() -> None:
    origin = EmbeddedPrompt("A1111", "a cat")
    assert fuse([], (1, 1), origin).origin == origin


def test_a_drawing_has_no_depth_of_field() -> None:
    focus = Observation("focus", "deep focus", 0.9, "pixels")
    _, drawn = sorted(
        facts_of(focus, Observation("medium", "pencil sketch", 0.9, "head")),
        key=lambda f: not f.said,
    )
    assert (drawn.said, drawn.reason) == (
        False,
        "Does not apply to a medium such as pencil sketch.",
    )


def test_a_photograph_has_depth_of_field() -> None:
    focus = Observation("focus", "deep focus", 0.9, "pixels")
    facts = facts_of(focus, Observation("medium", "photograph", 0.9, "head"))
    assert all(fact.said for fact in facts)


@pytest.mark.parametrize("words", ["© 2010 A. Name", "WWW.EXAMPLE.ORG", "Photo by A. Name"])
def test_a_credit_is_kept_but_not_said(words: str) -> None:
    (fact,) = facts_of(Observation("text", words, 0.95, "ocr"))
    assert (fact.said, fact.reason) == (False, "Looks like a credit line or a watermark.")


def test_a_clause_below_its_own_threshold_is_kept_unsaid_and_last() -> None:
    said, unsaid = facts_of(
        Observation("composition", "leading lines", 0.62, "pixels", needed=0.7),
        Observation("composition", "wide shot", 0.8, "pixels"),
    )
    assert (said.value, said.said) == ("wide shot", True)
    assert (unsaid.value, unsaid.said) == ("leading lines", False)
    assert unsaid.reason == "Not sure enough: 0.62 of the 0.70 needed."


def test_a_measurement_without_words_stands_before_unsure_clauses() -> None:
    first, second = facts_of(
        Observation("camera", "Dutch angle", 0.7, "pixels", needed=0.75),
        Observation("camera", "", 0.4, "pixels"),
    )
    assert (first.value, second.value) == ("", "Dutch angle")
