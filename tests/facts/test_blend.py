import pytest

from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Scene
from imagetoprompt.errors import EditError, UnknownNameError
from imagetoprompt.facts.edits import blend, conflicts

DAY = Scene(
    (30, 20),
    (
        Fact("subject", "a dog", 0.9),
        Fact("time", "midday", 0.9),
        Fact("light", "hard sunlight", 0.9),
    ),
    EmbeddedPrompt("ComfyUI", "a dog"),
)
NIGHT = Scene(
    (20, 30),
    (
        Fact("time", "night", 0.9),
        Fact("light", "moonlight", 0.8),
        Fact("light", "rim light", 0.2, False),
    ),
)


def test_a_facet_is_taken_whole_from_another_scene() -> None:
    scene = blend([DAY, NIGHT], {"light": 1}).scene
    assert [(fact.facet, fact.value) for fact in scene] == [
        ("subject", "a dog"),
        ("time", "midday"),
        ("light", "moonlight"),
        ("light", "rim light"),
    ]


def test_conflicts_are_listed_and_not_resolved() -> None:
    assert blend([DAY, NIGHT], {"light": 1}).conflicts == (
        "time 'midday' does not go with light 'moonlight': the moon does not light the day.",
    )


def test_what_goes_together_has_no_conflicts() -> None:
    assert conflicts(DAY) == conflicts(NIGHT) == ()


def test_a_blend_has_no_origin() -> None:
    assert blend([DAY, NIGHT], {}).scene.origin is None


@pytest.mark.parametrize("count", [0, 1, 6, 9])
def test_two_to_five_pictures_are_blended(count: int) -> None:
    with pytest.raises(EditError, match=f"Blending takes 2 to 5 pictures, not {count}"):
        blend([DAY] * count, {})


def test_a_picture_that_is_not_there_is_named() -> None:
    with pytest.raises(EditError, match="There is no picture 3 to take the light from"):
        blend([DAY, NIGHT], {"light": 2})


def test_an_unknown_facet_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="No facet named 'lamp'"):
        blend([DAY, NIGHT], {"lamp": 1})
