import pytest

from imagetoprompt.lexicon.english import plural, with_count


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dog", "a dog"),
        ("umbrella", "an umbrella"),
        ("airplane", "an airplane"),
        ("unicycle", "a unicycle"),
        ("Old English sheepdog", "an Old English sheepdog"),
        ("hourglass", "an hourglass"),
        ("pasta", "pasta"),
        ("red wine", "red wine"),
        ("sunglasses", "sunglasses"),
    ],
)
def test_one_thing_takes_its_article(name: str, words: str) -> None:
    assert with_count(name) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("person", "people"),
        ("goose", "geese"),
        ("sheep", "sheep"),
        ("bus", "buses"),
        ("bench", "benches"),
        ("puppy", "puppies"),
        ("toy poodle", "toy poodles"),
        ("loaf of bread", "loaves of bread"),
        ("pair of skis", "pairs of skis"),
    ],
)
def test_plural(name: str, words: str) -> None:
    assert plural(name) == words


def test_few_things_are_counted_in_words() -> None:
    assert with_count("person", 3) == "three people"


def test_many_things_are_counted_in_figures() -> None:
    assert with_count("boat", 12) == "12 boats"
