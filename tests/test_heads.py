from pathlib import Path

import numpy as np
import pytest

from imagetoprompt import heads
from imagetoprompt.lexicon import table
from imagetoprompt.picture import Picture, open_picture

EXAMPLES = Path(__file__).parent.parent / "examples"
TABLES = {
    "setting": "places",
    "time": "places",
    "weather": "places",
    "season": "places",
    "medium": "media",
}


@pytest.fixture(scope="module")
def coffee() -> Picture:
    return open_picture(EXAMPLES / "coffee.jpg")


@pytest.mark.parametrize("name", TABLES)
def test_the_probabilities_of_a_head_sum_to_one(name: str, coffee: Picture) -> None:
    assert sum(heads.probabilities(coffee, name).values()) == pytest.approx(1)


@pytest.mark.parametrize("name", TABLES)
def test_every_label_of_a_head_has_words(name: str) -> None:
    words = table(TABLES[name])[name]

    assert set(heads.load(name).labels) - set(words) <= {heads.OTHER}


@pytest.mark.parametrize("name", TABLES)
def test_a_head_reads_what_a_picture_gives(name: str, coffee: Picture) -> None:
    head = heads.load(name)

    assert head.weights.shape == (len(heads.vector(coffee)), len(head.labels))


def test_another_opening_of_the_same_file_gives_the_same_numbers(coffee: Picture) -> None:
    again = open_picture(EXAMPLES / "coffee.jpg")

    assert np.array_equal(heads.vector(again), heads.vector(coffee))


@pytest.mark.parametrize("name", TABLES)
def test_a_head_is_a_few_hundred_kilobytes_at_most(name: str) -> None:
    file = Path(heads.__file__).parent / "weights" / f"{name}.npz"

    assert file.stat().st_size < 300_000
