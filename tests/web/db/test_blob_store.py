import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fsspec", reason="needs the extra [web]")

from fsspec.implementations.memory import MemoryFileSystem
from fsspec.registry import _registry

from imagetoprompt.errors import MissingPartError, SettingError
from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.server_errors import GoneError, StateError

NAME = "Kq3-_id.small.jpg"


@pytest.fixture(params=["folder", "file://", "memory://"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BlobStore]:
    places = {"folder": str(tmp_path / "[x]"), "file://": f"file://{tmp_path}"}
    yield BlobStore(places.get(request.param, "memory://files/here"))
    MemoryFileSystem.store.clear()


def held(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


def test_bytes_come_back(files: BlobStore) -> None:
    files.put(NAME, b"\x00bytes")
    assert (files.get(NAME), files.exists(NAME)) == (b"\x00bytes", True)


def test_a_file_can_be_read_in_pieces(files: BlobStore) -> None:
    files.put(NAME, b"abcdef")
    with files.open(NAME) as opened:
        assert [opened.read(4), opened.read(4)] == [b"abcd", b"ef"]


def test_the_last_one_of_a_name_stays(files: BlobStore) -> None:
    files.put(NAME, b"long before")
    files.put(NAME, b"after")
    assert files.get(NAME) == b"after"


def test_one_that_is_not_there_is_gone(files: BlobStore) -> None:
    with pytest.raises(GoneError, match="The file 'ab"):
        files.get("ab.png")
    with pytest.raises(GoneError):
        files.open("ab.png")
    assert not files.exists("ab.png")


def test_files_are_deleted_once(files: BlobStore) -> None:
    files.put(NAME, b"1")
    assert (files.delete([NAME, "ab.png"]), files.delete([NAME])) == (1, 0)
    assert not files.exists(NAME)


def test_every_file_of_a_row_is_deleted_and_no_other(files: BlobStore) -> None:
    gone = ["abc.whole", "abc.small.jpg", "abc.step-3.webp", "xyz.png"]
    stay = ["abcd.png", "ab.png", "zz.png"]
    for name in gone + stay:
        files.put(name, b"1")
    assert files.delete_of(["abc", "xyz", "none"]) == 4
    assert [name for name in gone + stay if files.exists(name)] == stay


@pytest.mark.parametrize(
    "name",
    [
        "",
        "noending",
        "a.png",
        "../etc.passwd",
        "ab/../cd.png",
        "/etc/passwd.png",
        "..",
        ".ab.png",
        "ab..png",
        "ab.png\n",
        "ab.png\0",
        "ab.p/g",
        "ab.p\\g",
        "C:.png",
        "äb.png",
        "ab.PNG",
        "s3://bucket/ab.png",
        "ab.png?version=1",
        "*.png",
        f"{'a' * 65}.png",
        f"ab.{'a' * 33}",
        "ab.a.b.c.d",
    ],
)
def test_other_names_are_refused(files: BlobStore, name: str) -> None:
    with pytest.raises(GoneError, match="the name is not valid"):
        files.put(name, b"1")
    with pytest.raises(GoneError, match="the name is not valid"):
        files.get(name)
    with pytest.raises(GoneError, match="the name is not valid"):
        files.delete([name])


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = BlobStore(str(tmp_path))
    files.put(NAME, b"before")

    def full(_: Path, __: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StateError, match="cannot be read or written: No space left on device"):
        files.put(NAME, b"after")
    assert (held(tmp_path), files.get(NAME)) == ([NAME], b"before")


def test_what_a_killed_process_left_goes_with_its_row(tmp_path: Path) -> None:
    files = BlobStore(str(tmp_path))
    files.put("abc.png", b"1")
    (tmp_path / "ab" / "abc.png.x_y.part").write_bytes(b"half")
    assert files.delete_of(["abc"]) == 2
    assert held(tmp_path) == []


def test_pictures_are_their_owners_alone(tmp_path: Path) -> None:
    BlobStore(str(tmp_path)).put("abc.png", b"1")
    assert stat.S_IMODE((tmp_path / "ab" / "abc.png").stat().st_mode) == 0o600


def test_a_place_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise ConnectionError("nobody there")

    files = BlobStore("memory://files/here")
    for method in ("pipe_file", "cat_file", "info", "ls"):
        monkeypatch.setattr(MemoryFileSystem, method, silent)
    for ask in (
        lambda: files.put(NAME, b"1"),
        lambda: files.get(NAME),
        lambda: files.exists(NAME),
        lambda: files.delete_of(["abc"]),
    ):
        with pytest.raises(StateError, match="cannot be read or written: nobody there"):
            ask()


def test_a_bucket_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError("The specified bucket does not exist")

    monkeypatch.setattr(MemoryFileSystem, "pipe_file", gone)
    with pytest.raises(
        StateError, match="The folder or bucket of the files is gone: '/files/here'"
    ):
        BlobStore("memory://files/here").put(NAME, b"1")


def test_a_bucket_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    s3fs = pytest.importorskip("s3fs", reason="needs the extra [s3]")
    exceptions = pytest.importorskip("botocore.exceptions")

    def silent(*_: object) -> None:
        raise exceptions.EndpointConnectionError(endpoint_url="https://nowhere")

    monkeypatch.setattr(s3fs.S3FileSystem, "cat_file", silent, raising=False)
    with pytest.raises(StateError, match="Could not connect to the endpoint"):
        BlobStore("s3://bucket/files").get(NAME)


def test_what_opens_a_bucket_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(_registry, "s3", raising=False)
    with pytest.raises(MissingPartError, match=r"pip install '\.\[s3\]'"):
        BlobStore("s3://bucket/files")


def test_an_unknown_kind_of_place_is_refused() -> None:
    with pytest.raises(SettingError, match="cannot be stored at 'nonsense://x'"):
        BlobStore("nonsense://x")
