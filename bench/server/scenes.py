"""The scenes of `bench.server.failures`: each does harm to a server, and says what came of it.

AssertionError when what came of it is not what is promised.
"""

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tests.web.db import postgresql

from bench.pictures import EXAMPLES
from bench.server.caller import Caller
from bench.server.live import Live, busy, resident, serving, start, workers

SMALL: Final = (EXAMPLES / "coffee.jpg").read_bytes()


def worker_dies_while_it_looks(folder: Path) -> str:
    """The visitor gets one sentence; the next is served."""
    with serving(folder, workers="1") as live, Caller(live.url) as caller:
        slow = _large(60)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(caller.describe, slow)
            time.sleep(0.8)
            _kill_busiest(live)
            got = asked.result()
        _expect(503, got.status_code, got.text)
        assert got.headers["retry-after"], "without a time to try again"
        with Caller(live.url) as other:
            after = other.describe(SMALL)
        _expect(200, after.status_code, after.text)
        _clean(live, 1)
        return f"503 {got.json()['detail']!r}; the next visitor got 200"


def worker_dies_while_it_paints(folder: Path) -> str:
    """The job is begun again, and done."""
    with serving(folder) as live, Caller(live.url) as caller:
        job = caller.paint(caller.picture(_large(6)))
        caller.until(job, "running")
        time.sleep(0.7)
        _kill_busiest(live)
        told = caller.until(job)
        _expect("done", told["state"], str(told))
        _clean(live, 1)
        return "the job was begun again and is done"


def server_dies_while_it_paints(folder: Path) -> str:
    """After a restart the job is done and the pictures are there."""
    with Caller(seconds=90) as caller:
        live = start(folder)
        caller.move(live.url)
        picture = caller.picture(_large(6))
        job = caller.paint(picture)
        caller.until(job, "running")
        below = workers(live.pid)
        live.stop(signal.SIGKILL)
        time.sleep(1)
        _expect(0.0, sum(map(resident, below)), "megabytes of workers that outlive it")
        with serving(folder) as again:
            caller.move(again.url)
            begun = time.monotonic()
            told = caller.until(job)
            _expect("done", told["state"], str(told))
            for each in (picture, told["result"]["picture"]):
                _expect(200, caller.ask("GET", f"/p/{each}/whole").status_code, each)
            _clean(again, 0)
            return f"done {time.monotonic() - begun:.0f} s after the restart; both pictures there"


def server_is_stopped_while_it_paints(folder: Path) -> str:
    """The job is given back at once and done after the restart."""
    with Caller() as caller:
        live = start(folder)
        caller.move(live.url)
        job = caller.paint(caller.picture(_large(6)))
        caller.until(job, "running")
        begun = time.monotonic()
        code = live.stop()
        took = time.monotonic() - begun
        with serving(folder) as again:
            caller.move(again.url)
            told = caller.until(job, "running", seconds=15)
            assert told["state"] in ("running", "done"), str(told)
            told = caller.until(job)
            _expect("done", told["state"], str(told))
            _clean(again, 0)
        return f"stopped in {took:.1f} s with code {code}; taken up again at once, and done"


def two_servers_on_one_postgresql(folder: Path) -> str:
    """One line, one quota, one album, whichever is asked."""
    with _postgresql() as url, ExitStack() as stack:
        shared = {"database": url, "files": str(folder / "files"), "free_uses": "6"}
        lives = [stack.enter_context(serving(folder, **shared)) for _ in range(2)]
        return _shared(*(live.url for live in lives)) + _quiet(lives)


def two_processes_on_one_sqlite(folder: Path) -> str:
    """The same with `--processes 2`."""
    with serving(folder, processes="2", free_uses="6") as live:
        return _shared(live.url) + _quiet([live])


def database_is_away(folder: Path) -> str:
    """503 with a time while it is, and all is well after."""
    with _postgresql() as url, Caller() as caller:
        live = start(folder, database=url)
        caller.move(live.url)
        try:
            picture = caller.picture(SMALL)
            with _away(url):
                codes = [
                    caller.ask("GET", f"/p/{picture}").status_code,
                    caller.ask("GET", "/health/ready").status_code,
                    caller.describe(SMALL).status_code,
                    caller.ask("GET", "/", headers={"Authorization": "Bearer x"}).status_code,
                ]
                _expect([503] * 4, codes, "while it is away")
                _expect(200, caller.ask("GET", "/health/live").status_code, "live")
            back = _until(lambda: caller.ask("GET", f"/p/{picture}").status_code == 200)
            told = caller.until(caller.paint(picture))
            _expect("done", told["state"], str(told))
            lines = live.said().splitlines()
            assert not any("Traceback" in line for line in lines), live.said()
            return (
                f"503 while away, 200 again after {back:.1f} s, a painting done; log {len(lines)}"
            )
        finally:
            live.stop()


