from pathlib import Path

import numpy as np
import pytest
from training.augmentation import AUGMENTATIONS, gray, variants
from training.data import HELD_OUT, Sample, samples
from training.evaluation import Answer, answer, calibration_error, confusions, summary
from training.noise_images import noise_images

from imagetoprompt.facts.hedging import ClassWords

DIGEST = "00ff" * 16
PIXELS = np.random.default_rng(5).integers(0, 256, (120, 160, 3)).astype(np.uint8)
WORDS: ClassWords = {
    "outdoors": {"value": "outdoors"},
    "coast": {"value": "sea", "within": ["outdoors"]},
}


def said(confidence: float, right: bool, truth: str = "coast", taken: str = "coast") -> Answer:
    return Answer("set", truth, taken, confidence, taken, right)


def test_the_first_variant_is_the_picture_itself() -> None:
    assert np.array_equal(variants(PIXELS, DIGEST)[0], PIXELS)


def test_variants_depend_on_the_digest_alone() -> None:
    one, two = variants(PIXELS, DIGEST), variants(PIXELS, DIGEST)

    assert [np.array_equal(a, b) for a, b in zip(one, two, strict=True)] == [True] * len(one)
    assert len(one) == len(AUGMENTATIONS) + 1


def test_the_gray_variant_has_no_color() -> None:
    flat = gray(PIXELS, np.random.default_rng(0))

    assert np.array_equal(flat[..., 0], flat[..., 2])


def test_nonsense_is_the_same_every_time() -> None:
    one, two = list(noise_images()), list(noise_images())

    assert [a.tobytes() for a in one] == [b.tobytes() for b in two]
    assert {each.shape[2] for each in one} == {3}


@pytest.mark.parametrize(("number", "expected"), [(0, True), (1, False), (HELD_OUT, True)])
def test_a_fifth_of_the_groups_is_held_out(number: int, expected: bool) -> None:
    assert Sample(Path("a"), "set", f"{number:08x}{0:056x}", {}).held_out is expected


def test_near_duplicates_share_a_group_and_labels_come_from_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "weather4" / "rain"
    folder.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_bytes(name.encode())
    groups = '{"groups": [["rain/a.jpg", "rain/b.jpg"]]}'
    (tmp_path / "weather4" / "neardup_groups.json").write_text(groups)

    a, b, c = samples(tmp_path)

    assert (a.group == b.group, a.group == c.group) == (True, False)
    assert a.labels["weather"] == "rain"


def test_a_wider_word_is_right_and_a_wrong_one_is_not() -> None:
    wide = answer("set", "coast", {"outdoors": 0.75, "coast": 0.125, "other": 0.125}, WORDS, 0.7)
    wrong = answer("set", "other", {"outdoors": 0.75, "coast": 0.125, "other": 0.125}, WORDS, 0.7)

    assert (wide.said, wide.right, wrong.right) == ("outdoors", True, False)


def test_precision_counts_only_what_is_said() -> None:
    numbers = summary([said(0.9, True), said(0.8, False), said(0.1, False), said(0.2, False)], 0.7)

    assert (numbers.count, numbers.said, numbers.precision) == (4, 0.5, 0.5)


def test_confidence_that_is_always_right_is_off_by_what_it_lacks() -> None:
    assert calibration_error([said(0.75, True)] * 4) == pytest.approx(0.25)


def test_confusions_are_counted_most_frequent_first() -> None:
    wrong = [said(0.5, False, "coast", "desert")] * 2 + [said(0.5, False, "desert", "coast")]

    assert confusions([*wrong, said(0.9, True)]) == [
        (2, "coast", "desert"),
        (1, "desert", "coast"),
    ]
