"""Callers who are slow, many or noisy, on a real server behind a UNIX socket."""

import asyncio
import logging
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import uvicorn

HEAD, TAKE, EACH = 0.4, 0.6, 5
WHOLE = b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
MEGABYTES = 20


async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/lump":
            lump = b"x" * 1_000_000 * MEGABYTES
            await send({"type": "http.response.body", "body": lump, "more_body": True})
        for _ in range(MEGABYTES if scope["path"] == "/large" else 0):
            await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
        await send({"type": "http.response.body", "body": b"fine"})


def served(place: str) -> "uvicorn.Server":
    import uvicorn  # noqa: PLC0415 - needs the extra [web]

    from imagetoprompt.web.middleware.slow_clients import GuardedConnection  # noqa: PLC0415

    config = uvicorn.Config(
        answer,
        uds=place,
        http=GuardedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        h11_max_incomplete_event_size=65_536,
        timeout_keep_alive=1,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    """The socket of a server whose patience is short."""
    from imagetoprompt.web.middleware import slow_clients  # noqa: PLC0415 - needs the extra [web]

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for name, value in (
            ("HEAD_SECONDS", HEAD),
            ("READ_SECONDS", TAKE),
            ("MAX_CONNECTIONS_PER_ADDRESS", EACH),
        ):
            patch.setattr(slow_clients, name, value)
        server = served(f"{folder}/s")
        thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"{folder}/s"
        server.should_exit = True
        thread.join()


def call(place: str, room: int = 0) -> socket.socket:
    called = socket.socket(socket.AF_UNIX)
    if room:
        called.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    called.settimeout(10)
    called.connect(place)
    return called


def fine(called: socket.socket) -> bool:
    """Whether the next answer is a good one; it is read to its end."""
    data = b""
    while not data.endswith(b"0\r\n\r\n"):
        data += called.recv(1000)
    return data.startswith(b"HTTP/1.1 200")


def rest(called: socket.socket) -> bytes:
    """Everything until the server hangs up."""
    data = b""
    try:
        while part := called.recv(1_000_000):
            data += part
    except ConnectionResetError:
        pass
    return data


def test_who_says_nothing_is_hung_up_on(place: str) -> None:
    begun = time.monotonic()
    with closing(call(place)) as called:
        assert rest(called) == b""

    assert HEAD * 0.9 < time.monotonic() - begun < 5


def test_a_head_that_drips_is_hung_up_on(place: str) -> None:
    begun = time.monotonic()
    with closing(call(place)) as called:
        try:
            for letter in WHOLE * 9:
                called.send(bytes([letter]).replace(b"\r", b"x").replace(b"\n", b"x"))
                time.sleep(0.02)
        except OSError:
            pass

    assert HEAD * 0.9 < time.monotonic() - begun < 5


def test_a_second_head_that_drips_is_hung_up_on(place: str) -> None:
    with closing(call(place)) as called:
        called.send(WHOLE)
        assert fine(called)
        called.send(b"GET ")
        begun = time.monotonic()
        rest(called)

    assert time.monotonic() - begun < HEAD + 0.8


def test_one_who_asks_in_time_is_served(place: str) -> None:
    with closing(call(place)) as called:
        for _ in range(3):
            called.send(WHOLE[:9])
            time.sleep(HEAD / 4)
            called.send(WHOLE[9:])
            assert fine(called)
            time.sleep(HEAD / 2)


def test_who_does_not_read_is_hung_up_on(place: str) -> None:
    with closing(call(place, room=4096)) as called:
        called.send(LARGE)
        time.sleep(TAKE + 0.5)
        got = rest(called)

    assert len(got) < MEGABYTES * 1_000_000


@pytest.mark.parametrize("path", [b"/large", b"/lump"])
def test_who_reads_slowly_but_steadily_gets_all(place: str, path: bytes) -> None:
    begun, got = time.monotonic(), 0
    with closing(call(place, room=65_536)) as called:
        called.send(
            LARGE.replace(b"/large", path).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        while part := called.recv(200_000):
            got += len(part)
            # Ten megabytes a second: each read in time, all of them in three times TAKE.
            time.sleep(max(0.0, got / 1e7 - (time.monotonic() - begun)))

    assert time.monotonic() - begun > 2.5 * TAKE
    assert got > MEGABYTES * 1_000_000


def test_who_takes_a_few_bytes_now_and_then_is_hung_up_on(place: str) -> None:
    begun, got = time.monotonic(), 0
    with closing(call(place, room=4096)) as called:
        called.send(LARGE)
        while time.monotonic() - begun < 2 * TAKE + 0.5:
            got += len(called.recv(500))
            time.sleep(0.05)
        got += len(rest(called))

    assert got < MEGABYTES * 1_000_000


def test_who_asks_for_a_websocket_is_answered_and_not_logged(
    place: str, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade = b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with caplog.at_level(logging.DEBUG), closing(call(place)) as called:
        called.send(WHOLE.replace(b"\r\n\r\n", upgrade))
        assert fine(called)

    assert not [record for record in caplog.records if record.name == "uvicorn.error"]


def test_who_reads_gets_all(place: str) -> None:
    with closing(call(place)) as called:
        called.send(LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

        assert len(rest(called)) > MEGABYTES * 1_000_000


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000, b"GET /" + b"a" * 200_000]
)
def test_a_flood_of_headers_is_refused(place: str, head: bytes) -> None:
    with closing(call(place)) as called:
        try:
            called.sendall(head)
        except OSError:
            return
        assert rest(called).startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))


def test_one_address_holds_so_many_and_no_more(place: str) -> None:
    time.sleep(0.1)
    held = [call(place) for _ in range(EACH + 3)]
    try:
        time.sleep(0.1)
        refused = 0
        for called in held[EACH:]:
            called.settimeout(0.1)
            refused += rest(called) == b""
    finally:
        for called in held:
            called.close()

    assert refused == 3
    with closing(call(place)) as called:
        called.send(WHOLE)
        assert fine(called)


def test_what_anybody_may_cause_is_not_in_the_log() -> None:
    from imagetoprompt.web.middleware.slow_clients import QuietFilter  # noqa: PLC0415 - needs the extra [web]
    from imagetoprompt.web.server import _logging  # noqa: PLC0415

    def kept(words: str) -> bool:
        return QuietFilter().filter(logging.makeLogRecord({"msg": words}))

    assert not kept("Invalid HTTP request received.")
    assert kept("Exception in ASGI application\n")
    assert _logging()["handlers"]["default"]["filters"] == ["quiet"]
