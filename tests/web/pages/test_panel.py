"""The panel as a whole: every address and form of it, and the rules that its templates keep."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.web.pages.finished_job import done

from imagetoprompt.core.scene import Scene
from imagetoprompt.web.pages import page_view, templates
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.templates import render
from imagetoprompt.web.query import answer_query, format_query, parse_query

Show = Callable[..., PageState]
Field = tuple[str, str]

TEMPLATES = Path(templates.__file__).parents[1] / "templates" / "transform"
STATIC = TEMPLATES.parents[1] / "static" / "transform"
STATES: tuple[tuple[Field, ...], ...] = (
    (),
    (("for", "flux"), ("preset", "watercolor"), ("strength", "0.5"), ("seed", "7")),
    (("for", "stable_diffusion"), ("keep", "depth"), ("keep", "pose"), ("set", "time=dusk")),
    (("box", "0.1,0.1,0.3,0.3"), ("feather", "0.05")),
    (("mask", "painted"), ("task", "inpaint")),
    (("left", "0.25"), ("top", "0.5")),
    (("scale", "2"),),
)


class Links(HTMLParser):
    """The addresses of links, and of forms with what their fields hold at first."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, list[Field]]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append((given.get("action", ""), []))
        elif tag == "input" and "name" in given and "form" not in given:
            ticked = given.get("type") != "checkbox" or "checked" in given
            if ticked and given.get("value"):
                self.forms[-1][1].append((given["name"], given["value"]))


def _panel(shown: PageState) -> Links:
    found = Links()
    html = render("main.html", page=page_view.page(shown))
    found.feed(html[html.index('id="transform"') :])
    return found


@pytest.mark.parametrize("state", STATES)
def test_every_panel_address_can_be_answered(
    photographer: Scene, show: Show, state: tuple[Field, ...]
) -> None:
    found = _panel(replace(show(photographer, *state), job=done()))
    asked = [
        *(parse_qsl(urlsplit(link).query) for link in found.links if "?" in link),
        *(fields for action, fields in found.forms if action == "/p/id"),
    ]

    assert len(asked) > 5
    for fields in asked:
        query = parse_query(fields)
        assert parse_query(parse_qsl(format_query(query))) == query
        answer_query(photographer, query, {})


@pytest.mark.parametrize("state", STATES)
def test_ids_of_the_panel_are_unique(
    photographer: Scene, show: Show, state: tuple[Field, ...]
) -> None:
    ids = _panel(show(photographer, *state)).ids

    assert sorted(ids) == sorted(set(ids))


def test_invalid_edits_still_have_a_panel(photographer: Scene) -> None:
    query = parse_query([("mask", "painted"), ("left", "0.2")])
    panel = page_view.page(PageState("id", photographer, query, error="No.")).transform

    assert (panel.strength, panel.controls, panel.form) == (None, None, None)
    assert panel.area.clashes == ("part", "beyond")


def _texts(folder: Path, *endings: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.iterdir()):
        if path.suffix in endings:
            yield path.name, path.read_text(encoding="utf-8")


def test_panel_templates_have_no_inline_styles_or_scripts() -> None:
    for name, text in _texts(TEMPLATES, ".html"):
        assert not re.search(r"\bstyle=|\bon[a-z]+=|<style|<script(?![^>]*src=)", text), name


def test_panel_templates_contain_no_text_of_their_own() -> None:
    for name, text in _texts(TEMPLATES, ".html"):
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>", "", bare, flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{2,}", bare), name


def test_scripts_and_styles_stay_small() -> None:
    scripts, styles = (
        sum(len(text.encode()) for _, text in _texts(STATIC, ending)) for ending in (".js", ".css")
    )

    assert scripts < 30_000
    assert styles < 12_000
