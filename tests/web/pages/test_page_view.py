from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from imagetoprompt.core.scene import Scene
from imagetoprompt.web.pages.context import PageState, Visit
from imagetoprompt.web.pages.page_view import page, start
from imagetoprompt.web.pages.templates import render
from imagetoprompt.web.pages.urls import pairs, tidied
from imagetoprompt.web.query import parse_query

Show = Callable[..., PageState]
ASKS = (
    (),
    (("for", "flux"), ("preset", "watercolor"), ("set", "time=dusk"), ("exclude", "people")),
    (("for", "midjourney:7"), ("lock", "light"), ("remove", "camera"), ("take", "light=other")),
    (("emphasis", "light"), ("add", "mood=calm"), ("set", "palette=#112233 and #FFEEDD")),
)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


class Nesting(HTMLParser):
    """Whether every element is closed where it should be."""

    EMPTY = ("br", "img", "input", "link", "meta", "hr", "option", "path", "rect", "image")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It is closed at once."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY and (not self.open or self.open.pop() != tag):
            self.wrong.append(f"{tag} at {self.getpos()}")


def _pages(scene: Scene, show: Show) -> list[str]:
    return [render("page.html", page=page(show(scene, *ask))) for ask in ASKS]


@pytest.mark.parametrize("ask", ASKS)
def test_every_link_of_the_page_is_a_valid_address(
    photographer: Scene, show: Show, ask: tuple[tuple[str, str], ...]
) -> None:
    text = render("page.html", page=page(show(photographer, *ask)))
    links = [a["href"] or "" for tag, a in Elements(text).all if tag == "a" and "href" in a]
    asked = [urlsplit(link).query for link in links if link.startswith("/p/id?")]

    assert len(asked) > 12
    for query in asked:
        fields = tuple(parse_qsl(query, keep_blank_values=True))
        wanted = parse_query(fields)
        assert tidied(fields) == fields
        assert parse_query(pairs(wanted)) == wanted


def test_the_page_has_no_inline_styles_or_scripts(poster: Scene, show: Show) -> None:
    for text in (*_pages(poster, show), render("start.html", start=start(Visit("token")))):
        for tag, attributes in Elements(text).all:
            assert tag != "style"
            assert tag != "script" or attributes.get("src")
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]


def test_the_page_loads_nothing_from_other_servers(poster: Scene, show: Show) -> None:
    for text in _pages(poster, show):
        for tag, attributes in Elements(text).all:
            for name in ("src", "href", "action"):
                assert tag == "a" or (attributes.get(name) or "/")[0] in "/#"


def test_every_image_has_alt_text_and_a_size(poster: Scene, show: Show) -> None:
    for text in _pages(poster, show):
        pictures = [a for tag, a in Elements(text).all if tag == "img" and a.get("src")]
        assert all(a.get("alt") is not None for a in pictures)
        assert all(a.get("width") and a.get("height") for a in pictures)


def test_every_element_is_closed_where_it_should_be(poster: Scene, show: Show) -> None:
    for text in _pages(poster, show):
        found = Nesting(text)
        assert (found.wrong, found.open) == ([], [])


def test_ids_are_unique(poster: Scene, show: Show) -> None:
    for text in _pages(poster, show):
        ids = [a["id"] or "" for _, a in Elements(text).all if "id" in a]
        assert sorted(ids) == sorted(set(ids))


def test_the_main_part_is_that_of_the_page(photographer: Scene, show: Show) -> None:
    shown = page(show(photographer, ("for", "flux")))

    assert render("main.html", page=shown) in render("page.html", page=shown)


def test_pending_facets_are_shown_in_facet_order(photographer: Scene, show: Show) -> None:
    meters = replace(photographer, facts=(*photographer.said("light"), *photographer.said("focus")))
    places = page(show(meters, complete=False)).facts

    assert [each if isinstance(each, str) else each.words for each in places] == [
        "subject",
        "setting",
        "deep shadows",
        "composition",
        "medium",
    ]


def test_words_of_facts_are_escaped(photographer: Scene, show: Show) -> None:
    text = render("page.html", page=page(show(photographer, ("set", "style=<b>bold</b>"))))

    assert "<b>bold" not in text
    assert "&lt;b&gt;bold" in text


def test_an_invalid_address_shows_the_error_and_links_on(photographer: Scene) -> None:
    fields = (("lock", "light"), ("set", "light=soft"))
    shown = PageState("id", photographer, parse_query(fields), error="The light is locked.")
    made = page(shown)
    text = render("page.html", page=made)

    assert "The light is locked." in text
    assert made.undo == "/p/id?for=midjourney&lock=light"
    assert made.reset == "/p/id?for=midjourney"


def test_the_theme_is_set_before_the_page_is_painted() -> None:
    assert 'data-theme="dark"' in render("start.html", start=start(Visit(theme="dark")))
    assert "data-theme" not in render("start.html", start=start(Visit()))


def test_uses_are_shown_when_they_are_counted() -> None:
    assert "3 of 10 left today" in render("start.html", start=start(Visit("t", 3, 10, "at dawn")))
    assert "left today" not in render("start.html", start=start(Visit("t")))


def test_an_error_page_links_to_the_start_page() -> None:
    text = render("error.html", status=404, title="Gone", sentence="There is nothing here.")

    assert "There is nothing here." in text
    assert 'href="/"' in text
