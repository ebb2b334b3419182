"""The arithmetic of bench/accuracy, on answers made by hand."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from bench.accuracy import layout, lens, light, palette, text
from bench.accuracy.across_sets import DEPENDENCIES, UnseenSetAnswer
from bench.accuracy.across_sets import judged as judged_sets
from bench.accuracy.claims import judged
from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.labeled import judge, stance_of
from bench.accuracy.published_results import ROOT, between, compact, full
from bench.accuracy.reliability import Bin, as_markdown, reliability
from bench.accuracy.scores import (
    Claim,
    Goal,
    Score,
    auc,
    expected_calibration_error,
    f1,
    share,
    turned,
)
from bench.accuracy.split import held_out
from bench.accuracy.stored_results import Findings, Part, keep, kept, renewed
from bench.accuracy.subject import fits, named
from bench.accuracy.table import as_json, markdown
from bench.drawn import flat_colors, layouts
from bench.drawn import text as drawn_text
from training.evaluation import Answer


def seen(truth: Mapping[str, Any], facet: str, **measurement: object) -> DescribedPicture:
    """An answer whose one fact has this measurement and says nothing."""
    fact = {"facet": facet, "value": "", "said": False, "measurement": measurement}
    return DescribedPicture(truth, {"facts": [fact]})


def by_measure(scores: object) -> dict[str, float | None]:
    return {score.measure: score.value for score in scores}  # type: ignore[attr-defined]


def lit(
    azimuth: float | None, facing: str | None, told: float | None, frontal: float
) -> DescribedPicture:
    truth = {
        "azimuth": azimuth,
        "frontal": None if azimuth is None else 0.5,
        "facing": facing,
        "hardness": "hard",
        "temperature": "warm",
    }
    return seen({"light": truth}, "light", azimuth=told, frontal=frontal, hardness=0.8, kelvin=3000)


def test_directions_turn_the_short_way() -> None:
    assert [turned(350, 20), turned(10, 170, 180)] == [30, 20]


def test_f1_weighs_misses_and_alarms() -> None:
    assert f1([True, True, False], [True, False, True]) == 0.5


def test_auc_counts_ties_half() -> None:
    assert auc([2.0, 1.0], [1.0, 0.0]) == 0.875


def test_confidence_that_is_kept_has_no_calibration_error() -> None:
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == 0


def test_a_goal_at_most_is_met_below() -> None:
    assert [Goal(3, most=True).met(2), Goal(90).met(89.9)] == [True, False]


def test_nothing_measured_is_no_score() -> None:
    assert share("light", "x", [], Goal(90)).met is None


def test_azimuths_are_judged_where_told() -> None:
    answers = [lit(90, "front", 100, 0.5), lit(0, "front", None, 0.5), lit(10, "back", 200, 0.5)]
    found = by_measure(light.scores(answers))
    assert found["azimuth: median error where told"] == pytest.approx((10 + 170) / 2)
    assert found["azimuth: share told"] == pytest.approx(200 / 3)
    assert found["azimuth: told opposite (over 120°)"] == 50
    assert found["back-lit or front-lit"] == pytest.approx(200 / 3)


def test_an_azimuth_under_an_even_sky_is_counted() -> None:
    found = by_measure(light.scores([lit(None, None, 40, 0.0), lit(None, None, None, 0.0)]))
    assert found["azimuth: told under an even sky, where there is none"] == 50


def test_the_true_palette_scores_nothing_wrong() -> None:
    truth = {"swatches": [{"oklab": [1.0, 0.0, 0.0], "area": 1.0, "spread": 0.0}]}
    swatches = [{"hex": "#FFFFFF", "area": 1.0}]
    found = list(palette.scores([seen({"palette": truth}, "palette", swatches=swatches)], "drawn"))
    assert [score.value for score in found] == pytest.approx([0, 0], abs=0.05)


def test_shaded_surfaces_have_no_one_color() -> None:
    assert not palette.even([{"spread": 0.2}])


def test_shallow_taken_for_deep_is_wrong_twice() -> None:
    focus = {"depth_of_field": "shallow", "subject_sharp": None, "motion_angle": None}
    truth = {"kind": "scene", "seed": 1, "focus": focus}
    answer = seen(truth, "focus", depth_of_field="deep", subject_sharp=True, motion_angle=None)
    found = by_measure(lens.focus([answer]))
    assert found["shallow, medium or deep"] == 0
    assert found["shallow from deep, where either is told"] == 0


def test_angles_of_motion_wrap_at_half_a_turn() -> None:
    truth = {"focus": {"motion_angle": 178.0}}
    found = by_measure(lens.motion([seen(truth, "focus", motion_angle=4.0)], "drawn"))
    assert found["motion blur: median error of the angle, drawn"] == pytest.approx(6)


def test_a_missing_subject_is_a_wrong_placement() -> None:
    truth = {"composition": {"placement": "left", "subject_box": [0.2, 0.2, 0.2, 0.2]}}
    found = list(layout.placement([seen(truth, "composition", subject_box=None)], "drawn"))
    assert found[0].value == 0


def test_boxes_overlap_by_their_common_part() -> None:
    assert layout.overlap((0, 0, 2, 1), (1, 0, 2, 1)) == pytest.approx(1 / 3)


def test_words_are_counted_as_often_as_they_stand() -> None:
    truth = {"text": {"words": ["open", "open", "bar"]}}
    scene = {"facts": [{"facet": "text", "value": "open bar", "said": True}]}
    found = by_measure(text.words([DescribedPicture(truth, scene)]))
    assert found["words read exactly, drawn"] == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("value", "label", "right"),
    [
        ("kitchen", "kitchen", True),
        ("indoor setting", "kitchen", True),
        ("bedroom", "kitchen", False),
        ("kitchen", "indoors", None),
        ("kitchen", "other", False),
    ],
)
def test_words_fit_a_label_or_its_kind(value: str, label: str, right: bool | None) -> None:
    assert judge("setting", value, label) is right


def test_a_kind_fits_what_belongs_to_it() -> None:
    assert (fits("terrier", "dog"), fits("animal", "dog"), fits("cat", "dog")) == (
        True,
        True,
        False,
    )


def test_a_stance_is_what_an_action_begins_with() -> None:
    values = ["standing on one leg with arms raised", "standing", "with arms raised"]
    assert [stance_of(value) for value in values] == ["standing on one leg", "standing", None]


def test_captions_name_a_breed_by_its_kind() -> None:
    assert named("terrier", ["Một con chó đang chạy .", "Một người đứng ."]) == 1


def test_the_table_marks_a_missed_goal() -> None:
    score = Score("light", "hard or soft", 53.2, 40, "%", Goal(90))
    assert (
        markdown([score]).splitlines()[2] == "| light | hard or soft | 53.2 % ✗ | ≥ 90.0 % | 40 |"
    )


def test_scores_are_plain_values() -> None:
    plain = as_json([Score("text", "x", None, 0)], [], [])["scores"]
    assert [row["met"] for row in plain] == [None]  # type: ignore[attr-defined]


def test_drawn_pictures_are_the_same_for_a_seed() -> None:
    assert flat_colors.draw(3) == flat_colors.draw(3)


def test_the_areas_of_a_poster_fill_it() -> None:
    swatches = flat_colors.draw(3).truth["palette"]["swatches"]  # type: ignore[index]
    assert sum(swatch["area"] for swatch in swatches) == pytest.approx(1, abs=0.001)


def test_every_layout_is_drawn_in_turn() -> None:
    placed = [layouts.draw(2 * number).truth.get("layout") for number in range(8)]
    assert placed[:4] == ["rule of thirds", "centered", "rule of thirds", "symmetric"]


def test_held_out_faces_are_not_among_those_for_tuning() -> None:
    assert len(set(drawn_text.REPORT_FACES) - set(drawn_text.TUNE_FACES)) == 4


def test_words_are_set_in_the_face_inside_pillow() -> None:
    seed = next(n for n in range(0, 40, 2) if drawn_text.face_of(n) == "")
    assert drawn_text.draw(seed).truth["text"]["face"] == "Aileron"  # type: ignore[index]


def test_claims_fall_into_the_bins_of_their_confidence() -> None:
    claims = [
        Claim("time", "here", 0.85, right, said=True) for right in (True, True, True, False)
    ] + [Claim("time", "here", 0.3, right=False, said=False)]
    row = reliability(claims)[0]
    assert row.bins == (Bin(0.3, 0, 1), None, None, None, Bin(0.85, 0.75, 4), None)
    assert [row.error, row.error_said] == pytest.approx([0.14, 0.1])


def test_each_facet_and_kind_of_pictures_is_a_row_of_the_reliability_table() -> None:
    claims = [Claim("time", where, 0.9, right=True, said=True) for where in ("here", "there")]
    assert as_markdown(reliability(claims)).splitlines()[2:] == [
        "| time | here |  |  |  |  |  | 0.90 → 1.00 (1) | 0.10 of 1 | 0.10 of 1 |",
        "| time | there |  |  |  |  |  | 0.90 → 1.00 (1) | 0.10 of 1 | 0.10 of 1 |",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hard light from the right", [True, True]),
        ("soft cool light, low key", [False, False]),
        ("backlight", [False]),
        ("low key", []),
    ],
)
def test_words_about_light_are_judged_one_by_one(value: str, expected: list[bool]) -> None:
    answer = lit(90, "front", 100, 0.5)
    assert list(judged("light", value, answer)) == expected


def test_a_direction_under_an_even_sky_is_wrong() -> None:
    assert list(judged("light", "overhead light", lit(None, None, 0, 0.0))) == [False]


@pytest.mark.parametrize(
    ("value", "motion", "expected"),
    [
        ("deep focus", None, [False]),
        ("shallow depth of field, blurred background", None, [True]),
        ("horizontal motion blur", None, [False]),
        ("horizontal motion blur", 175.0, [True]),
    ],
)
def test_words_about_focus_are_judged(
    value: str, motion: float | None, expected: list[bool]
) -> None:
    truth = {"focus": {"depth_of_field": "shallow", "motion_angle": motion}}
    assert list(judged("focus", value, seen(truth, "focus", motion_angle=4.0))) == expected


def test_words_about_the_camera_are_judged_where_the_truth_is_known() -> None:
    truth = {"camera": {"angle": None, "roll": 8.0}}
    assert list(judged("camera", "low angle, Dutch angle", seen(truth, "camera"))) == [True]


def test_a_place_is_judged_and_empty_space_is_not() -> None:
    truth = {"composition": {"placement": "left", "symmetric": False}}
    words = "subject on the right third, symmetrical composition, negative space"
    assert list(judged("composition", words, seen(truth, "composition"))) == [False, False]


def test_a_part_is_kept_as_it_was_measured(tmp_path: Path) -> None:
    score = Score("text", "x", 99.5, 4, "%", Goal(95))
    part = Part("abc1234", (score,), (Claim("text", "drawn", 0.95, right=True, said=True),))
    keep(part, tmp_path / "drawn.json")
    assert kept(tmp_path / "drawn.json") == part


def test_only_what_is_chosen_is_measured_anew(tmp_path: Path) -> None:
    def told(value: float) -> Callable[[], Findings]:
        return lambda: [Score("text", "x", value, 1)]

    list(renewed({"a": told(1), "b": told(1)}, (), tmp_path))
    found = renewed({"a": told(2), "b": told(2)}, ("b",), tmp_path)
    assert [part.scores[0].value for part in found] == [1, 2]


BEGIN = "<!-- content: written by python -m bench.content -->"
END = "<!-- end of content -->"


@pytest.mark.parametrize("name", ["accuracy", "content"])
@pytest.mark.parametrize("page", ["README.md", "docs/accuracy.md"])
def test_a_page_has_one_place_for_the_tables(page: str, name: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text.count(f"<!-- end of {name} -->") == 1
    assert between(text, "| new |", name).count("| new |") == 1


def test_text_around_the_marks_stays_as_it_is() -> None:
    assert (
        between(f"a\n{BEGIN}\nold\n{END}\nb", "new", "content") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb"
    )


def test_a_page_without_marks_is_not_written() -> None:
    with pytest.raises(ValueError, match="substring"):
        between("a page", "new")


def test_the_short_table_has_one_row_for_each_facet_and_marks_misses() -> None:
    scores = [
        Score("light", "hard or soft", 53.2, 40, "%", Goal(90)),
        Score("light", "azimuth: median error where told", 12.0, 30, "°", Goal(20, most=True)),
    ]
    assert compact(as_json(scores, [], [])).splitlines()[2:] == [
        "| `light` | direction: median error<br>hard or soft | 12.0°<br>**53.2 %, missed** |"
        " ≤ 20.0°<br>≥ 90.0 % | 30<br>40 |"
    ]


def test_the_long_table_tells_the_version_and_each_score() -> None:
    rows = reliability([Claim("text", "drawn", 0.95, right=True, said=True)])
    page = full(as_json([Score("text", "x", 99.0, 4, "%", Goal(95))], rows, ["abc1234"]))
    assert "(`abc1234`)" in page.splitlines()[0]
    assert "| text | x | 99.0 % | ≥ 95.0 % | 4 |" in page
    assert "| text | drawn |" in page


def test_near_duplicates_are_held_out_together(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(30)]
    for path in paths:
        path.write_bytes(path.name.encode())
    groups = {"groups": [[f"{number}.jpg", f"{number + 1}.jpg"] for number in range(0, 30, 2)]}
    (tmp_path / "neardup_groups.json").write_text(json.dumps(groups))
    found = {int(path.stem) for path in held_out(tmp_path, paths)}
    assert 0 < len(found) < len(paths)
    assert {number ^ 1 for number in found} == found


def test_of_sets_never_seen_only_what_can_be_said_counts_as_unsaid() -> None:
    def told(truth: str, confidence: float, known: bool) -> UnseenSetAnswer:
        right = truth == "night"
        return UnseenSetAnswer(
            Answer("set", truth, "night", confidence, "night", right), known, sure=0.75
        )

    asked = [told("night", 0.9, True), told("day", 0.8, True), told("day", 0.5, False)]
    found = list(judged_sets("time", [*asked, told("other", 0.1, True)]))
    scores = [each.value for each in found if isinstance(each, Score)]
    assert scores == pytest.approx([50, 200 / 3, 100])
    assert len([each for each in found if isinstance(each, Claim)]) == 3


def test_answers_about_unseen_sets_depend_on_files_that_exist() -> None:
    assert [name for name in DEPENDENCIES if not (ROOT / name).is_file()] == []
