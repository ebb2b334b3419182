import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bench.server.live import Live, serving
from pytest_socket import SocketBlockedError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request


SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
WIDE = {"width": 1440, "height": 900}
# What the page is told by its own server, and shows in words, the browser notes besides.
TOLD = re.compile(
    r"Failed to load resource: (the server responded with a status of (4|503)|net::ERR_CONNECTION)"
)


def _sockets() -> bool:
    try:
        socket.socket().close()
    except (SocketBlockedError, UserWarning):
        # Newer ones warn first, and here warnings are errors.
        return False
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra [browser]")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    if not _sockets():
        pytest.skip("needs sockets: run make test-browser")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server without limits, which also has an engine that is not there."""
    folder = tmp_path_factory.mktemp("server")
    away = {"diffusers_model": str(folder / "no-such-model"), "engines": "draft,echo"}
    with serving(folder, **away) as found:
        yield found


@pytest.fixture(scope="session")
def counting(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with three free uses a day."""
    with serving(tmp_path_factory.mktemp("counting"), free_uses="3", workers="1") as found:
        yield found


Open = Callable[..., "Page"]


@pytest.fixture
def visit(browser: "Browser", server: Live, tmp_path: Path) -> Iterator[Open]:
    """Opens a page for a new visitor; whatever the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(path: str = "/", at: Live = server, **how: Any) -> "Page":  # noqa: ANN401 - Playwright's own
        context = browser.new_context(**{"viewport": WIDE, "base_url": at.url, **how})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        _listen(page, at.url, wrong)
        page.goto(path)
        return page

    yield opened
    for number, context in enumerate(contexts):
        context.pages[0].screenshot(path=tmp_path / f"end-{number}.png")
        context.close()
    assert wrong == []


def _listen(page: "Page", home: str, wrong: list[str]) -> None:
    def heard(message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not TOLD.match(message.text):
            wrong.append(f"console: {message.text}")

    def asked(request: "Request") -> None:
        if not request.url.startswith((home, "blob:", "data:")):
            wrong.append(f"a request to {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", asked)


@pytest.fixture
def look(visit: Open) -> Open:
    """Brings an example and waits until all of its facts are there."""

    def looked(name: str = "coffee", **how: Any) -> "Page":  # noqa: ANN401 - Playwright's own
        page = visit(**how)
        page.click(f"#example-{name}")
        page.wait_for_selector("#layout[data-complete=yes]")
        return page

    return looked
