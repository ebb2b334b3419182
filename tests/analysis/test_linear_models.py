from pathlib import Path

import numpy as np
import pytest

from imagetoprompt.analysis import linear_models
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.lexicon import table

EXAMPLES = Path(__file__).parents[2] / "examples"
TABLES = {
    "setting": "place",
    "time": "place",
    "weather": "place",
    "season": "place",
    "medium": "medium",
}


@pytest.fixture(scope="module")
def coffee() -> Picture:
    return open_picture(EXAMPLES / "coffee.jpg")


@pytest.mark.parametrize("name", TABLES)
def test_the_probabilities_of_a_head_sum_to_one(name: str, coffee: Picture) -> None:
    assert sum(linear_models.probe_probabilities(coffee, name).values()) == pytest.approx(1)


@pytest.mark.parametrize("name", TABLES)
def test_every_label_of_a_head_has_words(name: str) -> None:
    words = table(TABLES[name], "imagetoprompt.observers")[name]

    assert set(linear_models.load_probe(name).labels) - set(words) <= {linear_models.OTHER}


@pytest.mark.parametrize("name", TABLES)
def test_a_head_reads_what_a_picture_gives(name: str, coffee: Picture) -> None:
    head = linear_models.load_probe(name)

    assert head.weights.shape == (len(linear_models.probe_features(coffee)), len(head.labels))


def test_another_opening_of_the_same_file_gives_the_same_numbers(coffee: Picture) -> None:
    again = open_picture(EXAMPLES / "coffee.jpg")

    assert np.array_equal(linear_models.probe_features(again), linear_models.probe_features(coffee))


@pytest.mark.parametrize("name", TABLES)
def test_a_head_is_a_few_hundred_kilobytes_at_most(name: str) -> None:
    file = Path(linear_models.__file__).parents[1] / "weights" / f"{name}.npz"

    assert file.stat().st_size < 300_000
