import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COFFEE = str(Path(__file__).parents[2] / "examples" / "coffee.jpg")
COMMAND = [sys.executable, "-m", "imagetoprompt"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii"])
def test_characters_that_the_encoding_lacks_are_replaced(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*COMMAND, "describe", "日本‽é.jpg"], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr[:15]) == (2, b"imagetoprompt: ")
    assert b"Traceback" not in done.stderr
    # click writes UTF-8 where the encoding is ASCII, as it takes that for a missing locale.
    assert (b"?" in done.stderr) == (encoding != "ascii")


def test_a_closed_standard_output_ends_quietly() -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *COMMAND, "targets"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_leaves_ends_the_run_with_141() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "targets"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_ctrl_c_while_modules_are_imported_ends_quietly() -> None:
    # The import of click raises the signal, which no clock has to hit.
    code = (
        "import os, signal, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'click': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from imagetoprompt.__main__ import run\n"
        "run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (128 + signal.SIGINT, b"")


def test_a_describe_writes_nothing_below_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ORT_"))}
    done = subprocess.run(
        [*COMMAND, COFFEE, "--json"],
        env={**plain, "HOME": str(home)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b'"facts"' in done.stdout) == (0, True)
    assert list(home.rglob("*")) == []
