"""A real server of the page on a free port of this machine, for as long as a test needs it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
STARTS: Final = 120.0
"""Seconds within which the workers have loaded their networks, on a slow machine."""


class Served:
    """A running server: its address, and how to end it."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.process = port, process
        self.url = f"http://{HOST}:{port}"

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Served]:
    """A server that keeps its data in the folder; settings are those of docs/serving.md."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    own = {f"IMAGETOPROMPT_{name.upper()}": value for name, value in settings.items()}
    plain = {"IMAGETOPROMPT_DATA": str(folder), "IMAGETOPROMPT_REQUESTS_A_MINUTE": "100000"}
    command = [sys.executable, "-m", "imagetoprompt", "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **plain, **own}, stdout=log, stderr=log
        )
    try:
        _await(port, process)
        yield Served(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + STARTS
    while not _ready(port):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("The server did not start: see the file log in its folder.")
        time.sleep(0.1)


def _ready(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
