from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from imagetoprompt import registry
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.registry import Registry


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Registry[ModuleType]:
    points = [
        EntryPoint(name, value, "things") for name, value in (("json", "re"), ("more", "csv"))
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == "things" else [])
    return Registry("thing", "things", {"json": "json", "text": "textwrap"})


def test_built_in_names_come_first(plugins: Registry[ModuleType]) -> None:
    assert plugins.names() == ("json", "text", "more")


def test_a_plugin_cannot_replace_a_built_in(plugins: Registry[ModuleType]) -> None:
    assert plugins["json"].__name__ == "json"


def test_an_entry_point_is_loaded(plugins: Registry[ModuleType]) -> None:
    assert plugins["more"].__name__ == "csv"


def test_an_unknown_name_says_what_there_is(plugins: Registry[ModuleType]) -> None:
    with pytest.raises(
        UnknownNameError, match=r"No thing named 'dali'\. There are: json, text, more\."
    ):
        plugins["dali"]