def disk_is_full(folder: Path) -> str:
    """503 in one sentence, no half pictures, and all is well when there is room."""
    full = folder / "files"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", full], check=True)
    try:
        with serving(folder, files=str(full)) as live, Caller(live.url) as caller:
            got = caller.describe(_large(2))
            _expect(503, got.status_code, got.text)
            left = [path for path in full.rglob("*") if path.is_file()]
            _expect([], left, "half a picture is left")
            _expect(0, caller.ask("GET", "/").text.count('/small.jpg"') - 7, "in the history")
            subprocess.run(["mount", "-o", "remount,size=64m", full], check=True)
            after = caller.describe(SMALL)
            _expect(200, after.status_code, after.text)
            _clean(live, 1)
            return f"503 {got.json()['detail']!r}; no files left; 200 when there is room"
    finally:
        subprocess.run(["umount", "-l", full], check=False)


def folder_cannot_be_written(folder: Path) -> str:
    """The same when the folder of files is none."""
    (folder / "files").write_text("no folder")
    with serving(folder) as live, Caller(live.url) as caller:
        got = caller.bring(SMALL)
        _expect(503, got.status_code, got.text)
        _expect(200, caller.ask("GET", "/").status_code, "the page")
        _clean(live, 1)
        return f"503 {got.json()['detail']!r}"


SCENES: Final[Mapping[str, Callable[[Path], str]]] = {
    name.replace("_", " "): scene
    for name, scene in list(globals().items())
    if callable(scene) and getattr(scene, "__annotations__", {}).get("folder") is Path
    if not name.startswith("_") and scene.__module__ == __name__
}


def _shared(*urls: str) -> str:
    with Caller(*urls) as caller:
        picture = caller.picture(SMALL)
        _expect([200] * 4, [caller.ask("GET", f"/p/{picture}").status_code for _ in range(4)], "")
        jobs = [caller.paint(picture) for _ in range(3)]
        states = [caller.until(job)["state"] for job in jobs]
        _expect(["done"] * 3, states, "jobs")
        with ThreadPoolExecutor(4) as pool:
            others = [Caller(*urls) for _ in range(4)]
            codes = list(pool.map(lambda each: each.describe(SMALL).status_code, others))
        _expect([200, 200, 429, 429], sorted(codes), "uses of one address")
    return "pages everywhere; 3 jobs done, each once; the uses were counted together"


def _large(megapixels: float) -> bytes:
    """A picture of that size, busy enough to take its time."""
    image = Image.open(EXAMPLES / "coffee.jpg")
    scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
    buffer = io.BytesIO()
    size = round(image.width * scale), round(image.height * scale)
    image.resize(size).save(buffer, "PNG" if megapixels > 10 else "JPEG", compress_level=1)
    return buffer.getvalue()


def _kill_busiest(live: Live) -> None:
    before = {pid: busy(pid) for pid in workers(live.pid)}
    time.sleep(0.2)
    os.kill(max(before, key=lambda pid: busy(pid) - before[pid]), signal.SIGKILL)


def _expect(wanted: object, got: object, why: str) -> None:
    assert wanted == got, f"{got!r} instead of {wanted!r}: {why}"


def _clean(live: Live, most: int) -> None:
    """The log has at most so many lines, and no traceback."""
    lines = live.said().splitlines()
    assert len(lines) <= most, "\n".join(lines)


def _quiet(lives: list[Live]) -> str:
    said = "".join(live.said() for live in lives)
    assert not said, said
    return "; logs empty"


def _until(good: Callable[[], bool], seconds: float = 40) -> float:
    begun = time.monotonic()
    while not good():
        assert time.monotonic() < begun + seconds, "it does not come back"
        time.sleep(0.3)
    return time.monotonic() - begun


@contextmanager
def _postgresql() -> Iterator[str]:
    tools = postgresql.tools()
    assert tools is not None, "needs PostgreSQL: there is no initdb on this machine"
    with postgresql.server(tools) as folder:
        yield postgresql.database(folder, "bench")


@contextmanager
def _away(url: str) -> Iterator[None]:
    """The database server does not run, then it does again."""
    folder = Path(url.rpartition("host=")[2])
    tools: Any = postgresql.tools()
    account = postgresql._account()
    control = [str(tools / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    options = f"-c listen_addresses= -c unix_socket_directories={folder}"
    subprocess.run([*control, "-m", "fast", "stop"], check=True, capture_output=True, **account)
    try:
        yield
    finally:
        subprocess.run(
            [*control, "-o", options, "-l", str(folder / "log2"), "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **account,
        )
