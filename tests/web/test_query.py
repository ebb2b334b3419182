from urllib.parse import parse_qsl

import pytest

from imagetoprompt.core.plan import Margins, Mask, Reference
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import EditError, ImageToPromptError, PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit
from imagetoprompt.planning import PlanOptions
from imagetoprompt.web.query import (
    MAX_EDITS,
    MAX_VALUE_LENGTH,
    PageQuery,
    answer_query,
    format_query,
    parse_query,
)

SCENE = Scene((600, 400), (Fact("subject", "a cat", 0.9), Fact("time", "daytime", 0.9)))

FULL = [
    ("for", "flux"),
    ("emphasis", "light"),
    ("preset", "watercolor"),
    ("set", "time=dusk"),
    ("add", "mood=calm"),
    ("remove", "camera"),
    ("remove", "subject=a cat"),
    ("lock", "light"),
    ("take", "palette=ANOTHER"),
    ("exclude", "fog"),
    ("task", "restyle"),
    ("strength", "0.6"),
    ("keep", "canny"),
    ("keep", "depth"),
    ("box", "0.1,0.2,0.3,0.4"),
    ("reference", "style=THIRD"),
    ("left", "0.25"),
    ("scale", "2"),
    ("seed", "7"),
    ("engine", "echo"),
    ("job", "JOB"),
]


def test_fields_become_values() -> None:
    wanted = parse_query(
        [("set", "time=dusk"), ("strength", "0.6"), ("mask", "M"), ("left", "0.5")]
    )

    assert wanted == PageQuery(
        edits=(Edit("time", "dusk"),),
        options=PlanOptions(strength=0.6, mask=Mask(source="M"), margins=Margins(left=0.5)),
    )


def test_the_address_of_an_ask_is_read_back_as_the_same() -> None:
    wanted = parse_query(FULL)

    assert parse_query(parse_qsl(format_query(wanted))) == wanted
    assert wanted.options.references == (Reference("style", "THIRD"),)


def test_edits_keep_their_order() -> None:
    wanted = parse_query([("remove", "time"), ("set", "time=dusk"), ("lock", "time")])

    assert [each.how for each in wanted.edits] == ["remove", "set", "lock"]


def test_empty_and_unknown_fields_ask_for_nothing() -> None:
    assert parse_query([("set", " "), ("strength", ""), ("utm_source", "x")]) == PageQuery()
    assert not PageQuery().has_changes


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        (("for", "dali"), UnknownNameError),
        (("set", "time"), EditError),
        (("set", "weight=1"), UnknownNameError),
        (("preset", "nonesuch"), UnknownNameError),
        (("strength", "lots"), PlanError),
        (("strength", "nan"), PlanError),
        (("left", "inf"), PlanError),
        (("box", "0,0,1"), PlanError),
        (("take", "palette"), EditError),
        (("reference", "smell=X"), PlanError),
        (("set", "time=" + "x" * MAX_VALUE_LENGTH), EditError),
    ],
)
def test_a_value_without_sense_is_one_sentence(
    pair: tuple[str, str], error: type[ImageToPromptError]
) -> None:
    with pytest.raises(error) as caught:
        parse_query([pair])

    assert str(caught.value).endswith(".")


def test_too_many_fields_are_refused() -> None:
    with pytest.raises(EditError, match="At most 60 changes"):
        parse_query([("exclude", f"thing {number}") for number in range(MAX_EDITS + 1)])


def test_others_are_the_pictures_that_it_needs() -> None:
    wanted = parse_query([("mask", "M"), ("take", "palette=P"), ("reference", "style=M")])

    assert wanted.other_pictures == ("M", "P")


def test_the_answer_has_the_facts_before_and_after() -> None:
    found = answer_query(SCENE, parse_query([("set", "time=dusk")]), {}, ["flux", "ideogram"])

    assert [each.after.target for each in found.requests] == ["flux", "ideogram"]
    assert found.edited.before == SCENE
    assert [fact.value for fact in found.edited.after.said("time")] == ["dusk"]


def test_facts_come_from_another_picture() -> None:
    other = Scene((10, 10), (Fact("time", "night", 0.9),))

    found = answer_query(SCENE, parse_query([("take", "time=OTHER")]), {"OTHER": other})

    assert [fact.value for fact in found.edited.after.said("time")] == ["night"]
