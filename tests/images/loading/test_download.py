"""A real server on loopback, which the fetcher only reaches because each test lets it."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from tests.images.loading.encoded_images import encoded, quarters

from imagetoprompt.errors import FetchError, PictureError, TooLargeError
from imagetoprompt.images.loading.download import NetworkAccess, fetch
from imagetoprompt.images.picture import open_picture
from imagetoprompt.settings import settings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

Answer = Callable[[BaseHTTPRequestHandler], None]
PICTURE = encoded(quarters(), "PNG")


class Server:
    """Answers on loopback; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: dict[str, Answer] = {"/picture.png": plain(PICTURE)}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append({"path": self.path, **dict(self.headers.items())})
                server.answers[self.path.partition("?")[0]](self)

            def log_message(self, *words: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port

    def url(self, path: str = "/picture.png", host: str = "pictures.example") -> str:
        return f"http://{host}:{self.port}{path}"


def plain(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": "image/png", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.http.shutdown()
    thread.join()
    made.http.server_close()


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def limit(**values: float) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"IMAGETOPROMPT_{name.upper()}", str(value))
        settings.cache_clear()

    yield limit
    monkeypatch.undo()
    settings.cache_clear()


def here(host: str, port: int) -> list[str]:
    """A resolver for which every name is this machine."""
    return ["127.0.0.1"]


LOCAL = NetworkAccess(here, lambda address: address == "127.0.0.1")


def test_a_picture_is_fetched(server: Server) -> None:
    assert fetch(server.url(), LOCAL) == PICTURE


def test_the_host_of_the_url_is_asked_not_its_address(server: Server) -> None:
    fetch(server.url("/picture.png?size=1#part"), LOCAL)

    asked = server.asked[0]
    assert (asked["Host"], asked["path"]) == (
        f"pictures.example:{server.port}",
        "/picture.png?size=1",
    )


def test_nothing_of_the_user_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.answers["/first"] = plain(b"", 302, Location="/picture.png", Set_Cookie="a=b")

    fetch(server.url("/first"), LOCAL)

    names = {name for asked in server.asked for name in asked}
    assert names == {"path", "Host", "Accept", "Accept-Encoding", "User-Agent"}


def test_loopback_is_refused_without_being_asked(server: Server) -> None:
    with pytest.raises(FetchError, match=r"'pictures\.example' is not on the public internet"):
        fetch(server.url(), NetworkAccess(resolve=here))

    assert server.asked == []


@pytest.mark.parametrize("port", ["99999", "65536", "0", "-1", "99999999999999999999"])
def test_a_port_that_does_not_exist_is_refused_in_a_url_and_in_a_redirect(
    server: Server, port: str
) -> None:
    impossible = f"http://pictures.example:{port}/"
    server.answers["/moved"] = plain(b"", 302, Location=impossible)

    for url in (impossible, server.url("/moved")):
        with pytest.raises(FetchError, match=f"There is no port {port}"):
            fetch(url, LOCAL)
    assert [asked["path"] for asked in server.asked] == ["/moved"]


def test_the_address_itself_is_refused(server: Server) -> None:
    with pytest.raises(FetchError, match=r"'127\.0\.0\.1' is not on the public internet"):
        open_picture(server.url(host="127.0.0.1"))


def test_one_private_address_among_public_ones_is_enough_to_refuse(server: Server) -> None:
    net = NetworkAccess(resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])

    with pytest.raises(FetchError, match="not on the public internet"):
        fetch(server.url(), net)


def test_a_name_that_changes_its_mind_gains_nothing(server: Server) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    net = NetworkAccess(lambda host, port: next(answers), LOCAL.allows)

    fetch(server.url(), net)

    assert (len(server.asked), next(answers)) == (1, ["10.0.0.1"])


