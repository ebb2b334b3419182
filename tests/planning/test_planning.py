from itertools import zip_longest
from pathlib import Path
from typing import get_args

import pytest

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.measurements import Action, Subject, Text
from imagetoprompt.core.plan import Control, Margins, Mask, Plan, Reference, Role
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit, apply, preset, presets
from imagetoprompt.lexicon import table
from imagetoprompt.planning import PlanOptions, plan

DOG = Fact("subject", "a dog", 0.9, measurement=Subject("dog", 1, ((0.1, 0.2, 0.3, 0.4),)))
MAN = Fact("subject", "a man", 0.8, measurement=Subject("man", 1, ((0.6, 0.1, 0.2, 0.8),)))
POSE = Fact("action", "standing", 0.8, measurement=Action((((0.5, 0.5, 0.9),) * 17,)))
SIGN = Fact("text", "OPEN", 0.95, measurement=Text("OPEN", (0.4, 0.1, 0.2, 0.1)))
SCENE = Scene(
    (900, 600),
    (
        DOG,
        MAN,
        Fact("setting", "meadow", 0.9),
        Fact("time", "daytime", 0.9),
        Fact("palette", "muted earth tones", 0.9),
        Fact("camera", "low angle", 0.8),
        Fact("medium", "photograph", 0.95),
        SIGN,
    ),
)


def plan_for(*edits: Edit, **options: object) -> Plan:
    return plan(SCENE, apply(SCENE, edits), PlanOptions(**options))  # type: ignore[arg-type]


def by_preset(name: str, scene: Scene = SCENE) -> Plan:
    return plan(scene, apply(scene, preset(name).edits), PlanOptions(presets=(name,)))


@pytest.mark.parametrize(
    ("facet", "task", "strength"),
    [
        ("palette", "recolor", 0.3),
        ("light", "relight", 0.45),
        ("time", "relight", 0.45),
        ("weather", "relight", 0.45),
        ("season", "relight", 0.55),
        ("medium", "restyle", 0.65),
        ("style", "restyle", 0.6),
        ("camera", "vary", 0.8),
        ("composition", "vary", 0.8),
        ("action", "vary", 0.7),
    ],
)
def test_the_facet_that_changes_makes_task_and_strength(
    facet: str, task: str, strength: float
) -> None:
    result = plan_for(Edit(facet, "something else"))
    assert (result.task, result.strength) == (task, strength)


def test_the_strongest_change_leads() -> None:
    result = plan_for(Edit("palette", "pastel palette"), Edit("medium", "oil painting"))
    assert (result.task, result.strength) == ("restyle", 0.65)


def test_a_preset_brings_its_own_strength_and_controls() -> None:
    result = by_preset("watercolor")
    assert result.strength == 0.65
    assert result.controls == (Control("lineart", 0.8),)
    assert result.preset == "watercolor"


def test_an_edit_beside_a_preset_may_need_more() -> None:
    result = plan_for(Edit("palette", "x"), Edit("subject", "a fox"), presets=("teal-and-orange",))
    assert result.strength == 0.8


@pytest.mark.parametrize("name", [each.name for each in presets()])
def test_every_preset_has_a_plan_with_readable_reasons(name: str) -> None:
    result = by_preset(name)
    assert result.strength == preset(name).strength
    assert {"task", "strength"} <= set(result.reasons)
    assert all(each[0].isupper() and each.endswith(".") for each in result.reasons.values())


def test_the_reason_for_a_strength_is_a_sentence() -> None:
    assert by_preset("watercolor").reasons["strength"] == (
        "Strength 0.65 (a new look, the same layout), since a new medium redraws every surface, "
        "but the layout stays."
    )


def test_what_the_user_decides_needs_no_reason() -> None:
    result = plan_for(Edit("time", "dusk"), strength=0.2, task="vary", keep=("edges",))
    assert (result.task, result.strength, result.controls) == (
        "vary",
        0.2,
        (Control("canny", 0.8),),
    )
    assert result.reasons == {}


