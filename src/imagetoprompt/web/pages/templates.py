"""Render the templates, and send a page compressed and uncached."""

import gzip
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

LANGUAGE: Final = "en"
PRIVATE: Final = {"Cache-Control": "private, no-store", "Vary": "X-Part, Cookie, Accept-Encoding"}
"""Headers of a page: it belongs to its visitor, so that no cache between keeps a copy."""
# Above this level pages get hardly smaller, and compressing takes longer than it saves.
GZIP_LEVEL: Final = 5


def render(name: str, /, **context: object) -> str:
    """Fill in a template; an unknown text or value raises, it never leaves a gap."""
    return environment().get_template(name).render(**context)


def html(
    request: Request, text: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """The page as a response, gzipped (to about a tenth) if the browser accepts that."""
    headers = {**PRIVATE, **headers}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(text, headers=headers)
    packed = gzip.compress(text.encode(), GZIP_LEVEL, mtime=0)
    return HTMLResponse(packed, headers={**headers, "Content-Encoding": "gzip"})


def t(key: str, /, **values: object) -> str:
    """The text of a key such as 'drop.title', placeholders filled in; KeyError if there is none."""
    text: Any = strings()
    for part in key.split("."):
        text = text[part]
    if not isinstance(text, str):
        raise KeyError(key)
    return text.format(**values) if values else text


@cache
def strings() -> dict[str, Any]:
    """Every text of the page itself, in its one language."""
    text = files("imagetoprompt.web").joinpath(f"words/{LANGUAGE}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def environment() -> Environment:
    """The Jinja environment: values are escaped, undefined ones raise."""
    jinja = Environment(
        loader=PackageLoader("imagetoprompt.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals["t"] = t
    jinja.globals["script_words"] = json.dumps(strings()["script"], ensure_ascii=False)
    jinja.globals["has_template"] = pass_environment(_has_template)
    return jinja


def _has_template(jinja: Environment, name: str) -> bool:
    return name in jinja.list_templates()
