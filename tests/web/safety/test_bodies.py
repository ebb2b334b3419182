from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

DEEP = b'{"a":' * 50_000
BODIES = {
    "deep lists": b"[" * 200_000,
    "deep objects": DEEP,
    "deep and closed": b"[" * 900 + b"]" * 900,
    "deep edits": b'{"edits":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "large number": b'{"picture":"x","seed":' + b"9" * 10_000 + b"}",
    "infinity": b'{"picture":"x","strength":1e999}',
    "nan": b'{"picture":"x","strength":NaN}',
    "half a character": b'{"picture":"\\ud800","targets":["\\udfff"]}',
    "zero byte": b'{"picture":"\\u0000"}',
    "not utf-8": b'{"picture":"\xff\xfe"}',
    "many keys": b"{" + b",".join(b'"k%d":1' % each for each in range(50_000)) + b'"z":1}',
    "many edits": b'{"picture":"x","edits":[' + b'{"facet":"time","value":"x"},' * 20_000 + b"{}]}",
    "a list": b"[1,2,3]",
    "null": b"null",
    "nothing": b"",
}


def posts(app: "FastAPI") -> list[str]:
    found = app.openapi()["paths"].items()
    return [path for path, methods in found if "post" in methods]


@pytest.mark.parametrize("name", BODIES)
def test_hostile_json_is_refused(app: "FastAPI", client: "TestClient", name: str) -> None:
    head = {"Content-Type": "application/json"}

    codes = {
        path: client.post(path, content=BODIES[name], headers=head).status_code
        for path in posts(app)
    }

    assert {path: code for path, code in codes.items() if not 400 <= code < 500} == {}


def test_more_json_than_anybody_writes_is_refused_unread(client: "TestClient") -> None:
    head = {"Content-Type": "application/json"}

    assert client.post("/api/v1/edit", content=b" " * 1_100_000, headers=head).status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_broken_forms_are_refused(client: "TestClient", kind: str) -> None:
    for body in (b"", b"--x", b"--x\r\n" * 1000, b"\0" * 1000, b"--x\r\nA: " + b"b" * 20_000):
        got = client.post("/pictures", content=body, headers={"Content-Type": kind})
        assert 400 <= got.status_code < 500


def test_packed_bodies_are_not_unpacked(client: "TestClient") -> None:
    import gzip  # noqa: PLC0415

    bomb = gzip.compress(b"\0" * 10_000_000)
    head = {"Content-Type": "image/png", "Content-Encoding": "gzip"}

    assert client.post("/api/v1/describe", content=bomb, headers=head).status_code == 415