def test_another_subject_is_painted_where_the_first_one_was() -> None:
    after = apply(SCENE, [Edit("subject", "a dog", "remove"), Edit("subject", "a fox", "add")])
    result = plan(SCENE, after)
    assert result.task == "inpaint"
    assert result.mask == Mask(((0.082, 0.176, 0.336, 0.448),), feather=0.056)
    assert [(change.before, change.after) for change in result.changes] == [("a dog", "a fox")]


def test_another_word_is_painted_where_the_first_one_was() -> None:
    result = plan_for(Edit("text", "CLOSED"))
    assert result.task == "inpaint"
    assert result.mask is not None
    assert result.mask.boxes == ((0.388, 0.094, 0.224, 0.112),)


def test_what_is_only_removed_is_known() -> None:
    assert plan_for(Edit("subject", "a dog", "remove")).removes
    assert not plan_for(Edit("subject", "a fox")).removes


def test_a_new_subject_without_a_place_is_a_new_picture() -> None:
    result = plan_for(Edit("subject", "a red kite", "add"))
    assert (result.task, result.mask) == ("reimagine", None)


def test_what_stays_is_kept_in_words() -> None:
    result = plan_for(Edit("time", "dusk"), Edit("subject", "a dog", "remove"))
    assert result.kept["subject"] == "a man"
    assert "time" not in result.kept


def test_people_keep_their_pose_when_surfaces_are_redrawn() -> None:
    scene = Scene(SCENE.size, (DOG, POSE, Fact("medium", "photograph", 0.9)))
    kinds = [each.kind for each in by_preset("oil-painting", scene).controls]
    assert kinds == ["softedge", "pose"]


def test_keep_none_keeps_no_structure() -> None:
    result = plan_for(Edit("medium", "oil painting"), keep=("none",))
    assert result.controls == ()
    assert result.reasons["controls"] == "No structure is kept, as you wished."


def test_buildings_keep_their_depth_when_surfaces_are_redrawn() -> None:
    scene = Scene(SCENE.size, (Fact("setting", "city street", 0.9),))
    assert [each.kind for each in by_preset("oil-painting", scene).controls] == [
        "softedge",
        "depth",
    ]


def test_drawn_media_keep_their_lines() -> None:
    assert plan_for(Edit("medium", "ink drawing")).controls == (Control("lineart", 0.8),)


@pytest.mark.parametrize("facet", ["camera", "composition", "action"])
def test_controls_do_not_hold_what_changes(facet: str) -> None:
    assert plan_for(Edit(facet, "otherwise"), Edit("time", "dusk")).controls == ()


def test_a_lens_that_is_not_named_any_more_moves_nothing() -> None:
    assert plan_for(Edit("camera", how="remove"), Edit("medium", "oil painting")).controls != ()


def test_another_shape_reaches_beyond_the_edges() -> None:
    result = plan_for(size=(1200, 600))
    assert (result.task, result.size) == ("outpaint", (1200, 600))
    assert result.margins == Margins(0.1667, 0, 0.1667, 0)


def test_margins_make_the_size() -> None:
    result = plan_for(margins=Margins(left=0.5, top=0.1))
    assert (result.task, result.size, result.strength) == ("outpaint", (1350, 660), 1.0)


def test_the_same_shape_enlarged_is_an_upscale() -> None:
    result = plan_for(size=(1800, 1200))
    assert (result.task, result.scale, result.size) == ("upscale", 2, (1800, 1200))


def test_a_smaller_size_is_no_task() -> None:
    with pytest.raises(PlanError, match="not larger than the picture"):
        plan_for(size=(450, 300))


def test_the_size_stays_without_options() -> None:
    assert plan_for(Edit("time", "dusk")).size == (900, 600)


@pytest.mark.parametrize(
    ("role", "task"),
    [
        ("style", "style-from-image"),
        ("palette", "style-from-image"),
        ("subject", "blend"),
        ("structure", "blend"),
    ],
)
def test_other_pictures_make_the_task(role: Role, task: str) -> None:
    assert plan_for(references=(Reference(role, "b.png"),)).task == task


