import pytest

from imagetoprompt.core.measurements import Palette, Subject, Swatch
from imagetoprompt.core.plan import Margins
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import EditError
from imagetoprompt.facts.edits import Edit, preset
from imagetoprompt.images.palette_names import name_hex_colors
from imagetoprompt.pipeline import edit, request
from imagetoprompt.planning import PlanOptions

SCENE = Scene(
    (600, 400),
    (
        Fact("subject", "a dog", 0.9, measurement=Subject("dog", 1, ((0.1, 0.2, 0.3, 0.4),))),
        Fact("setting", "meadow", 0.9),
        Fact("time", "daytime", 0.9),
        Fact("light", "soft diffuse light", 0.8),
        Fact("palette", "muted earth tones", 0.9),
        Fact("medium", "photograph", 0.95),
    ),
)
OTHER = Scene((10, 10), (Fact("light", "neon light", 0.9), Fact("time", "night", 0.9)))


def said(scene: Scene, facet: str) -> list[str]:
    return [fact.value for fact in scene.said(facet)]


def test_presets_come_first_and_own_edits_win() -> None:
    edited = edit(SCENE, [Edit("medium", "fresco")], PlanOptions(presets=("watercolor",)))
    assert said(edited.after, "medium") == ["fresco"]
    assert [edit.value for edit in edited.edits if edit.facet == "medium"] == [
        "watercolor painting",
        "fresco",
    ]


def test_a_locked_facet_is_left_alone_by_presets() -> None:
    edited = edit(SCENE, [Edit("light", how="lock")], PlanOptions(presets=("night",)))
    assert said(edited.after, "light") == ["soft diffuse light"]
    assert said(edited.after, "time") == ["night"]


def test_a_locked_facet_is_not_edited() -> None:
    with pytest.raises(EditError, match="The light is locked: unlock it first"):
        edit(SCENE, [Edit("light", how="lock"), Edit("light", "neon light")])


def test_a_facet_is_taken_from_another_scene() -> None:
    edited = edit(SCENE, taken={"light": OTHER})
    assert said(edited.after, "light") == ["neon light"]
    assert [change.facet for change in edited.plan.changes] == ["light"]


def test_new_conflicts_of_an_edit_are_listed() -> None:
    edited = edit(SCENE, [Edit("time", "night"), Edit("light", "bright sunlight")])
    assert len(edited.conflicts) == 1
    assert edited.conflicts[0].startswith("time 'night' does not go with light 'bright sunlight'")


def test_earlier_conflicts_are_not_listed_again() -> None:
    before = edit(SCENE, [Edit("time", "night"), Edit("light", "bright sunlight")]).after
    assert edit(before, [Edit("mood", "calm")]).conflicts == ()


@pytest.mark.parametrize(
    ("words", "value", "names"),
    [
        ("#0F6E7C, #F2A541", "teal and amber palette", ["teal", "amber"]),
        ("#0F6E7C and #f2a541", "teal and amber palette", ["teal", "amber"]),
        ("walls in #0F6E7C", "walls in teal", ["teal"]),
        ("#0f6e7c", "teal palette", ["teal"]),
    ],
)
def test_hex_colors_are_named(words: str, value: str, names: list[str]) -> None:
    fact = edit(SCENE, [Edit("palette", words)]).after.said("palette")[0]
    assert fact.value == value
    assert isinstance(fact.measurement, Palette)
    assert [swatch.name for swatch in fact.measurement.swatches] == names


def test_a_palette_without_hex_colors_stays_as_it_stands() -> None:
    assert name_hex_colors(SCENE) == SCENE


def test_names_are_written_and_hexes_where_they_are_read() -> None:
    edited = edit(SCENE, [Edit("palette", "#0F6E7C, #F2A541")])
    assert "#" not in request(edited, "midjourney").after.text
    assert "#0F6E7C (teal)" in request(edited, "flux").after.text
    members = request(edited, "ideogram").after.parameters["color_palette"]
    assert members == {
        "members": [
            {"color_hex": "#0F6E7C", "color_weight": 0.5},
            {"color_hex": "#F2A541", "color_weight": 0.5},
        ]
    }


def test_hexes_stand_in_the_instruction_too() -> None:
    edited = edit(SCENE, [Edit("palette", "#0F6E7C, #F2A541")])
    answer = request(edited, "flux").request
    assert answer is not None
    assert str(answer.body["prompt"]).startswith(
        "Change the colors to a teal and amber palette (#0F6E7C teal and #F2A541 amber), while"
    )


def test_differences_are_listed_by_facet() -> None:
    answer = request(edit(SCENE, [Edit("time", "dusk")]), "sd:1.5")
    assert [(change.facet, change.before, change.after) for change in answer.changes] == [
        ("time", "daytime", "dusk")
    ]


def test_a_refusal_names_who_can() -> None:
    answer = request(edit(SCENE, options=PlanOptions(margins=Margins(left=0.5))), "sd:3.5")
    assert answer.request is None
    assert answer.refusal.startswith("stable_diffusion:3.5 cannot outpaint")


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("watercolour", "watercolor"),
        ("Water color painting", "watercolor"),
        ("pastel colors", "pastel-colors"),
        ("oil", "oil-painting"),
        ("black and white", "black-and-white"),
        ("BW", "black-and-white"),
        ("golden_hour", "golden-hour"),
        ("fall", "autumn"),
        ("teal and orange", "teal-and-orange"),
    ],
)
def test_a_preset_is_found_in_any_spelling(spelling: str, name: str) -> None:
    assert preset(spelling).name == name


def test_swatches_keep_their_hex() -> None:
    fact = Fact(
        "palette", "#0F6E7C", 1, measurement=Palette((Swatch("#0F6E7C", "#0F6E7C", 1),), "", 0, 0)
    )
    edited = name_hex_colors(Scene((1, 1), (fact,))).facts[0].measurement
    assert edited == Palette((Swatch("#0F6E7C", "teal", 1),), "", 0, 0)


def test_an_action_without_people_is_a_conflict() -> None:
    scene = Scene((9, 9), (Fact("subject", "a man", 1), Fact("action", "standing", 1)))
    edited = edit(scene, [Edit("subject", how="remove")])
    assert edited.conflicts == ("Nobody is left for the action 'standing': remove it too.",)
