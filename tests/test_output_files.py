from pathlib import Path

import pytest

from imagetoprompt import output_files


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    names = [
        output_files.write_new_file(tmp_path / "a.canny.png", data).name
        for data in (b"1", b"2", b"3")
    ]
    held = [(tmp_path / name).read_bytes() for name in names]
    assert (names, held) == (["a.canny.png", "a.canny-2.png", "a.canny-3.png"], [b"1", b"2", b"3"])


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, __: Path) -> Path:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        output_files.write_new_file(tmp_path / "a.png", b"1")
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_has_the_default_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    written = output_files.write_new_file(tmp_path / "maps" / "a.png", b"1")
    assert written.stat().st_mode == usual.stat().st_mode
