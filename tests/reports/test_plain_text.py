import io
import sys

import pytest

from imagetoprompt.reports.plain_text import (
    Line,
    aligned_rows,
    plain_line,
    print_lines,
    supports_color,
)


class Terminal(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return out


def test_lines_have_their_marks(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines(
        [Line("time", "head"), Line("day", "gone"), Line("night", "come"), Line("dog", "same")]
    )
    assert capsys.readouterr().out == "time\n- day\n+ night\n  dog\n"


def test_a_terminal_shows_them_in_color(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    print_lines([Line("night", "come")])
    assert "\x1b[32m+ night" in terminal.getvalue()


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    on_terminal(monkeypatch)
    assert supports_color()
    monkeypatch.setenv(name, value)
    assert not supports_color()


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert plain_line(Line("a\x1b[2Jb", "come")) == "+ a�[2Jb"


def test_columns_are_even() -> None:
    assert aligned_rows([("a", "bb"), ("ccc", "d")]) == ["a    bb", "ccc  d"]


def test_no_rows_are_no_lines() -> None:
    assert aligned_rows([]) == []
