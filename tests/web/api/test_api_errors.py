from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.web.api.callers import Caller, configured, problem

from imagetoprompt.web.server_errors import StateError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from imagetoprompt.web.config import Config

ROOT = "/api/v1"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> "Config":
    """A server of two free uses a day."""
    pytest.importorskip("fastapi", reason="needs the extra [web]")
    return replace(configured(tmp_path_factory.mktemp("state")), free_uses="2")


@pytest.fixture
def key(app: "FastAPI", running: object, request: pytest.FixtureRequest) -> str:
    return f"Bearer {app.state.keys.create(request.node.name)}"


def small(caller: Caller, png: Callable[..., bytes], **headers: str) -> int:
    return caller.send("/describe?only=palette", png(8, 8), **headers).status_code


def test_uses_are_counted_and_end(caller: Caller, png: Callable[..., bytes]) -> None:
    assert caller.get("/uses").json()["left"] == 2
    assert [small(caller, png) for _ in range(2)] == [200, 200]
    told = caller.get("/uses").json()
    assert (told["limited"], told["left"], told["limit"]) == (True, 0, 2)
    refused = caller.send("/describe", png(8, 8))
    status, sentence = problem(refused)
    assert status == 429
    assert sentence.startswith("Today's 2 free uses are used up: try again after midnight")
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600


def test_what_fails_costs_nothing(caller: Caller, described: str) -> None:
    assert caller.send("/describe", b"no picture").status_code == 415
    assert caller.post("/transform", {"picture": described, "presets": ["x"]}).status_code == 422
    assert caller.post("/write", {"picture": described}).status_code == 200
    assert caller.get("/uses").json()["left"] == 2


def test_a_transform_costs_once_for_each_key(caller: Caller, described: str) -> None:
    body = {"picture": described, "engine": "echo"}
    for _ in range(3):
        assert caller.post("/transform", body, Idempotency_Key="k").status_code == 202
    assert caller.get("/uses").json()["left"] == 1
    assert caller.post("/transform", body).status_code == 202
    assert problem(caller.post("/transform", body))[0] == 429
    assert caller.post("/transform", body, Idempotency_Key="k").status_code == 202


def test_a_refused_transform_is_an_event_stream_of_none(
    caller: Caller, png: Callable[..., bytes]
) -> None:
    assert [small(caller, png) for _ in range(2)] == [200, 200]
    answer = caller.send("/describe", png(8, 8), Accept="text/event-stream")
    assert problem(answer)[0] == 429


def test_a_key_lifts_the_limit(caller: Caller, png: Callable[..., bytes], key: str) -> None:
    assert [small(caller, png, Authorization=key) for _ in range(4)] == [200] * 4
    assert caller.get("/uses", Authorization=key).json()["left"] is None
    assert caller.get("/uses").json()["left"] == 2


def test_a_key_is_the_visitor_wherever_it_calls_from(
    visit: Callable[[], Caller], png: Callable[..., bytes], key: str
) -> None:
    kept = visit().send("/pictures", png(8, 8), Authorization=key).json()["picture"]
    assert problem(visit().delete(f"/pictures/{kept}"))[0] == 403
    assert visit().delete(f"/pictures/{kept}", Authorization=key).status_code == 204


@pytest.mark.parametrize("given", ["Bearer itp_unknown", "bearer x", "Bearer itp_\xff"])
def test_an_unknown_key_is_refused(caller: Caller, given: str) -> None:
    told = {b"Authorization": given.encode("latin-1")}
    answer = caller.client.get(f"{ROOT}/uses", headers=told)
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="ImageToPrompt", error="invalid_token"'
    )
    assert "set-cookie" not in answer.headers


def test_a_revoked_key_is_unknown_at_once(app: "FastAPI", caller: Caller, key: str) -> None:
    assert caller.get("/uses", Authorization=key).status_code == 200
    (name,) = [each.name for each in app.state.keys.list() if "revoked" in each.name]
    app.state.keys.revoke(name)
    assert problem(caller.get("/uses", Authorization=key))[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
def test_other_sites_change_nothing(
    caller: Caller, png: Callable[..., bytes], headers: dict[str, str], described: str
) -> None:
    told = {name.replace("-", "_"): value for name, value in headers.items()}
    assert problem(caller.send("/pictures", png(8, 8), **told))[0] == 403
    assert problem(caller.post("/transform", {"picture": described}, **told))[0] == 403
    assert problem(caller.delete(f"/pictures/{described}", **told))[0] == 403


def test_our_own_page_may(caller: Caller, png: Callable[..., bytes]) -> None:
    answer = caller.send("/pictures", png(8, 8), Origin="http://localhost", Host="localhost")
    assert answer.status_code == 201
    assert caller.send("/pictures", png(8, 8), Sec_Fetch_Site="same-origin").status_code == 201


def test_what_is_kept_beside_has_a_bound(
    caller: Caller, png: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagetoprompt.web.services.quota.MAX_STORED_UPLOADS", 2)
    answers = [caller.send("/pictures", png(8, 8)) for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert caller.get("/uses").json()["left"] == 2


def test_what_has_expired_is_gone(
    app: "FastAPI", caller: Caller, png: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = caller.send("/describe?only=palette", png(8, 8)).json()["picture"]
    body = {"picture": kept, "engine": "echo"}
    job = caller.post("/transform", body).json()["job"]
    caller.ended(job)
    database = app.state.database
    later = database.now() + timedelta(hours=25)
    monkeypatch.setattr(database, "_clock", lambda: later)
    assert problem(caller.get(f"/pictures/{kept}"))[0] == 404
    assert problem(caller.get(f"/pictures/{kept}/image"))[0] == 404
    assert problem(caller.post("/write", {"picture": kept}))[0] == 404
    assert problem(caller.post("/transform", body))[0] == 404
    assert problem(caller.get(f"/jobs/{job}"))[0] == 404


def test_a_database_that_is_away_says_nothing_of_itself(
    app: "FastAPI", caller: Caller, described: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = app.state.config.database

    def away(*_: object) -> None:
        raise StateError(f"The database {place} does not answer.")

    monkeypatch.setattr(app.state.jobs, "of_visitor", away)
    monkeypatch.setattr(app.state.keys, "name_of", away)
    for answer in (caller.get("/jobs"), caller.get("/uses", Authorization="Bearer itp_x")):
        assert problem(answer)[0] == 503
        assert answer.headers["retry-after"] == "10"
        assert place.rpartition("/")[0].removeprefix("sqlite://") not in answer.text


def test_no_answer_tells_where_things_lie(caller: Caller, described: str, config: "Config") -> None:
    for answer in (
        caller.get("/nowhere"),
        caller.get(f"/pictures/{described}/controls/nothing"),
        caller.post("/write", {"picture": described[::-1]}),
        caller.send("/describe", b"GIF89a broken"),
        caller.post("/edit", ["not an object"]),
    ):
        assert problem(answer)[0] in (404, 415, 422)
        assert config.data not in answer.text
        assert "Traceback" not in answer.text


def test_a_method_that_is_not_taken_names_those_that_are(caller: Caller, described: str) -> None:
    answer = caller.client.put(f"{ROOT}/pictures/{described}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, DELETE")


def test_answers_are_dressed(caller: Caller) -> None:
    headers = caller.get("/uses").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "samesite=lax" in headers["set-cookie"].lower()
