"""What people type, read the same everywhere."""

import pytest

from imagetoprompt.core.plan import Margins, Mask, Reference
from imagetoprompt.errors import EditError, ImageToPromptError
from imagetoprompt.facts.edits import Edit
from imagetoprompt.planning import options as read


def test_a_change_has_facet_and_words() -> None:
    assert read.parse_change("set", " palette = teal=blue ") == Edit("palette", "teal=blue")


def test_a_removal_needs_no_words() -> None:
    assert read.parse_change("remove", "subject") == Edit("subject", "", "remove")


def test_other_forms_of_a_change_are_refused() -> None:
    with pytest.raises(EditError, match=r"'dusk' is not an edit: write it as facet=words"):
        read.parse_change("set", "dusk")


def test_british_spelling_of_a_task_is_understood() -> None:
    assert read.parse_task("Recolour") == "recolor"


def test_four_numbers_are_a_box_and_anything_else_is_a_picture() -> None:
    assert read.parse_mask("0.1,0.2,0.5,0.5") == Mask(((0.1, 0.2, 0.5, 0.5),))
    assert read.parse_mask("mask,1.png", 0.1) == Mask(source="mask,1.png", feather=0.1)


def test_margins_name_sides() -> None:
    assert read.parse_margins("left=0.25, top=0.1") == Margins(left=0.25, top=0.1)


def test_a_reference_may_carry_a_weight() -> None:
    assert read.parse_reference("style=a@b.jpg") == Reference("style", "a@b.jpg")
    assert read.parse_reference("style=a@b.jpg@0.7") == Reference("style", "a@b.jpg", 0.7)


def test_a_size_is_width_times_height() -> None:
    assert read.parse_size("1200 X 800") == (1200, 800)


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (read.parse_task, "paint", "No task named 'paint'"),
        (read.parse_margins, "middle=1", "The sides are left, top, right, bottom"),
        (read.parse_margins, "left=wide", "write margins as left=0.25"),
        (read.parse_size, "1200", "as in 1200x800"),
        (read.parse_box, "0.1,0.2", "A box is x, y, width and height"),
        (read.parse_number, "nan", "give a number"),
        (read.parse_reference, "look=a.jpg", "the role one of structure, style"),
        (read.parse_taken, "light", "facet=picture"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(parse: object, text: str, words: str) -> None:
    with pytest.raises(ImageToPromptError, match=words):
        parse("number", text) if parse is read.parse_number else parse(text)  # type: ignore[operator]
