import pytest

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.errors import EditError, UnknownNameError
from imagetoprompt.facts.edits import (
    Edit,
    apply,
    changed_facets,
    edits_allowed,
    preset,
    presets,
)
from imagetoprompt.lexicon import table
from imagetoprompt.pipeline import write
from imagetoprompt.targets import TARGETS

SCENE = Scene(
    (300, 200),
    (
        Fact("subject", "a dog", 0.9, sources=("detector",)),
        Fact("subject", "a ball", 0.8, sources=("detector",)),
        Fact("time", "night", 0.9, sources=("head",)),
        Fact("light", "low key, hard side light", 0.8, sources=("pixels",)),
        Fact("palette", "blue tones", 0.8, sources=("pixels",)),
        Fact("camera", "35mm lens at f/2", 0.9, sources=("exif",)),
    ),
)


def said(scene: Scene, facet: str) -> list[str]:
    return [fact.value for fact in scene.said(facet)]


def test_set_replaces_and_keeps_what_was_there_unsaid() -> None:
    after = apply(SCENE, [Edit("subject", "a fox")])
    assert said(after, "subject") == ["a fox"]
    assert [fact.reason for fact in after.all("subject")[1:]] == [
        "Replaced by you with 'a fox'."
    ] * 2


def test_an_edit_is_certain_and_signed() -> None:
    fact = apply(SCENE, [Edit("time", "dusk")]).said("time")[0]
    assert (fact.confidence, fact.sources) == (1.0, ("user",))


def test_add_brings_another_fact_where_there_may_be_several() -> None:
    assert said(apply(SCENE, [Edit("subject", "a cat", "add")]), "subject") == [
        "a dog",
        "a ball",
        "a cat",
    ]


def test_add_brings_another_clause_where_there_is_one_fact() -> None:
    after = apply(SCENE, [Edit("light", "rim light", "add")])
    assert said(after, "light") == ["low key, hard side light, rim light"]


def test_remove_takes_one_clause() -> None:
    assert said(apply(SCENE, [Edit("light", "low key", "remove")]), "light") == ["hard side light"]


def test_remove_without_words_takes_all() -> None:
    after = apply(SCENE, [Edit("subject", how="remove")])
    assert [(fact.said, fact.reason) for fact in after.all("subject")] == [
        (False, "Removed by you.")
    ] * 2


def test_a_locked_facet_is_not_edited() -> None:
    locked = apply(SCENE, [Edit("light", how="lock")])
    with pytest.raises(EditError, match=r"The light is locked: unlock it first\."):
        apply(locked, [Edit("light", "soft light")])


def test_unlocking_lets_it_be_edited_again() -> None:
    edits = [Edit("light", how="lock"), Edit("light", how="unlock"), Edit("light", "soft light")]
    assert said(apply(SCENE, edits), "light") == ["soft light"]


def test_a_preset_leaves_locked_facets_alone() -> None:
    locked = apply(SCENE, [Edit("light", how="lock")])
    after = apply(locked, edits_allowed(locked, preset("dawn")))
    assert (said(after, "time"), said(after, "light")) == (["dawn"], ["low key, hard side light"])


def test_hex_colors_become_swatches() -> None:
    fact = apply(SCENE, [Edit("palette", "#0f6e7c and #F2A541")]).said("palette")[0]
    swatches = (Swatch("#0F6E7C", "#0F6E7C", 0.5), Swatch("#F2A541", "#F2A541", 0.5))
    assert fact.measurement == Palette(swatches, "custom", 0.0, 0.0)


def test_changed_names_the_facets_that_differ() -> None:
    assert changed_facets(SCENE, apply(SCENE, preset("night").edits)) == ("light", "palette")


@pytest.mark.parametrize("edit", [Edit("time"), Edit("time", "  ", "add")])
def test_an_edit_without_words_is_refused(edit: Edit) -> None:
    with pytest.raises(EditError, match="Give the words for the time, or remove it"):
        apply(SCENE, [edit])


def test_what_is_not_there_cannot_be_locked() -> None:
    with pytest.raises(EditError, match="There is no mood to lock"):
        apply(SCENE, [Edit("mood", how="lock")])


def test_an_unknown_preset_says_what_there_is() -> None:
    with pytest.raises(
        UnknownNameError, match=r"No preset named 'cubist'\. There are: watercolor, "
    ):
        preset("cubist")


def test_a_preset_is_found_by_its_title_too() -> None:
    assert preset("Golden Hour").name == "golden-hour"


def test_there_are_sixty_presets() -> None:
    assert len(presets()) >= 60


@pytest.mark.parametrize("name", table("presets"))
def test_a_preset_says_what_it_sets(name: str) -> None:
    row = preset(name)
    after = apply(SCENE, row.edits)
    assert all(said(after, edit.facet) == [edit.value] for edit in row.edits if edit.how == "set")
    assert 0 < row.strength < 1
    assert {edit.facet for edit in row.edits} <= set(FACETS)


@pytest.mark.parametrize("target", TARGETS.names())
def test_every_preset_stands_in_the_prompt(target: str) -> None:
    for row in presets():
        prompt = write(apply(SCENE, row.edits), target)
        spoken = {span.facet for span in prompt.spans} | {
            dropped.facet for dropped in prompt.dropped
        }
        assert {edit.facet for edit in row.edits if edit.how == "set"} <= spoken
