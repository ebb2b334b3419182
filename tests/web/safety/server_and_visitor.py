"""A server of the tests, and a visitor of it."""

import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

ROOT = Path(__file__).parents[3]
COFFEE = (ROOT / "examples" / "coffee.jpg").read_bytes()
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def application(folder: Path, **given: Any) -> "FastAPI":  # noqa: ANN401 - fields of any kind
    """An application that keeps everything in the folder."""
    from imagetoprompt.web import create_app  # noqa: PLC0415 - needs the extra [web]
    from imagetoprompt.web.config import Config  # noqa: PLC0415

    config = Config(
        data=str(folder),
        database=f"sqlite:///{folder}/state.db",
        files=f"{folder}/files",
        runner="serial",
        workers=1,
        requests_a_minute=100_000,
    )
    return create_app(replace(config, **given))


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG, with its right checksum."""
    checksum = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checksum


def token(client: "TestClient") -> str:
    """What this client's forms carry."""
    found = TOKEN.search(client.get("/").text)
    assert found is not None
    return found[1]


def brought(client: "TestClient", data: bytes = COFFEE, name: str = "a.jpg") -> str:
    """The id of a picture that the client brings by the form of the page."""
    form = {"token": token(client)}
    got = client.post(
        "/pictures", data=form, files={"picture": (name, data)}, follow_redirects=False
    )
    assert got.status_code == 303, got.text
    return got.headers["location"].rpartition("/")[2]
