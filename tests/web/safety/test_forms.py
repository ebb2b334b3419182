from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import COFFEE, token

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

FORMS = ["/pictures", "/aside", "/p/{picture}/paint", "/jobs/x/cancel"]
FILES = {"picture": ("a.jpg", COFFEE)}


def test_these_are_all_the_forms(app: "FastAPI") -> None:
    paths = app.openapi()["paths"]
    of_pages = {
        path
        for path, methods in _routes(app)
        if "POST" in methods and path not in paths and not path.startswith("/api/")
    }

    assert {"/pictures", "/aside", "/p/{picture}/paint", "/jobs/{job}/cancel"} == of_pages


def _routes(app: "FastAPI") -> list[tuple[str, set[str]]]:
    from imagetoprompt.web.pages import (  # noqa: PLC0415 - the extra [web]
        page_routes,
    )

    found = page_routes.router.routes
    return [(each.path, each.methods) for each in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_a_token_is_refused(client: "TestClient", picture: str, path: str) -> None:
    got = client.post(path.format(picture=picture), files=FILES)

    assert got.status_code == 403


@pytest.mark.parametrize("path", FORMS)
def test_the_token_of_another_is_refused(
    client: "TestClient", other: "TestClient", picture: str, path: str
) -> None:
    form = {"token": token(client)}

    got = other.post(path.format(picture=picture), data=form, files=FILES)

    assert got.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", [*FORMS, "/api/v1/describe", "/api/v1/edit"])
def test_another_site_can_send_none(
    client: "TestClient", picture: str, path: str, headers: dict[str, str]
) -> None:
    form = {"token": token(client)}

    got = client.post(path.format(picture=picture), data=form, files=FILES, headers=headers)

    assert got.status_code == 403


def test_a_foreign_name_that_leads_to_this_machine_gains_nothing(client: "TestClient") -> None:
    rebound = {
        "Host": "elsewhere.example",
        "Origin": "http://elsewhere.example",
        "Sec-Fetch-Site": "same-origin",
    }

    assert client.post("/api/v1/describe", content=COFFEE, headers=rebound).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_machine_has_its_own_names(client: "TestClient", host: str) -> None:
    own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    form = {"token": token(client)}

    got = client.post("/aside", data=form, headers=own)

    assert got.status_code == 422


def test_a_painting_is_cancelled_by_its_own_visitor_alone(
    client: "TestClient", other: "TestClient", picture: str
) -> None:
    form = {"token": token(client), "preset": "watercolor"}
    job = client.post(f"/p/{picture}/paint", data=form).headers["location"].rpartition("job=")[2]

    theirs = other.post(f"/jobs/{job}/cancel", data={"token": token(other)})

    assert theirs.status_code == 403
    assert other.delete(f"/api/v1/jobs/{job}").status_code in (403, 404)
