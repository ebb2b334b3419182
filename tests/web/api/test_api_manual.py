"""The commands and the Python of docs/api.md run as they stand, against a server that listens."""

import functools
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> str:
    """All blocks of the page in a language, one after the other."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return "\n".join(found)


@pytest.fixture(scope="module")
def listening(app: "FastAPI") -> Iterator[str]:
    """The UNIX socket of a server: its path must be short."""
    uvicorn = pytest.importorskip("uvicorn", reason="needs the extra [web]")
    with tempfile.TemporaryDirectory(prefix="itp-") as folder:
        place = f"{folder}/api"
        server = uvicorn.Server(uvicorn.Config(app, uds=place, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield place
        server.should_exit = True
        thread.join()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_run(listening: str, here: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    # The page's address is the socket of the test.
    script = f'curl() {{ "{curl}" --fail --unix-socket "{listening}" "$@"; }}\n{blocks("sh")}'
    done = subprocess.run(
        ["bash", "-eu", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"emphasis":"composition"' in done.stdout
    assert '"state": "done"' in done.stdout
    assert (here / "watercolor.png").read_bytes().startswith(b"\x89PNG")


def test_the_program_runs(
    listening: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    transport = httpx.HTTPTransport(uds=listening)
    monkeypatch.setattr(httpx, "Client", functools.partial(httpx.Client, transport=transport))
    exec(compile(blocks("python"), "docs/api.md", "exec"), {})  # noqa: S102 - our own page
    shown = capsys.readouterr().out
    assert "subject a cat" in shown
    assert "done" in shown
    assert (here / "oil.png").read_bytes().startswith(b"\x89PNG")
