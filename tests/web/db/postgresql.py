"""A PostgreSQL server of our own, on a UNIX socket in a folder that is thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

# Nothing that it holds is to outlive the tests.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60")


def tools() -> Path | None:
    """The folder of initdb and postgres; None where there are none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((each for each in folders if (each / "postgres").exists()), None)


@contextmanager
def server(tools: Path) -> Iterator[Path]:
    """The folder of the socket of a server that runs."""
    # A folder of pytest's is too long for a socket, and closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="itp-", dir="/tmp"))
    account = _account()
    if account:
        os.chown(folder, account["user"], account["group"])
    data = folder / "data"
    made: list[str | Path] = [tools / "initdb", "-D", data, "-A", "trust", "-U", "tester"]
    options = ["listen_addresses=", f"unix_socket_directories={folder}", *HASTY]
    run: list[str | Path] = [tools / "postgres", "-D", data, *(f"-c{each}" for each in options)]
    try:
        subprocess.run(
            [*made, "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **account,
        )
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(run, stdout=log, stderr=log, cwd=folder, **account)
        try:
            _wait(folder)
            yield folder
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(folder: Path, name: str) -> str:
    """The URL of a new database of the server."""
    _execute(folder, f"CREATE DATABASE {name}")
    return f"postgresql://tester@/{name}?host={folder}"


def _wait(folder: Path) -> None:
    for _ in range(300):
        try:
            return _execute(folder, "SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


def _execute(folder: Path, statement: str) -> None:
    with psycopg.connect(f"host={folder} user=tester dbname=postgres", autocommit=True) as opened:
        opened.execute(statement.encode())


def _account() -> dict[str, Any]:
    """Whom to run it as: root it refuses."""
    if os.geteuid():
        return {}
    names = {each.pw_name: each for each in pwd.getpwall()}
    other = names.get("postgres") or names["nobody"]
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