def test_a_redirect_is_checked_again(server: Server) -> None:
    server.answers["/away"] = plain(b"", 302, Location="http://inside.example/secret")
    known = {"pictures.example": ["127.0.0.1"], "inside.example": ["169.254.169.254"]}

    with pytest.raises(FetchError, match=r"'inside\.example' is not on the public internet"):
        fetch(server.url("/away"), NetworkAccess(lambda host, port: known[host], LOCAL.allows))


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("file:///etc/passwd", "Only http and https"),
        ("ftp://127.0.0.1/x", "Only http and https"),
        ("http://me:secret@pictures.example/", "user name or password"),
        ("http://[::1", "not a URL"),
    ],
)
def test_a_redirect_to_something_else_is_refused(
    server: Server, location: str, message: str
) -> None:
    server.answers["/away"] = plain(b"", 301, Location=location)

    with pytest.raises(FetchError, match=message):
        fetch(server.url("/away"), LOCAL)


def test_redirects_without_end_are_refused(server: Server) -> None:
    server.answers["/round"] = plain(b"", 307, Location="/round")

    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetch(server.url("/round"), LOCAL)


def test_a_length_over_the_limit_is_refused_unread(
    server: Server, limits: Callable[..., None]
) -> None:
    limits(max_megabytes=0.001)
    server.answers["/big"] = plain(b"", Content_Length="1001")

    with pytest.raises(TooLargeError, match=r"more than 0\.001 MB: shrink it, or raise"):
        fetch(server.url("/big"), LOCAL)


def test_bytes_are_counted_whatever_was_promised(
    server: Server, limits: Callable[..., None]
) -> None:
    limits(max_megabytes=0.001)
    server.answers["/big"] = plain(b"x" * 5000)

    with pytest.raises(TooLargeError, match="more than"):
        fetch(server.url("/big"), LOCAL)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Headers that never end, a few bytes at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        try:
            handler.wfile.write(f"X-{number}: 1\r\n".encode())
        except OSError:
            return
        time.sleep(0.05)


def test_a_server_that_drips_is_left_at_the_deadline(
    server: Server, limits: Callable[..., None]
) -> None:
    limits(fetch_seconds=0.4)
    server.answers["/slow"] = drip
    started = time.monotonic()

    with pytest.raises(TooLargeError, match=r"took longer than 0\.4 s"):
        fetch(server.url("/slow"), LOCAL)

    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (plain(b"", 404), "answered with status 404: check the URL"),
        (plain(b"<p>", Content_Type="text/html"), "answered with a web page: give the URL of"),
        (plain(b""), "is empty: give a picture"),
    ],
)
def test_an_answer_without_a_picture_is_refused(
    server: Server, answer: Answer, message: str
) -> None:
    server.answers["/other"] = answer

    with pytest.raises(PictureError, match=message):
        fetch(server.url("/other"), LOCAL)


def test_a_port_where_nobody_listens_is_refused(server: Server) -> None:
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetch("http://pictures.example:1/picture.png", LOCAL)


def test_the_next_address_is_tried(server: Server) -> None:
    net = NetworkAccess(lambda host, port: ["127.0.0.2", "127.0.0.1"], lambda address: True)

    assert fetch(server.url(), net) == PICTURE


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://pictures.example/a.png", "'ftp' URLs are not supported"),
        ("file:///etc/passwd", "'file' URLs are not supported"),
        ("http://me@pictures.example/a.png", "user name or password"),
        ("http://", "with a host"),
        ("http://\x00/", "not a URL"),
    ],
)
def test_what_is_no_plain_url_is_refused(url: str, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        open_picture(url)


def test_the_name_of_the_host_is_what_its_certificate_must_show(server: Server) -> None:
    names: list[Any] = []

    class Context:
        def wrap_socket(self, socket: Any, *, server_hostname: str) -> Any:  # noqa: ANN401
            names.append(server_hostname)
            raise OSError("enough seen")

        def set_alpn_protocols(self, protocols: list[str]) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", Context)
        with pytest.raises(FetchError, match="enough seen"):
            fetch(server.url().replace("http:", "https:"), LOCAL)

    assert names == ["pictures.example"]
