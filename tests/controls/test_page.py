"""What docs/controls.md shows runs, and prints what it says."""

import re
from pathlib import Path

import pytest

from imagetoprompt.controls import CONTROLS

PAGE = Path("docs/controls.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PRINTED = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_its_python_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    for block in BLOCKS:
        exec(block, {})  # noqa: S102
    assert PRINTED is not None
    assert capsys.readouterr().out == f"(512, 512, 3) pose\n{PRINTED[1]}"


def test_it_lists_every_kind() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|[^|]*\|$", PAGE, re.MULTILINE)
    assert listed[: len(CONTROLS.names())] == list(CONTROLS.names())
