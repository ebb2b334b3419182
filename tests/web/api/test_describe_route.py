import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.web.api.callers import Caller, events, problem

from imagetoprompt.core.scene import FACETS
from imagetoprompt.pipeline import describe

ROOT = Path(__file__).parents[3]
SCENE = json.loads((ROOT / "docs" / "scene.schema.json").read_text("utf-8"))


def facets(told: Any) -> set[str]:  # noqa: ANN401 - any JSON
    return {fact["facet"] for fact in told["scene"]["facts"]}


def test_it_is_what_python_sees(caller: Caller, cat: bytes) -> None:
    answer = caller.send("/describe", cat)
    told = answer.json()
    assert (answer.status_code, told["version"], told["whole"]) == (200, 1, True)
    assert told["scene"] == json.loads(json.dumps(describe(cat).to_json()))
    assert answer.headers["location"] == f"/api/v1/pictures/{told['picture']}"
    assert answer.headers["cache-control"] == "no-store"
    jsonschema.validate(told["scene"], SCENE)


def test_a_form_brings_it_too(caller: Caller, cat: bytes) -> None:
    answer = caller.client.post("/api/v1/describe?only=light", files={"picture": ("a.jpg", cat)})
    assert (answer.status_code, facets(answer.json())) == (200, {"light"})


def test_facets_can_be_named_and_left_out(caller: Caller, cat: bytes) -> None:
    some = caller.send("/describe?only=palette&only=light&only=text&without=text", cat)
    assert facets(some.json()) == {"palette", "light"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("only=light&without=light", "No facet is left to look for: exclude fewer facets."),
        ("only=color", "query.only.0: Input should be"),
    ],
)
def test_facets_that_make_no_sense_are_refused(
    caller: Caller, cat: bytes, query: str, sentence: str
) -> None:
    status, detail = problem(caller.send(f"/describe?{query}", cat))
    assert (status, detail[: len(sentence)]) == (422, sentence)


def test_events_come_twice(caller: Caller, cat: bytes) -> None:
    answer = caller.send("/describe", cat, Accept="text/event-stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    (first, measured), (second, whole) = events(answer.text)
    assert (first, second) == ("seen", "seen")
    assert (measured["whole"], whole["whole"]) == (False, True)
    assert facets(measured) < facets(whole) <= set(FACETS)
    assert measured["picture"] == whole["picture"]


def test_what_is_refused_at_once_is_no_event(caller: Caller) -> None:
    answer = caller.send("/describe", b"no picture", Accept="text/event-stream")
    assert problem(answer)[0] == 415


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"", "image/jpeg", 422),
        (b"no picture", "application/octet-stream", 415),
        (b"<svg/>", "image/svg+xml", 415),
        (b"{", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"url": 5}', "application/json", 422),
        (b'{"url": "file:///etc/passwd"}', "application/json", 422),
        (b"x", "multipart/form-data", 400),
        (b"url=", "application/x-www-form-urlencoded", 422),
    ],
)
def test_what_is_no_picture_is_one_sentence(
    caller: Caller, data: bytes, kind: str, status: int
) -> None:
    found, sentence = problem(caller.send("/describe", data, kind))
    assert found == status
    assert "\n" not in sentence
    assert "root:" not in sentence


def test_half_a_picture_is_no_server_error(caller: Caller, cat: bytes) -> None:
    assert problem(caller.send("/describe", cat[:300]))[0] == 415


def test_too_large_is_said_before_it_is_read(caller: Caller) -> None:
    assert problem(caller.send("/describe", b"x", Content_Length="99000000000"))[0] == 413
