import pytest

from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.pipeline import write
from imagetoprompt.targets.writing.compose import (
    clip_tokens,
    count_units,
    max_clip_tokens,
)

TEXTS = (
    "a border collie, soft diffuse light, teal and amber palette --ar 16:9",
    "Zürich Hbf, 3 öffentliche Uhren!! #AF2F12 it's 東京",
    "snowy_owl (1.2) e.g. f/2.8 ½ · “quoted” 🙂",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_table_never_counts_too_low(text: str) -> None:
    pytest.importorskip("instant_clip_tokenizer")
    assert max_clip_tokens(text) >= clip_tokens(text)


def test_the_table_knows_the_words_that_are_written() -> None:
    pytest.importorskip("instant_clip_tokenizer")
    values = {
        "subject": "a border collie",
        "setting": "city street",
        "light": "hard warm side light from the left, deep shadows",
        "palette": "teal and amber palette",
        "composition": "wide shot, centered subject",
        "focus": "shallow depth of field, blurred background",
    }
    scene = Scene((6, 4), tuple(Fact(f, values[f], 0.9) for f in FACETS if f in values))
    text = write(scene, "sd:xl").text
    assert max_clip_tokens(text) == clip_tokens(text)


@pytest.mark.parametrize("text", ["", "one two", "one, two"])
def test_characters_and_words_are_counted_as_they_stand(text: str) -> None:
    assert (count_units(text, "characters"), count_units(text, "words")) == (
        len(text),
        len(text.split()),
    )
