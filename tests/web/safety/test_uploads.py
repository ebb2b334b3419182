import io
import struct
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin
from tests.web.safety.server_and_visitor import COFFEE, brought, chunk, token

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

SECRET = b"51.4934N-0.0098E"
API = "/api/v1/describe"


def telling() -> bytes:
    """A JPEG that tells where it was taken, with something behind its end."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = SECRET.decode(), "Ada Lovelace"
    buffer = io.BytesIO()
    Image.open(io.BytesIO(COFFEE)).save(buffer, "JPEG", exif=exif, comment=SECRET)
    return buffer.getvalue() + b"<script>alert(1)</script>" + SECRET


def png(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds next to nothing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="module")
def told(client: "TestClient") -> str:
    return brought(client, telling(), "../../etc/passwd\0.jpg")


@pytest.mark.parametrize("copy", ["whole", "shown.jpg", "small.jpg"])
def test_what_a_file_tells_is_in_no_copy(client: "TestClient", told: str, copy: str) -> None:
    got = client.get(f"/p/{told}/{copy}")

    assert got.status_code == 200
    for part in (SECRET, b"Exif", b"Lovelace", b"script"):
        assert part not in got.content


def test_a_picture_is_never_served_as_it_came(client: "TestClient", picture: str) -> None:
    assert client.get(f"/p/{picture}/whole").content != COFFEE


def test_files_have_names_of_ours(client: "TestClient", told: str) -> None:
    folder = Path(client.app.state.config.files)  # type: ignore[attr-defined]
    names = {path.name for path in folder.rglob("*") if path.is_file()}

    assert {f"{told}.whole", f"{told}.shown", f"{told}.small"} <= names
    assert not any("passwd" in name for name in names)


def test_a_picture_to_download_has_a_name_of_ours(client: "TestClient", told: str) -> None:
    named = client.get(f"/p/{told}/whole").headers["content-disposition"]

    assert named == f'attachment; filename="imagetoprompt-{told[:6]}.jpg"'


def test_more_bytes_than_may_be_are_refused_unread(client: "TestClient") -> None:
    got = client.post(API, content=b"x", headers={"Content-Length": "51000000"})

    assert got.status_code == 413


def test_more_bytes_than_were_announced_are_refused(client: "TestClient") -> None:
    got = client.post(API, content=(b"\0" * 1_000_000 for _ in range(52)))

    assert got.status_code == 413


@pytest.mark.parametrize("size", [(10_001, 10_000), (2**31 - 1, 2**31 - 1)])
def test_more_pixels_than_may_be_are_refused(client: "TestClient", size: tuple[int, int]) -> None:
    got = client.post(API, content=png(*size))

    assert got.status_code == 413
    assert "megapixels" in got.json()["detail"]


def test_a_progressive_jpeg_of_very_many_scans_is_refused_at_once(client: "TestClient") -> None:
    buffer = io.BytesIO()
    Image.new("L", (2000, 2000)).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    begun = time.monotonic()

    got = client.post(API, content=data[:end] + data[start:end] * 20_000 + data[end:])

    assert got.status_code == 413
    assert "scans" in got.json()["detail"]
    assert time.monotonic() - begun < 5


def test_of_many_frames_one_is_read(client: "TestClient") -> None:
    frames = [Image.new("L", (64, 64), each % 256) for each in range(600)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])

    assert client.post(API, content=buffer.getvalue()).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a<script>alert(1)</script>",
        COFFEE[:2000],
    ],
)
def test_what_is_no_picture_is_refused(client: "TestClient", data: bytes) -> None:
    got = client.post(API, content=data)

    assert got.status_code == 415
    assert len(got.json()["detail"]) < 300


def test_a_note_that_unpacks_to_far_more_is_left(client: "TestClient") -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "x" * 900_000, zip=True)
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(buffer, "PNG", pnginfo=notes)

    got = client.post(API, content=buffer.getvalue())

    assert got.status_code == 200
    assert len(got.content) < 200_000


@pytest.mark.parametrize("many", ["files", "fields"])
def test_a_form_has_so_many_parts_and_no_more(client: "TestClient", many: str) -> None:
    files = [("picture", ("a", b"x"))] * (30 if many == "files" else 1)
    fields = {f"f{each}": "x" for each in range(300 if many == "fields" else 1)}

    got = client.post("/pictures", data=fields, files=files)

    assert got.status_code == 400


def test_a_field_is_so_long_and_no_longer(client: "TestClient") -> None:
    form = {"token": token(client), "url": "x" * 70_000}

    assert client.post("/pictures", data=form, files={"picture": b""}).status_code == 400


def test_who_brings_too_many_at_once_is_told_when_to_come_back() -> None:
    from starlette.testclient import TestClient  # noqa: PLC0415 - needs the extra [web]
    from tests.web.middleware.test_middleware import app  # noqa: PLC0415

    from imagetoprompt.web.middleware.request_limits import BodyLimitsMiddleware  # noqa: PLC0415

    client = TestClient(BodyLimitsMiddleware(app(), megabytes=1, seconds=5, room=0.5))
    announced = client.post("/", content=b"x" * 600_000)
    counted = client.post("/", content=(b"x" * 100_000 for _ in range(6)))

    assert [announced.status_code, counted.status_code] == [503, 503]
    assert [announced.headers["retry-after"], counted.headers["retry-after"]] == ["10", "10"]
    assert [client.post("/", content=b"x" * 400_000).status_code for _ in range(3)] == [200] * 3
