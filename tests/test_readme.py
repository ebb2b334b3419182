"""The commands and the Python of the README and of the manual run as they stand."""

import re
import shlex
from pathlib import Path

import pytest

from imagetoprompt.cli.main import main
from imagetoprompt.targets import TARGETS

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "docs/cli.md",
    "docs/python.md",
    "docs/transforming.md",
    "docs/editing.md",
    "docs/controls.md",
)


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


COMMANDS = [
    line
    for page in PAGES
    for block in blocks(page, "sh")
    for line in block.splitlines()
    if line.startswith("imagetoprompt ") and "doctor" not in line
]
# These write files and print their names; transform also prints its plan on standard error.
WRITING = tuple(
    line
    for line in COMMANDS
    if line.startswith(("imagetoprompt transform ", "imagetoprompt control "))
)
PROGRAMS = [block for page in PAGES for block in blocks(page, "python")]


@pytest.mark.parametrize("command", dict.fromkeys(c for c in COMMANDS if c not in WRITING))
def test_each_command_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as stopped:
        main(shlex.split(command)[1:])
    assert (stopped.value.code, capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("command", WRITING)
def test_each_command_that_writes_prints_the_names_of_its_files(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(shlex.split(command)[1:])
    assert stopped.value.code == 0
    names = capsys.readouterr().out.splitlines()
    assert names
    assert [name for name in names if not (tmp_path / name).is_file()] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_python_block_runs(
    program: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(program, "<a page>", "exec"), {})  # noqa: S102 - our own pages
    assert capsys.readouterr().err == ""


def test_the_pages_have_commands_and_programs() -> None:
    assert len(COMMANDS) > 10
    assert len(PROGRAMS) > 5


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "examples/README.md"])
def test_each_link_to_a_file_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r'\]\(([^)#\s]+)\)|src="([^"]+)"', text)
    files = [one or other for one, other in links if not (one or other).startswith("http")]
    here = (ROOT / page).parent
    assert [file for file in files if not (here / file).exists()] == []


def test_the_readme_has_a_row_for_each_target() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in TARGETS if f"| `{name}` |" not in readme] == []


def test_each_example_is_credited() -> None:
    credits_page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    pictures = sorted(path.name for path in (ROOT / "examples").glob("*.jpg"))
    assert [name for name in pictures if f"| `{name}` |" not in credits_page] == []
