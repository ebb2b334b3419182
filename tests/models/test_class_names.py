import numpy as np
from numpy.typing import NDArray

from imagetoprompt.lexicon import table
from imagetoprompt.models import classifier

BORDER_COLLIE, COLLIE, PUG, TABBY, TIGER_CAT, VALLEY, JERSEY = 232, 231, 254, 281, 282, 979, 610


def votes(**shares: float) -> NDArray[np.float32]:
    """Probabilities with these shares, the rest spread evenly."""
    places = {name: globals()[name] for name in shares}
    spread = np.full(1000, (1 - sum(shares.values())) / 1000, np.float32)
    for name, place in places.items():
        spread[place] += shares[name]
    return spread


def test_every_class_of_the_network_has_one_place() -> None:
    places = [
        int(place)
        for kind in table("imagenet_hierarchy", "imagetoprompt.models").values()
        for place in kind.get("classes", {})
    ]
    assert sorted(places) == list(range(1000))


def test_every_parent_is_a_kind() -> None:
    tree = table("imagenet_hierarchy", "imagetoprompt.models")
    assert [kind["of"] for kind in tree.values() if kind.get("of", "animal") not in tree] == []


def test_a_sure_class_is_named() -> None:
    named = classifier.class_of(votes(BORDER_COLLIE=0.9), 0.6)
    assert named is not None
    assert (named.name, named.kinds) == ("border collie", ("sheepdog", "dog", "animal"))


def test_breeds_that_split_the_vote_are_their_kind() -> None:
    named = classifier.class_of(votes(BORDER_COLLIE=0.45, COLLIE=0.4), 0.6)
    assert named is not None
    assert named.name == "sheepdog"


def test_the_kind_has_the_whole_vote() -> None:
    assert round(classifier.class_share(votes(BORDER_COLLIE=0.5, PUG=0.5), "dog"), 3) == 1.0


def test_two_classes_of_one_name_are_one_thing() -> None:
    named = classifier.class_of(votes(TABBY=0.4, TIGER_CAT=0.4), 0.6)
    assert named is not None
    assert named.name == "tabby cat"


def test_cats_and_dogs_are_too_vague_to_name() -> None:
    assert classifier.class_of(votes(PUG=0.5, TABBY=0.5), 0.6) is None


def test_a_place_is_not_a_thing() -> None:
    assert classifier.class_of(votes(VALLEY=0.95), 0.6) is None


def test_a_garment_is_not_a_subject() -> None:
    assert classifier.class_of(votes(JERSEY=0.95), 0.6) is None


def test_under_a_kind_only_its_share_counts() -> None:
    named = classifier.class_of(votes(PUG=0.2, TABBY=0.7), 0.8, "dog")
    assert named is not None
    assert named.name == "pug"