def test_nothing_to_change_is_a_variation() -> None:
    result = plan_for()
    assert (result.task, result.strength) == ("vary", 0.5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"strength": 1.4}, r"Strength goes from 0 \(keep\) to 1 \(free\), not 1\.4\."),
        ({"strength": float("nan")}, "not nan"),
        ({"mask": Mask()}, "The mask marks nothing"),
        ({"mask": Mask(((0, 0, 0, 1),))}, "as fractions of the picture"),
        ({"mask": Mask(((0, 0, 2, 1),))}, "as fractions of the picture"),
        ({"mask": Mask(source="m.png"), "task": "restyle"}, "takes no mask"),
        ({"mask": Mask(source="m.png"), "margins": Margins(1)}, "takes no mask"),
        ({"margins": Margins(1), "task": "restyle"}, "The task restyle takes no margins"),
        ({"task": "inpaint"}, "The task inpaint needs a mask"),
        ({"task": "outpaint"}, "The task outpaint needs margins"),
        ({"task": "upscale"}, "The task upscale needs an enlargement"),
        ({"task": "blend"}, "The task blend needs one to four"),
        ({"margins": Margins()}, "Margins are fractions"),
        ({"margins": Margins(left=-1)}, "Margins are fractions"),
        ({"references": (Reference("style", "a.png"),) * 5}, "5 references are too many"),
        ({"references": (Reference("style", "a.png", 2),)}, "a weight from 0 to 1"),
        ({"keep": ("none", "pose")}, "Keep some structure or none, not both"),
        ({"seed": -1}, "A seed goes from 0"),
        ({"scale": 0}, "The scale goes from 1"),
        ({"size": (0, 10)}, "A size is width and height"),
    ],
)
def test_invalid_options_are_refused_with_the_remedy(
    options: dict[str, object], words: str
) -> None:
    with pytest.raises(PlanError, match=words):
        plan_for(**options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"task": "paint"}, "No task named 'paint'. There are: restyle, "),
        ({"keep": ("hair",)}, "No control named 'hair'. There are: canny, "),
        ({"presets": ("cubist",)}, "No preset named 'cubist'"),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(
    options: dict[str, object], words: str
) -> None:
    with pytest.raises(UnknownNameError, match=words):
        plan_for(**options)


def test_the_table_knows_every_facet_and_control() -> None:
    assert tuple(table("planning_rules", "imagetoprompt.planning")["facets"]) == FACETS
    assert tuple(table("planning_rules", "imagetoprompt.planning")["kinds"]) == CONTROLS.names()
    assert set(get_args(Role)) == {"structure", "style", "subject", "palette"}


def test_the_manual_has_every_strength() -> None:
    page = (Path(__file__).parents[2] / "docs" / "editing.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.count("|") == 4]
    told = {
        facet.strip(): strength.strip()
        for facets, _, strengths in rows
        for facet, strength in zip_longest(
            facets.split(","), strengths.split(","), fillvalue=strengths.split(",")[-1]
        )
    }
    table_of = table("planning_rules", "imagetoprompt.planning")["facets"]
    alone = [facet for facet in FACETS if facet not in ("subject", "text")]
    assert {facet: told[facet] for facet in alone} == {
        facet: f"{table_of[facet]['strength']:g}" for facet in alone
    }


def test_what_is_only_removed_leaves_a_hole() -> None:
    result = plan_for(Edit("subject", "a dog", "remove"))
    assert (
        result.reasons["strength"] == "Strength 0.8, since what stood behind it has to be made up."
    )


def test_visible_lines_stay_apart() -> None:
    result = plan_for(
        Edit("text", "NOW", "add"), Edit("text", "OPEN", "remove"), Edit("text", "HERE", "add")
    )
    assert [(change.before, change.after) for change in result.changes] == [("OPEN", "NOW / HERE")]
