"""A server of our own, as a process: started, watched, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

STARTS: Final = 60.0
"""Seconds within which a server is ready."""


@dataclass
class Live:
    """A server that runs. log: the file that holds all that it printed."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path
    faults: list[str] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """Of its first process."""
        return self.process.pid

    def memory(self) -> tuple[float, float]:
        """Megabytes in memory: of the server itself, and of its workers together."""
        own, workers = resident(self.pid), [resident(pid) for pid in children(self.pid)]
        return own, sum(workers)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, and wait for the end; the exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        return self.process.wait(30)

    def said(self) -> str:
        """What it printed, without its greeting."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("ImageToPrompt on"))


@contextmanager
def serving(folder: Path, **given: str) -> Iterator[Live]:
    """A server with these settings, ready; its state is in the folder, unless they say otherwise.

    The settings are named as the environment has them, without the prefix; `processes` is the
    option of that name.
    """
    live = start(folder, **given)
    try:
        yield live
    finally:
        live.stop()


def start(folder: Path, processes: str = "1", **given: str) -> Live:
    """The same, to be stopped by the caller."""
    port = given.pop("port", "") or str(free_port())
    named = {"data": str(folder), "free_uses": "none", "requests_a_minute": "1000000", **given}
    settings = {f"IMAGETOPROMPT_{name.upper()}": value for name, value in named.items()}
    log = folder / f"server-{port}.log"
    command = [sys.executable, "-m", "imagetoprompt", "serve", "--port", port]
    with log.open("ab") as written:
        process = subprocess.Popen(
            [*command, "--processes", processes],
            env={**os.environ, **settings},
            stdout=written,
            stderr=written,
        )
    live = Live(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait(live)
    except BaseException:
        live.stop(signal.SIGKILL)
        raise
    return live


def _wait(live: Live) -> None:
    end = time.monotonic() + STARTS
    while time.monotonic() < end and live.process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{live.url}/health/ready", timeout=5).status_code == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{live.said()}")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def children(pid: int) -> list[int]:
    """Every process below this one."""
    found = [int(each) for task in _tasks(pid) for each in _read(task / "children").split()]
    return found + [below for each in found for below in children(each)]


def workers(pid: int) -> list[int]:
    """Those below it that do work for it: not the helpers of multiprocessing."""
    return [each for each in children(pid) if b"spawn_main" in _command(each)]


def resident(pid: int) -> float:
    """The megabytes of a process that are in memory; 0 when there is no such process."""
    fields = _read(Path(f"/proc/{pid}/statm")).split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if fields else 0.0


def busy(pid: int) -> float:
    """The seconds of computing that a process has had."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _tasks(pid: int) -> list[Path]:
    with suppress(OSError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text()
    return ""


def _command(pid: int) -> bytes:
    return _read(Path(f"/proc/{pid}/cmdline")).encode()
