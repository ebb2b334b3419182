from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

# Clients take ".." out of a path before they send it.
HOSTILE = [
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fstate.db",
    "..%5c..%5cstate.db",
    "%00",
    "a%00b",
    "state.db",
    "%ff%fe",
    "%F0%9F%98%80",
    "*",
    "%25",
    "'%20OR%201=1--",
    "{{7*7}}",
    "x" * 3000,
]


def places(app: "FastAPI") -> list[str]:
    """Every path with something to fill in, of pages and of the API."""
    from imagetoprompt.web.pages import (  # noqa: PLC0415 - the extra [web]
        page_routes,
    )

    pages = [each.path for each in page_routes.router.routes]  # type: ignore[attr-defined]
    return sorted({path for path in (*pages, *app.openapi()["paths"]) if "{" in path})


def test_nothing_is_reached_by_a_path(app: "FastAPI", client: "TestClient") -> None:
    import re  # noqa: PLC0415

    seen = {}
    for place in places(app):
        for hostile in HOSTILE:
            for method in ("GET", "POST", "DELETE"):
                path = re.sub(r"\{\w+\}", hostile, place)
                got = client.request(method, path)
                seen[method, path] = got.status_code
                assert b"root:" not in got.content

    assert {key: code for key, code in seen.items() if not 300 <= code < 500} == {}


def test_no_static_path_leads_out(client: "TestClient") -> None:
    for hostile in HOSTILE:
        for way in (f"/static/{hostile}", f"/static/%2e%2e/{hostile}", f"/static//{hostile}"):
            got = client.get(way)
            assert 300 <= got.status_code < 500, way


def test_a_file_outside_of_examples_is_no_example(client: "TestClient") -> None:
    for name in ("..%2freadme", "readme", "poster.py", "%2e"):
        assert client.get(f"/examples/{name}/small.jpg").status_code in (404, 422)
