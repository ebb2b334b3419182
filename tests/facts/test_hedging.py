import pytest

from imagetoprompt.facts.hedging import (
    ClassWords,
    ScoredClause,
    ancestors,
    cumulative_probabilities,
    hedged_observations,
    most_specific_label,
    top_candidates,
    unsure_clauses,
)
from imagetoprompt.lexicon import table

WORDS: ClassWords = {
    "indoors": {"value": "indoor setting"},
    "kitchen": {"value": "kitchen", "within": ["indoors"]},
    "office": {"value": "office", "within": ["indoors"]},
    "coast": {"value": "seashore"},
}


def test_a_label_that_is_sure_is_said_exactly() -> None:
    assert most_specific_label({"kitchen": 0.8, "coast": 0.2}, WORDS, 0.7) == ("kitchen", 0.8)


def test_labels_that_split_the_vote_are_said_as_what_they_share() -> None:
    assert most_specific_label({"kitchen": 0.5, "office": 0.375, "coast": 0.125}, WORDS, 0.7) == (
        "indoors",
        0.875,
    )


def test_without_anything_sure_the_likeliest_label_is_the_guess() -> None:
    assert most_specific_label({"kitchen": 0.25, "coast": 0.375, "other": 0.375}, WORDS, 0.7) == (
        "coast",
        0.375,
    )


def test_a_label_that_needs_more_gives_way_to_the_wider_word() -> None:
    words = {**WORDS, "kitchen": {**WORDS["kitchen"], "at_least": 0.9}}

    assert most_specific_label({"kitchen": 0.875, "other": 0.125}, words, 0.7) == ("indoors", 0.875)


def test_none_of_these_is_never_the_answer() -> None:
    assert most_specific_label({"kitchen": 0.125, "other": 0.875}, WORDS, 0.7) == ("kitchen", 0.125)


def test_a_wider_word_has_the_probability_of_all_within_it() -> None:
    assert cumulative_probabilities({"kitchen": 0.5, "office": 0.25, "other": 0.25}, WORDS) == {
        "indoors": 0.75,
        "kitchen": 0.5,
        "office": 0.25,
        "coast": 0.0,
    }


def test_what_lies_within_two_wider_words_counts_for_both() -> None:
    words = table("place", "imagetoprompt.observers")["weather"]

    assert ancestors("scattered", words) == ["scattered", "fair", "cloudy"]


def test_a_label_without_words_has_no_lineage() -> None:
    assert ancestors("other", WORDS) == []


def test_candidates_come_likeliest_first_and_rounded() -> None:
    assert list(
        top_candidates({"coast": 0.12345, "kitchen": 0.6, "other": 0.2}, WORDS).scores.items()
    ) == [
        ("kitchen", 0.6),
        ("seashore", 0.123),
    ]


def test_a_claim_says_the_words_and_hands_over_the_candidates() -> None:
    (made,) = hedged_observations("setting", {"kitchen": 0.9, "coast": 0.1}, WORDS)

    assert (made.facet, made.value, made.confidence, made.source) == (
        "setting",
        "kitchen",
        0.9,
        "head",
    )


def test_what_is_hardly_likely_is_not_even_guessed() -> None:
    (claim,) = hedged_observations("setting", {"kitchen": 0.05, "other": 0.95}, WORDS)
    assert claim.value == ""


@pytest.mark.parametrize(
    ("name", "facet"),
    [
        ("place", "setting"),
        ("place", "time"),
        ("place", "weather"),
        ("place", "season"),
        ("medium", "medium"),
    ],
)
def test_every_wider_word_of_the_tables_is_a_word(name: str, facet: str) -> None:
    words = table(name, "imagetoprompt.observers")[facet]
    wider = {each for row in words.values() for each in row.get("within", ())}

    assert wider - set(words) == set()


@pytest.mark.parametrize("name", ["place", "medium"])
def test_only_what_has_a_wider_word_needs_more_than_the_threshold(name: str) -> None:
    rows = [
        row for words in table(name, "imagetoprompt.observers").values() for row in words.values()
    ]

    assert [row for row in rows if "at_least" in row and not row.get("within")] == []


def test_a_label_that_needs_more_than_the_threshold_is_claimed_but_not_said() -> None:
    words = {**WORDS, "kitchen": {**WORDS["kitchen"], "at_least": 0.95}}
    said, unsaid = hedged_observations("setting", {"kitchen": 0.9, "coast": 0.1}, words)
    assert (said.value, said.needed) == (WORDS["indoors"]["value"], 0.0)
    assert (unsaid.value, unsaid.confidence, unsaid.needed) == ("kitchen", 0.9, 0.95)


@pytest.mark.parametrize(("confidence", "count"), [(0.3, 0), (0.6, 1), (0.7, 0), (0.9, 0)])
def test_only_a_clause_that_is_nearly_sure_is_claimed_apart(confidence: float, count: int) -> None:
    clause = ScoredClause("leading lines", confidence, 0.7)
    assert len(list(unsure_clauses("composition", [clause]))) == count
