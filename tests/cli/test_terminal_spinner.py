import io
import time

import pytest

from imagetoprompt.cli import terminal as terminal_module
from imagetoprompt.cli.terminal import ERASE, spinner


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_spinner_comes_after_a_while_and_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_module, "DELAY_SECONDS", 0.0)
    terminal = Terminal()
    with spinner("looking", terminal):
        while "looking" not in terminal.getvalue():
            time.sleep(0.001)
    assert terminal.getvalue().startswith("\r⠋ looking")
    assert terminal.getvalue().endswith(ERASE)


def test_nothing_is_shown_for_what_is_quick() -> None:
    terminal = Terminal()
    with spinner("looking", terminal):
        pass
    assert terminal.getvalue() == ""


def test_nothing_is_shown_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_module, "DELAY_SECONDS", 0.0)
    file = io.StringIO()
    with spinner("looking", file):
        time.sleep(0.01)
    assert file.getvalue() == ""
