import cv2
import numpy as np
import pytest

from imagetoprompt.compare import compare_pictures
from imagetoprompt.compare.changes import facet_drifts
from imagetoprompt.compare.similarity import (
    contains_hues,
    distance_to_nearest,
    edge_f1,
    palette_distance,
    ssim_map,
)
from imagetoprompt.core.measurements import Palette, Subject, Swatch
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import MaskError, NotAPictureError
from imagetoprompt.images.picture import open_picture
from imagetoprompt.reports.compare_text import drift_sentences, drift_to_json, facet_sentence

COFFEE = "examples/coffee.jpg"


def pixels() -> np.ndarray:
    return open_picture(COFFEE).pixels.copy()


def moved(result: np.ndarray) -> list[str]:
    return [drift.facet for drift in compare_pictures(COFFEE, result).facets if drift.moved]


def test_the_same_picture_has_not_moved() -> None:
    drift = compare_pictures(COFFEE, COFFEE)
    whole = drift.whole
    assert (drift_sentences(drift), whole.largest, whole.color, whole.ssim, whole.edges) == (
        (),
        0,
        0,
        1,
        1,
    )


def test_saving_as_jpeg_moves_nothing() -> None:
    saved = cv2.imencode(".jpg", pixels()[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    assert drift_sentences(compare_pictures(COFFEE, saved.tobytes())) == ()


def test_a_cooler_picture_has_moved_in_light_and_palette_alone() -> None:
    cooler = pixels() * np.array([0.6, 0.9, 1.6])
    assert moved(np.clip(cooler, 0, 255).astype(np.uint8)) == ["light", "palette"]


def test_a_blurred_picture_has_moved_in_focus() -> None:
    assert "focus" in moved(cv2.GaussianBlur(pixels(), (0, 0), 7))


def test_a_shifted_subject_has_moved_in_composition() -> None:
    before, after = (np.full((300, 400, 3), (90, 120, 150), np.uint8) for _ in range(2))
    cv2.circle(before, (110, 150), 50, (230, 60, 40), -1)
    cv2.circle(after, (290, 150), 50, (230, 60, 40), -1)
    drift = compare_pictures(before, after)
    shared = next(
        facet.numbers["subject_iou"] for facet in drift.facets if facet.facet == "composition"
    )
    assert (shared, drift_sentences(drift)) == (
        0.0,
        (
            "The outlines moved: 0 % of the edges agree.",
            "The composition changed: the subject's box overlaps its old position by 0 %.",
        ),
    )


def test_outside_a_mask_nothing_changed() -> None:
    result, mask = pixels(), np.zeros((400, 600), np.uint8)
    result[100:200, 100:300], mask[100:200, 100:300] = (0, 0, 255), 255
    drift = compare_pictures(COFFEE, result, mask=mask)
    assert drift.outside is not None
    assert drift.inside is not None
    assert (drift.outside.largest, drift.outside.mean, drift.inside.share) == (0, 0, 0.0833)


def test_a_change_outside_a_mask_is_reported() -> None:
    result, mask = pixels(), np.zeros((400, 600), np.uint8)
    mask[100:200, 100:300] = 255
    result[300:310] = np.where(result[300:310] > 99, result[300:310] - 40, result[300:310])
    first = drift_sentences(compare_pictures(COFFEE, result, mask=mask))[0]
    assert first.startswith("Outside the mask, pixels changed by up to 40 of 255, by 0.")


def test_shrinking_alone_is_no_change_outside_a_mask() -> None:
    mask = np.zeros((400, 600), np.uint8)
    mask[:100] = 255
    larger = cv2.resize(pixels(), (1200, 800), interpolation=cv2.INTER_CUBIC)
    drift = compare_pictures(COFFEE, larger, mask=mask)
    assert (drift.exact, drift.leaked) == (False, False)


def test_a_mask_over_everything_leaves_no_outside() -> None:
    assert compare_pictures(COFFEE, COFFEE, mask=np.full((400, 600), 255, np.uint8)).outside is None


def test_a_result_of_another_size_is_resized_back() -> None:
    larger = cv2.resize(pixels(), (1200, 800), interpolation=cv2.INTER_CUBIC)
    drift = compare_pictures(COFFEE, larger)
    assert (drift.result_size, drift_sentences(drift)) == (
        (1200, 800),
        ("The result is 1200 x 800 pixels and was resized to 600 x 400 to compare.",),
    )


def test_another_aspect_ratio_is_reported() -> None:
    assert drift_sentences(compare_pictures(COFFEE, pixels()[:, :400]))[1] == (
        "The result has another aspect ratio, so everything is also stretched or cropped."
    )


def test_a_mask_of_another_size_is_refused() -> None:
    sentence = "The mask is 60 x 40 pixels and the picture 600 x 400: give a mask of the picture's"
    with pytest.raises(MaskError, match=sentence):
        compare_pictures(COFFEE, COFFEE, mask=np.full((40, 60), 255, np.uint8))


def test_an_empty_mask_is_refused() -> None:
    with pytest.raises(MaskError, match="The mask marks nothing: paint white where"):
        compare_pictures(COFFEE, COFFEE, mask=np.zeros((400, 600), np.uint8))


@pytest.mark.parametrize("size", [(1, 1), (300, 1), (33, 500)])
def test_odd_shapes_are_compared(size: tuple[int, int]) -> None:
    dark = np.full((*size, 3), 20, np.uint8)
    drift = compare_pictures(dark, 255 - dark)
    assert (drift.whole.largest, drift.whole.edges) == (215, 1)


def test_a_file_that_is_no_picture_is_refused() -> None:
    with pytest.raises(NotAPictureError):
        compare_pictures(COFFEE, b"painted")


def test_json_has_every_part() -> None:
    data = drift_to_json(compare_pictures(COFFEE, COFFEE))
    assert (list(data), data["likeness"]) == (
        ["version", "size", "result_size", "exact", "resized", "likeness", "facets", "words"],
        {
            "whole": {
                "share": 1.0,
                "largest": 0,
                "mean": 0.0,
                "color": 0.0,
                "ssim": 1.0,
                "edges": 1.0,
            },
            "inside": None,
            "outside": None,
        },
    )


def test_ssim_matches_its_definition() -> None:
    # Of a constant shift only the first factor is left: (2ab + c1) / (a² + b² + c1).
    one, other = np.full((30, 30), 100, np.float32), np.full((30, 30), 150, np.float32)
    expected = (2 * 100 * 150 + 6.5025) / (100**2 + 150**2 + 6.5025)
    assert float(ssim_map(one, other)[15, 15]) == pytest.approx(expected, abs=1e-4)


def lines(*columns: int) -> np.ndarray:
    drawn = np.zeros((40, 60), bool)
    drawn[:, list(columns)] = True
    return drawn


def test_edges_two_pixels_away_are_the_same() -> None:
    pairs = ((10, 12), (10, 13), (10, 10))
    assert [edge_f1(lines(one), lines(other)) for one, other in pairs] == [1, 0, 1]


def test_lost_and_new_edges_both_count() -> None:
    # Of two lines one is left, and one of two is new: precision and recall are a half.
    assert edge_f1(lines(10, 30), lines(10, 50)) == 0.5


def test_no_edges_agree_with_none() -> None:
    assert (edge_f1(lines(), lines()), edge_f1(lines(), lines(5))) == (1, 0)


def palette(**areas: float) -> Palette:
    colors = {"red": "#FF0000", "dark": "#000000", "light": "#FFFFFF"}
    return Palette(tuple(Swatch(colors[n], n, a) for n, a in areas.items()), "", 0, 0)


def test_black_is_a_hundred_from_white() -> None:
    assert palette_distance(palette(dark=1.0), palette(light=1.0)) == pytest.approx(100, abs=0.1)


def test_more_of_a_color_is_no_distance() -> None:
    assert palette_distance(palette(dark=0.9, light=0.1), palette(dark=0.2, light=0.8)) == 0


def test_a_new_color_counts_by_its_area() -> None:
    found = palette_distance(palette(dark=1.0), palette(dark=0.5, light=0.5))
    assert found == pytest.approx(25, abs=0.1)


def test_colors_that_were_not_requested_are_no_loss() -> None:
    assert distance_to_nearest(palette(red=1.0), palette(red=0.1, dark=0.9)) == 0


def palette_of_hexes(*hexes: str) -> Palette:
    swatches = tuple(Swatch(code, code, 1 / len(hexes)) for code in hexes)
    return Palette(swatches, "", 0, 0)


@pytest.mark.parametrize(
    ("asked", "found", "there"),
    [
        (("#008080",), ("#4E8F8C", "#222222"), True),
        (("#008080",), ("#8C8F8F", "#222222"), False),
        (("#008080", "#FF8000"), ("#4E8F8C", "#222222"), False),
        (("#008080", "#FF8000", "#FF00FF"), ("#4E8F8C", "#B9763A"), True),
        (("#000000",), ("#101216",), True),
        (("#000000",), ("#9A9A9A",), False),
    ],
)
def test_hues_are_matched_with_tolerance(
    asked: tuple[str, ...], found: tuple[str, ...], there: bool
) -> None:
    assert contains_hues(palette_of_hexes(*asked), palette_of_hexes(*found)) is there


def subject(label: str, confidence: float) -> Scene:
    measured = Subject(label, 1, ((0.2, 0.2, 0.5, 0.5),))
    return Scene((10, 10), (Fact("subject", f"a {label}", confidence, measurement=measured),))


@pytest.mark.parametrize(
    ("label", "confidence", "told"),
    [
        ("fox", 0.9, "The subject changed: terrier became fox."),
        ("fox", 0.7, ""),
        ("bull terrier", 0.9, ""),
    ],
)
def test_another_subject_counts_when_it_is_certain(
    label: str, confidence: float, told: str
) -> None:
    drift = facet_drifts(subject("terrier", 0.95), subject(label, confidence))[0]
    assert facet_sentence(drift) == told
