import io
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra [web]")

from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.file_responses import PIECE_BYTES, StoredFileResponse
from imagetoprompt.web.services.picture_store import OpenedFile

NAME = "abc.whole"
DATA = bytes(number * 7 % 251 for number in range(3 * PIECE_BYTES + 5))


@pytest.fixture(params=["folder", "memory://files"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> TestClient:
    files = BlobStore(str(tmp_path) if request.param == "folder" else request.param)
    files.put(NAME, DATA)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = StoredFileResponse(
            OpenedFile(NAME, files.open(NAME), "image/png"), {"Cache-Control": "private"}
        )
        await response(scope, receive, send)

    return TestClient(app)


def test_the_whole_file_says_that_it_has_ranges(client: TestClient) -> None:
    got = client.get("/")

    assert (got.status_code, got.content) == (200, DATA)
    assert got.headers["content-length"] == str(len(DATA))
    assert got.headers["content-type"] == "image/png"
    assert (got.headers["accept-ranges"], got.headers["etag"]) == ("bytes", f'"{NAME}"')
    assert got.headers["cache-control"] == "private"


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=5-99", slice(5, 100)),
        (f"bytes={PIECE_BYTES - 1}-", slice(PIECE_BYTES - 1, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=10-999999999", slice(10, None)),
    ],
)
def test_a_download_that_broke_off_goes_on(client: TestClient, asked: str, part: slice) -> None:
    got = client.get("/", headers={"Range": asked, "If-Range": f'"{NAME}"'})
    first, last, _ = part.indices(len(DATA))

    assert (got.status_code, got.content) == (206, DATA[part])
    assert got.headers["content-range"] == f"bytes {first}-{last - 1}/{len(DATA)}"
    assert got.headers["content-length"] == str(last - first)


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-5", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=a-b", "bytes=" + "9" * 99],
)
def test_any_other_range_gets_the_whole_file(client: TestClient, asked: str) -> None:
    got = client.get("/", headers={"Range": asked})

    assert (got.status_code, got.content) == (200, DATA)


def test_a_range_of_another_file_gets_the_whole_one(client: TestClient) -> None:
    headers = {"Range": "bytes=5-9", "If-Range": '"another"'}

    assert client.get("/", headers=headers).status_code == 200


def test_a_range_behind_the_end_is_refused_with_the_size(client: TestClient) -> None:
    got = client.get("/", headers={"Range": f"bytes={len(DATA)}-"})

    assert got.status_code == 416
    assert got.headers["content-range"] == f"bytes */{len(DATA)}"


class Counted(io.BytesIO):
    """A file that knows how much was read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=5-9"}, {"Range": "bytes=9999999-"}])
def test_it_is_read_in_pieces_and_closed(asked: dict[str, str]) -> None:
    file = Counted(DATA)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            assert len(message.get("body", b"")) <= PIECE_BYTES
            await send(message)

        await StoredFileResponse(OpenedFile(NAME, file, "image/png"), {})(scope, receive, sent)

    got = TestClient(app).get("/", headers=asked)

    assert file.closed
    assert file.taken == (0 if got.status_code == 416 else len(got.content))
