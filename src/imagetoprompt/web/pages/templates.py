"""render(name, ...) -> HTML: the templates with their words.

It does not know what a page shows, nor who asked for it.
"""

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_environment

LANGUAGE: Final = "en"


def render(name: str, /, **context: object) -> str:
    """The template filled in; an unknown word or value is an error, never an empty place."""
    return environment().get_template(name).render(**context)


def t(key: str, /, **values: object) -> str:
    """The words of a key such as 'drop.title', placeholders filled in; KeyError without any."""
    words: Any = strings()
    for part in key.split("."):
        words = words[part]
    if not isinstance(words, str):
        raise KeyError(key)
    return words.format(**values) if values else words


@cache
def strings() -> dict[str, Any]:
    """Every word that the page itself says, in its one language."""
    text = files("imagetoprompt.web").joinpath(f"words/{LANGUAGE}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def environment() -> Environment:
    """Where the templates are found; values are escaped, and missing ones are errors."""
    found = Environment(
        loader=PackageLoader("imagetoprompt.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["t"] = t
    found.globals["script_words"] = json.dumps(strings()["script"], ensure_ascii=False)
    found.globals["generators"] = strings()["generator"]
    found.globals["has_template"] = pass_environment(_has_template)
    return found


def _has_template(found: Environment, name: str) -> bool:
    return name in found.list_templates()
