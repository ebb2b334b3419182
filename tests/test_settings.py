from collections.abc import Iterator

import pytest

from imagetoprompt.errors import SettingError
from imagetoprompt.settings import Settings, settings, variable


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_without_variables_the_limits_are_those_of_the_guide() -> None:
    assert settings() == Settings(100.0, 50.0, 20.0, 0)


def test_a_variable_sets_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGETOPROMPT_MAX_MEGABYTES", "2.5")
    monkeypatch.setenv("IMAGETOPROMPT_THREADS", "3")

    assert settings() == Settings(max_megabytes=2.5, threads=3)


def test_threads_may_be_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGETOPROMPT_THREADS", "0")

    assert settings().threads == 0


@pytest.mark.parametrize("text", ["", "many", "-1", "0", "nan", "inf"])
def test_a_value_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("IMAGETOPROMPT_FETCH_SECONDS", text)

    with pytest.raises(
        SettingError, match=rf"^IMAGETOPROMPT_FETCH_SECONDS is '{text}'; give a number above 0\.$"
    ):
        settings()


def test_the_variable_of_a_field() -> None:
    assert variable("max_megapixels") == "IMAGETOPROMPT_MAX_MEGAPIXELS"
