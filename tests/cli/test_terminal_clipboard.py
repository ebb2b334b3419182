import base64
import io
import stat
from pathlib import Path

import pytest

from imagetoprompt.cli.terminal import copy
from imagetoprompt.errors import MissingPartError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine whose only commands are those put into the folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def command(folder: Path, name: str, code: int = 0) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n/bin/cat > {folder}/copied\nexit {code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_the_terminal_is_asked_by_osc_52(bare: Path) -> None:
    terminal = Terminal()
    assert copy("a red barn", terminal) == "the terminal"
    coded = base64.b64encode(b"a red barn").decode()
    assert terminal.getvalue() == f"\x1b]52;c;{coded}\x07"


def test_the_systems_command_gets_the_text(bare: Path) -> None:
    command(bare, "pbcopy")
    assert copy("a red barn", Terminal()) == "pbcopy"
    assert (bare / "copied").read_text() == "a red barn"


def test_a_command_without_its_display_is_passed_over(bare: Path) -> None:
    command(bare, "xclip")
    assert copy("a red barn", Terminal()) == "the terminal"


def test_a_command_that_fails_is_followed_by_the_terminal(bare: Path) -> None:
    command(bare, "pbcopy", code=1)
    assert copy("a red barn", Terminal()) == "the terminal"


def test_over_ssh_the_terminal_is_asked(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "there")
    command(bare, "pbcopy")
    assert copy("a red barn", Terminal()) == "the terminal"


def test_no_clipboard_is_an_error_that_names_the_remedy(bare: Path) -> None:
    with pytest.raises(MissingPartError, match="install wl-clipboard or xclip"):
        copy("a red barn", io.StringIO())
