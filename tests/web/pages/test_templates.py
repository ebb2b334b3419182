import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from imagetoprompt.core.scene import FACETS
from imagetoprompt.web.pages import templates
from imagetoprompt.web.pages.templates import render, strings, t

TEMPLATES = Path(templates.__file__).parents[1] / "templates"
STATIC = TEMPLATES.parent / "static"


def _keys(table: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield from _keys(value, f"{path}{name}.") if isinstance(value, dict) else (path + name,)


def _text(folder: Path, ending: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob(ending)))


def test_every_key_of_the_templates_has_a_text() -> None:
    asked = set(re.findall(r"""\bt\(["']([a-z_.0-9]+)["'][,)]""", _text(TEMPLATES, "*.html")))

    assert asked - set(_keys(strings())) == set()


def test_placeholders_are_filled_in() -> None:
    assert t("uses.left", left=3, all=10) == "3 of 10 left today"


def test_an_unknown_key_is_an_error() -> None:
    for key in ("drop.nothing", "nothing", "drop"):
        with pytest.raises(KeyError):
            t(key)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("page.html")


def test_every_facet_has_a_name() -> None:
    # What a visitor wants left out may be dropped as a fact may.
    assert set(strings()["facet"]) == {*FACETS, "excluded"}


def test_every_facet_has_a_color() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    facts = (STATIC / "facts.css").read_text(encoding="utf-8")

    assert [f for f in FACETS if f'[data-mark="{f}"]) {{ --h:' not in tokens] == []
    assert [f for f in FACETS if f'[data-mark="{f}"] {{ --on: 1; }}' not in facts] == []


def test_every_text_of_the_scripts_exists() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    asked = set(re.findall(r"\btexts\.([a-z_]+)", scripts))

    assert asked - set(strings()["script"]) == set()


def test_styles_and_scripts_are_small() -> None:
    assert len(_text(STATIC, "*.js").encode()) + len(_text(STATIC, "*.css").encode()) < 150_000
