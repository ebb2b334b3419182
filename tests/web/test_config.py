import pytest

from imagetoprompt.errors import SettingError
from imagetoprompt.web.config import FREE_USES, UNLIMITED, Config, read_config


def test_alone_on_loopback_nothing_is_counted() -> None:
    assert Config().uses_a_day == UNLIMITED


@pytest.mark.parametrize(
    "public", [Config(host="192.0.2.7"), Config(trusted_proxies=("127.0.0.1",))]
)
def test_for_everybody_ten_uses_are_free(public: Config) -> None:
    assert public.uses_a_day == FREE_USES == 10


def test_none_lifts_the_limit_and_a_number_sets_it() -> None:
    assert Config(host="192.0.2.7", free_uses="none").uses_a_day == UNLIMITED
    assert Config(free_uses="3").uses_a_day == 3


def test_a_limit_without_sense_is_named() -> None:
    with pytest.raises(SettingError, match="IMAGETOPROMPT_FREE_USES is 'few'"):
        _ = Config(free_uses="few").uses_a_day


def test_the_environment_sets_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGETOPROMPT_DATA", "/somewhere")
    monkeypatch.setenv("IMAGETOPROMPT_PORT", "81")
    monkeypatch.setenv("IMAGETOPROMPT_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")

    given = read_config()

    assert given.port == 81
    assert given.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert given.database == "sqlite:////somewhere/imagetoprompt.db"
    assert given.files == "/somewhere/files"


def test_a_model_brings_the_engine_that_paints_with_it() -> None:
    assert Config().offered_engines == ("draft",)
    assert Config(diffusers_model="folder").offered_engines == ("draft", "diffusers")
