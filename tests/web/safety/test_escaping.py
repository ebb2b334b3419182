"""Hostile words through every field: no tag and no attribute of theirs is ever in a page."""

import io
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin
from tests.web.safety.server_and_visitor import COFFEE, brought, token

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

HOSTILE = "\"'><x-evil onmouseover=alert(1)>{{7*191}}{%x%}${7*191}</script><x-evil>"
WORKED_OUT = "1337"
FIELDS = [
    ("for", HOSTILE),
    ("emphasis", HOSTILE),
    ("set", f"time={HOSTILE}"),
    ("set", f"mood={HOSTILE}"),
    ("set", HOSTILE),
    ("add", f"subject={HOSTILE}"),
    ("remove", f"subject={HOSTILE}"),
    ("lock", HOSTILE),
    ("take", f"light={HOSTILE}"),
    ("exclude", HOSTILE),
    ("preset", HOSTILE),
    ("strength", HOSTILE),
    ("keep", HOSTILE),
    ("task", HOSTILE),
    ("mask", HOSTILE),
    ("box", HOSTILE),
    ("reference", f"style={HOSTILE}"),
    ("left", HOSTILE),
    ("size", HOSTILE),
    ("seed", HOSTILE),
    ("scale", HOSTILE),
    ("engine", HOSTILE),
    ("via", HOSTILE),
    ("job", HOSTILE),
    ("alternatives", HOSTILE),
    (HOSTILE, "x"),
]


class Page(HTMLParser):
    """Collects what no page of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag == "x-evil" else []
        self.found += [name for name, _ in attrs if name.startswith("on") or "evil" in name]
        leads = [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.found += [each for each in leads if not each.startswith(("/", "#", "?", "https://"))]


def check(text: str) -> None:
    page = Page()
    page.feed(text)

    assert page.found == []
    assert WORKED_OUT not in text


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_values_of_an_address(client: "TestClient", picture: str, name: str, value: str) -> None:
    html = {"Accept": "text/html"}
    got = client.get(f"/p/{picture}", params=[(name, value)], headers=html)
    if got.status_code == 303:
        got = client.get(got.headers["location"], headers=html)

    assert got.status_code < 500
    check(got.text)


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_values_of_a_form(client: "TestClient", picture: str, name: str, value: str) -> None:
    form = {"token": token(client), name: value}
    got = client.post(f"/p/{picture}/paint", data=form, headers={"Accept": "text/html"})

    assert got.status_code < 500
    if got.status_code == 303:
        got = client.get(got.headers["location"])
    if "html" in got.headers["content-type"]:
        check(got.text)


@pytest.mark.parametrize("path", ["/{}", "/p/{}", "/p/{}/map/x.png", "/examples/{}/small.jpg"])
def test_paths(client: "TestClient", path: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415

    got = client.get(path.format(quote(HOSTILE, safe="")), headers={"Accept": "text/html"})

    check(got.text)


@pytest.mark.parametrize("name", ["theme", "for", "visit"])
def test_cookies(client: "TestClient", other: "TestClient", picture: str, name: str) -> None:
    got = other.get(f"/p/{picture}", headers={"Cookie": f'{name}="<x-evil onclick=1>"'})

    check(got.text)


@pytest.mark.parametrize("field", ["url", "example"])
def test_where_a_picture_is(client: "TestClient", field: str) -> None:
    form = {"token": token(client), field: HOSTILE}
    got = client.post("/pictures", data=form, headers={"Accept": "text/html"})

    assert 400 <= got.status_code < 500
    check(got.text)


def noted() -> bytes:
    """A PNG that says hostile things wherever a file can say any."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text(
        "parameters",
        f"{HOSTILE}\nNegative prompt: {HOSTILE}\n"
        f"Steps: 9, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: {HOSTILE}",
    )
    notes.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{HOSTILE}</x:xmpmeta>")
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        exif[tag] = HOSTILE
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + HOSTILE.encode()
    exif.get_ifd(0x8769)[0xA434] = HOSTILE
    buffer = io.BytesIO()
    Image.open(io.BytesIO(COFFEE)).save(buffer, "PNG", pnginfo=notes, exif=exif)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def evil(client: "TestClient") -> str:
    """The id of a picture that says them."""
    return brought(client, noted(), f"{HOSTILE}.png")


def test_what_a_file_says(client: "TestClient", evil: str) -> None:
    got = client.get(f"/p/{evil}")

    # The prompt that it carries is shown, as words.
    assert "x-evil" in got.text
    check(got.text)


def test_what_a_file_says_in_four_prompts(client: "TestClient", evil: str) -> None:
    for target in ("midjourney", "stable_diffusion", "flux", "openai"):
        check(client.get(f"/p/{evil}?for={target}&alternatives=1").text)


def test_what_a_file_says_line_by_line(client: "TestClient") -> None:
    import json  # noqa: PLC0415

    got = client.post(
        "/pictures",
        data={"token": token(client)},
        files={"picture": (f"{HOSTILE}.png", noted())},
        headers={"Accept": "application/x-ndjson"},
    )

    for line in got.text.splitlines():
        check(json.loads(line)["main"])


def test_json_is_never_shown_as_a_page(client: "TestClient", evil: str) -> None:
    got = client.post("/api/v1/write", json={"picture": evil, "targets": ["flux"]})

    assert got.headers["content-type"].startswith("application/json")
    assert got.headers["x-content-type-options"] == "nosniff"
