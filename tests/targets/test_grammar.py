"""The grammar and the cleaning that all dialects share."""

import re

import pytest

from imagetoprompt.lexicon.english import (
    capitalized,
    is_plural,
    join_words,
    with_article,
    with_preposition,
)
from imagetoprompt.targets.writing.clauses import clean_phrase, clean_text, split_clauses
from imagetoprompt.targets.writing.compose import count_units, t5_tokens
from imagetoprompt.targets.writing.prose import (
    camera_phrase,
    composition_phrase,
    light_sentence,
    medium_phrase,
    palette_sentence,
    place_phrase,
)


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        (" a dog. ", "a dog"),
        ("a dog\n on\ta mat", "a dog, on a mat"),
        ('a "big" dog', "a 'big' dog"),
        ("\u202ea\u200b dog\u0000", "a dog"),
        ("...", ""),
    ],
)
def test_values_come_out_on_one_line(value: str, cleaned: str) -> None:
    assert clean_text(value, "plain") == cleaned


@pytest.mark.parametrize(
    "value",
    [
        "a --ar 1:1",
        "a \u2014ar 1:1",
        "a -\u200b-ar 1:1",
        "a -\u2010ar 1:1",
        "a -{}-ar",
        "cat::2",
        ":http://:x",
        "{a, b}",
        "http://x.y/z.png",
        "-https://-ar",
    ],
)
def test_nothing_reaches_midjourney_as_a_parameter(value: str) -> None:
    for cleaned in (clean_text(value, "midjourney"), clean_phrase(value, "midjourney")):
        assert not re.search(r"--|::|\u2014|[{}]|://", cleaned)


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("(cat:1.5)", r"\(cat:1.5\)"),
        ("[a|b] <lora:x:1>", r"\[a b\] lora:x:1"),
        ("BREAK AND __wild__", "break and _wild"),
        ("a\\b", r"a\\b"),
    ],
)
def test_nothing_reaches_stable_diffusion_as_syntax(value: str, cleaned: str) -> None:
    assert clean_text(value, "weighted") == cleaned


def test_visible_words_keep_their_punctuation() -> None:
    assert clean_phrase('Say "yes"!\n-- A.', "plain") == "Say 'yes'! -- A."


def test_clauses_are_split_at_commas_and_deduplicated() -> None:
    assert split_clauses("low angle, wide, low angle, ") == ("low angle", "wide")


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("kitchen", "a kitchen"),
        ("old house", "an old house"),
        ("hourglass", "an hourglass"),
        ("university campus", "a university campus"),
        ("85mm lens", "an 85mm lens"),
        ("35mm lens at f/2", "a 35mm lens at f/2"),
        ("shallow depth of field", "a shallow depth of field"),
        ("deep focus", "deep focus"),
        ("mountains", "mountains"),
        ("the moon", "the moon"),
        ("Times Square", "Times Square"),
        ("on the moon", "on the moon"),
    ],
)
def test_articles(phrase: str, expected: str) -> None:
    assert with_article(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "plural"),
    [
        ("a border collie", False),
        ("three people", True),
        ("a crowd of people", False),
        ("geese", True),
        ("a bus", False),
        ("12 birds", True),
    ],
)
def test_number(phrase: str, plural: bool) -> None:
    assert is_plural(phrase) is plural


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("setting", "city street", "on a city street"),
        ("setting", "indoor setting", "indoors"),
        ("setting", "bamboo forest", "in a bamboo forest"),
        ("setting", "plain white background", "against a plain white background"),
        ("setting", "tall city buildings", "among tall city buildings"),
        ("setting", "under a bridge", "under a bridge"),
        ("time", "dusk", "at dusk"),
        ("time", "late afternoon", "in the late afternoon"),
        ("weather", "rain", "in the rain"),
        ("weather", "light fog", "in light fog"),
        ("weather", "overcast sky", "under an overcast sky"),
        ("weather", "sunny", "in sunny weather"),
        ("season", "winter", "in winter"),
    ],
)
def test_prepositions(kind: str, value: str, expected: str) -> None:
    assert with_preposition(kind, value) == expected


def test_lists_and_capitals() -> None:
    assert (join_words(["a"]), join_words(["a", "b"]), join_words(["a", "b", "c"])) == (
        "a",
        "a and b",
        "a, b, and c",
    )
    assert (capitalized("a dog"), capitalized("iPhone")) == ("A dog", "iPhone")


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("hard side light from the left", "hard side light falls from the left"),
        ("soft diffuse light", "the light is soft and diffuse"),
        ("window light", "window light fills the frame"),
        ("low key", "the lighting is low-key"),
        ("deep shadows", "the shadows are deep"),
        ("neon signs", "the light comes from neon signs"),
    ],
)
def test_light_gets_a_verb(clause: str, sentence: str) -> None:
    assert light_sentence(clause) == sentence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (("teal and amber palette",), "the palette is teal and amber"),
        (("muted earth tones",), "the colors keep to muted earth tones"),
        (("white tones", "red accent colors"), "the colors keep to white tones with red accents"),
        (("black and white",), "the palette is black and white"),
        (("teal", "gold"), "the palette is teal and gold"),
    ],
)
def test_the_palette_gets_a_verb(value: tuple[str, ...], sentence: str) -> None:
    assert palette_sentence(value) == sentence


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("wide shot", "as a wide shot"),
        ("extreme close-up", "as an extreme close-up"),
        ("symmetrical composition", "in a symmetrical composition"),
        ("subject on the left third", "with the subject on the left third"),
        ("negative space on the right", "with negative space on the right"),
    ],
)
def test_composition_gets_a_preposition(clause: str, words: str) -> None:
    assert composition_phrase(clause) == words


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("low angle", "from a low angle"),
        ("eye-level view", "at eye level"),
        ("35mm lens at f/2", "through a 35mm lens at f/2"),
        ("shot at f/8", "at f/8"),
    ],
)
def test_the_camera_gets_a_preposition(clause: str, words: str) -> None:
    assert camera_phrase(clause) == words


@pytest.mark.parametrize(
    ("medium", "words"),
    [
        ("photograph", "photographed"),
        ("oil painting", "painted in oil"),
        ("gesso painting", "painted in gesso"),
        ("felt", "rendered in felt"),
    ],
)
def test_a_medium_gets_a_participle(medium: str, words: str) -> None:
    assert medium_phrase(medium) == words


def test_a_box_has_a_place() -> None:
    assert place_phrase((0.0, 0.0, 0.2, 0.1)) == "at the top left"
    assert place_phrase((0.4, 0.4, 0.2, 0.2)) == "in the center"


def test_t5_is_never_counted_below_one_token_a_word() -> None:
    text = "A border collie sits on xqzvk 🙂, at dusk."
    assert t5_tokens(text) >= len(text.split()) + text.count(",")
    assert t5_tokens("xqzvk") == len("xqzvk") + 2
    assert count_units("", "T5 tokens") == 0
