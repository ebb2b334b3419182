"""`python -m bench.server.hostile`: what one address can take from a server and its other visitors.

    python -m bench.server.hostile            all, about four minutes
    python -m bench.server.hostile readers    only the measurements whose name holds the word

Every visitor has an address of its own on the loopback (127.0.0.2 and so on; Linux only). Each
measurement prints one line and is written to bench/out/hostile.json.
"""

import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from bench.pictures import enlarged
from bench.server.live import Live, serving
from bench.timing import machine

OUT: Final = Path(__file__).parent.parent / "out" / "hostile.json"
LARGE_BYTES: Final = 42_000_000
"""A painted result of 14 megapixels, as PNG."""
READERS: Final = 60
WATCHED_SECONDS: Final = 15
SLOW_BYTES_A_SECOND: Final = 1_000_000
"""8 Mbit/s, a common mobile line."""
CROWD: Final = 34
"""Requests at once: more than the default server with two workers admits (26)."""
TRIES: Final = 37
PICTURES: Final = 12
"""So many that no comparison of three comes twice."""
USES: Final = 2
SIDE_DOORS: Final = 20
MAX_TRIES_SECONDS: Final = 90


def visitor(live: Live, number: int) -> httpx.Client:
    """A client whose requests come from 127.0.0.<number>."""
    transport = httpx.HTTPTransport(local_address=f"127.0.0.{number}")
    return httpx.Client(base_url=live.url, timeout=90, transport=transport)


def store(client: httpx.Client, data: bytes) -> str:
    """The id of a picture that is stored but not described."""
    got = client.post("/api/v1/pictures", content=data)
    got.raise_for_status()
    return str(got.json()["picture"])


def large(live: Live, folder: Path) -> str:
    """The id of a picture whose file has LARGE_BYTES: its file is replaced in the file store."""
    with visitor(live, 2) as client:
        picture = store(client, _pictures(folder)[0])
    (file,) = folder.glob(f"files/*/{picture}.whole")
    file.write_bytes(b"x" * LARGE_BYTES)
    return picture


def asked(live: Live, picture: str, room: int, header: str = "") -> socket.socket:
    """A connection that has asked for the whole file. room: bytes of its receive buffer."""
    address = httpx.URL(live.url)
    called = socket.socket()
    called.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    called.settimeout(60)
    called.connect((address.host, address.port or 80))
    path = f"/api/v1/pictures/{picture}/image"
    called.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{header}\r\n".encode())
    return called


def readers(folder: Path) -> dict[str, Any]:
    """Memory of the web process while READERS have asked for a large file and read nothing."""
    with serving(folder) as live, ExitStack() as stack:
        picture = large(live, folder)
        before = most = live.memory()[0]
        for _ in range(READERS):
            stack.enter_context(asked(live, picture, 4096))
        end = time.monotonic() + WATCHED_SECONDS
        while time.monotonic() < end:
            most = max(most, live.memory()[0])
            time.sleep(0.2)
    return {"megabytes before": round(before), "megabytes at most": round(most)}


def slow(folder: Path) -> dict[str, Any]:
    """How much of a large file a reader on a slow line gets, and whether a range is answered."""
    with serving(folder) as live:
        picture = large(live, folder)
        begun, got = time.monotonic(), 0
        with asked(live, picture, 65_536, "Connection: close\r\n") as called, suppress(OSError):
            while part := called.recv(SLOW_BYTES_A_SECOND // 10):
                got += len(part)
                time.sleep(max(0.0, got / SLOW_BYTES_A_SECOND - (time.monotonic() - begun)))
        seconds = time.monotonic() - begun
        with visitor(live, 2) as client:
            path, header = f"/api/v1/pictures/{picture}/image", {"Range": "bytes=1000-1999"}
            part_status = client.get(path, headers=header).status_code
    complete = got >= LARGE_BYTES
    return {
        "megabytes": round(got / 1e6, 1),
        "complete": complete,
        "seconds": round(seconds),
        "status of a range": part_status,
    }


def crowd(folder: Path) -> dict[str, Any]:
    """How another visitor is answered while one address sends CROWD requests at once."""
    open_to_all = {"host": "0.0.0.0", "free_uses": "100000", "requests_a_minute": "100000"}  # noqa: S104
    with serving(folder, **open_to_all) as live:
        data = enlarged(folder, 1.0)[0].read_bytes()
        with visitor(live, 2) as attacker:
            ids = [store(attacker, data) for _ in range(PICTURES)]
        stop = threading.Event()
        attack: Counter[int] = Counter()
        with ThreadPoolExecutor(CROWD) as pool:
            for number in range(CROWD):
                pool.submit(_attack, live, random.Random(number), ids, stop, attack)  # noqa: S311
            time.sleep(1)
            tries = _tries(live, data)
            stop.set()
    return {"tries": dict(tries), "attacker": dict(attack)}


def _attack(
    live: Live, dice: random.Random, ids: list[str], stop: threading.Event, attack: Counter[int]
) -> None:
    """Compare pictures, each time others and with a new cookie, as a hostile client would."""
    with visitor(live, 2) as client:
        while not stop.is_set():
            client.cookies.clear()
            names = ("reference", "result", "mask")
            body = dict(zip(names, dice.sample(ids, 3), strict=True))
            attack[client.post("/api/v1/compare", json=body).status_code] += 1
            time.sleep(0.05)


def _tries(live: Live, data: bytes) -> Counter[str]:
    tries: Counter[str] = Counter()
    slowest, end = 0.0, time.monotonic() + MAX_TRIES_SECONDS
    with visitor(live, 3) as client:
        for _ in range(TRIES):
            begun = time.monotonic()
            tries[str(client.post("/api/v1/describe", content=data).status_code)] += 1
            slowest = max(slowest, time.monotonic() - begun)
            if time.monotonic() > end:
                break
            time.sleep(0.2)
    return tries + Counter({"slowest, tenths of a second": round(10 * slowest)})


def side_door(folder: Path) -> dict[str, Any]:
    """How many pictures are looked at anew for a visitor who has no use left."""
    with serving(folder, free_uses=str(USES)) as live, visitor(live, 2) as client:
        data = _pictures(folder)[0]
        for _ in range(USES):
            client.post("/api/v1/describe", content=data).raise_for_status()
        refused = client.post("/api/v1/describe", content=data).status_code
        answers: Counter[int] = Counter()
        for _ in range(SIDE_DOORS):
            picture = store(client, data)
            body = {"reference": picture, "result": picture}
            answers[client.post("/api/v1/compare", json=body).status_code] += 1
    return {"describe": refused, "compare": dict(answers)}


def _pictures(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in enlarged(folder, 0.3)]


MEASUREMENTS: Final[dict[str, Callable[[Path], dict[str, Any]]]] = {
    "readers": readers,
    "slow": slow,
    "crowd": crowd,
    "side door": side_door,
}


def main() -> int:
    """Measure, print and write; the exit code is 0."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    results: dict[str, Any] = {"machine": machine()}
    for name, measure in MEASUREMENTS.items():
        if word in name:
            with tempfile.TemporaryDirectory(prefix="itp-", dir="/tmp") as folder:
                results[name] = measure(Path(folder))
            print(f"{name}: {results[name]}", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
