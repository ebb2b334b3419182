from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from imagetoprompt.web.pages.urls import Pair, address, joined, pairs, tidied, without
from imagetoprompt.web.query import parse_query

NAMES = ("for", "set", "add", "remove", "lock", "unlock", "preset", "take", "exclude", "keep", "x")
HELPERS = ("facet", "words", "how", "old", "aside", "taking")
VALUES = (
    "time=dusk",
    "time",
    "light=soft",
    "light",
    "dawn",
    "watercolor",
    "ink",
    "a, b",
    "",
    "set",
)


def test_an_address_holds_the_fields() -> None:
    fields = (("for", "flux"), ("set", "time=blue hour"))

    asked = address("id", fields)

    assert asked == "/p/id?for=flux&set=time%3Dblue+hour"
    assert tuple(parse_qsl(asked.partition("?")[2])) == fields


def test_an_address_without_fields_is_that_of_the_picture() -> None:
    assert address("id", ()) == "/p/id"


def test_fields_round_trip() -> None:
    fields = (("for", "flux"), ("preset", "watercolor"), ("set", "time=dusk"), ("lock", "light"))

    assert pairs(parse_query(fields)) == fields


def test_the_form_of_a_fact_sets_it() -> None:
    given = (("for", "flux"), ("facet", "time"), ("words", " dusk "), ("how", "set"))

    assert tidied(given) == (("for", "flux"), ("set", "time=dusk"))


def test_the_form_of_a_fact_adds_to_it() -> None:
    given = (("facet", "light"), ("words", "long shadows"), ("how", "add"))

    assert tidied(given) == (("add", "light=long shadows"),)


def test_one_of_several_facts_changes_alone() -> None:
    given = (("facet", "subject"), ("old", "a dog"), ("words", "a cat"), ("how", "set"))

    assert tidied(given) == (("remove", "subject=a dog"), ("add", "subject=a cat"))


def test_an_empty_form_changes_nothing() -> None:
    assert tidied((("set", "time=dusk"), ("facet", "light"), ("words", " "), ("how", "set"))) == (
        ("set", "time=dusk"),
    )


def test_a_facet_is_set_once() -> None:
    assert tidied((("set", "time=dusk"), ("add", "time=late"), ("set", "time=dawn"))) == (
        ("set", "time=dawn"),
    )


def test_removing_a_facet_drops_its_earlier_edits() -> None:
    assert tidied((("set", "time=dusk"), ("remove", "time"))) == (("remove", "time"),)


def test_removing_one_clause_keeps_the_others() -> None:
    given = (("add", "light=soft"), ("remove", "light=hard"))

    assert tidied(given) == given


def test_unlock_cancels_lock() -> None:
    assert tidied((("lock", "time"), ("unlock", "time"))) == ()


def test_a_preset_replaces_its_like() -> None:
    assert tidied((("preset", "watercolor"), ("preset", "ink"))) == (("preset", "ink"),)


def test_presets_of_other_kinds_stay() -> None:
    given = (("preset", "watercolor"), ("preset", "dawn"))

    assert tidied(given) == given


def test_cameras_of_other_facets_stay() -> None:
    given = (("preset", "low-angle"), ("preset", "close-up"))

    assert tidied(given) == given


def test_facets_are_taken_from_a_second_picture() -> None:
    given = (("aside", "other"), ("taking", "light"), ("taking", "palette"))

    assert tidied(given) == (("take", "light=other"), ("take", "palette=other"))


def test_a_facet_is_taken_from_one_picture() -> None:
    assert tidied((("take", "light=one"), ("take", "light=two"))) == (("take", "light=two"),)


def test_words_to_exclude_are_split_at_commas() -> None:
    assert tidied((("exclude", "people, text"),)) == (("exclude", "people"), ("exclude", "text"))


def test_the_last_of_a_single_field_counts() -> None:
    assert tidied((("for", "flux"), ("for", "openai"))) == (("for", "openai"),)


def test_fields_are_joined_and_removed() -> None:
    fields = joined((("for", "flux"),), ("set", "time=dusk"))

    assert without(fields, ("set", "time=dusk")) == (("for", "flux"),)


@given(st.lists(st.tuples(st.sampled_from(NAMES + HELPERS), st.sampled_from(VALUES)), max_size=9))
def test_tidying_twice_changes_nothing_more(fields: list[Pair]) -> None:
    once = tidied(fields)

    assert tidied(once) == once
