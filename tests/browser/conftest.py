import re
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from bench.server.live import Live, serving
from pytest_socket import SocketBlockedError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request


SWITCHES: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
WIDE: Final = {"width": 1440, "height": 900}
WAITS: Final = 30_000
"""Milliseconds within which the page does what it was asked, on a busy machine."""
FAILED: Final = pytest.StashKey[bool]()
SEEN: Final = pytest.StashKey[list[Path]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:  # noqa: ANN401
    for path in config.stash.get(SEEN, []):
        terminalreporter.write_line(f"seen at its end: {path}")


def _sockets() -> bool:
    try:
        socket.socket().close()
    except SocketBlockedError:
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
    """A server without limits but for size, which also has an engine that is not there."""
    folder = tmp_path_factory.mktemp("server")
    away = {"diffusers_model": str(folder / "no-such-model"), "engines": "draft,echo"}
    with serving(folder, max_megabytes="2", **away) as found:
        yield found


@pytest.fixture(scope="session")
def counting(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with three free uses a day."""
    with serving(tmp_path_factory.mktemp("counting"), free_uses="3", workers="1") as found:
        yield found


Open = Callable[..., "Page"]


@pytest.fixture
def visit(
    browser: "Browser", server: Live, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Opens a page for a new visitor; whatever the browser complains of fails the test.

    told: a pattern of what the browser may note besides, since the test is about just that.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(path: str = "/", at: Live = server, told: str = "$.", **how: Any) -> "Page":  # noqa: ANN401
        context = browser.new_context(**{"viewport": WIDE, "base_url": at.url, **how})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(WAITS)
        context.tracing.start()
        contexts.append(context)
        page = context.new_page()
        _listen(page, urlsplit(at.url).netloc, re.compile(told), wrong)
        page.goto(path)
        return page

    yield opened
    keeps = request.node.stash.get(FAILED, False) or bool(wrong)
    for number, context in enumerate(contexts):
        _close(context, tmp_path / f"end-{number}" if keeps else None, request.config)
    assert wrong == []


def _close(context: "BrowserContext", name: Path | None, config: pytest.Config) -> None:
    """End it; what was seen, and the way there, is kept under the name when there is one."""
    if name:
        context.pages[0].screenshot(path=name.with_suffix(".png"), full_page=True)
        context.tracing.stop(path=name.with_suffix(".zip"))
        config.stash.setdefault(SEEN, []).append(name.with_suffix(".png"))
    context.close()


def _listen(page: "Page", home: str, told: re.Pattern[str], wrong: list[str]) -> None:
    def heard(message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not told.search(message.text):
            wrong.append(f"console: {message.text}")

    def asked(request: "Request") -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data") and parts.netloc != home:
            wrong.append(f"a request to {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", asked)


@pytest.fixture(scope="session")
def brought(browser: "Browser", server: Live) -> Callable[[str], tuple[str, Any]]:
    """Brings an example once: the address of its page, and the cookies of who brought it."""
    known: dict[str, tuple[str, Any]] = {}

    def bring(name: str) -> tuple[str, Any]:
        if name not in known:
            context = browser.new_context(base_url=server.url)
            page = context.new_page()
            page.goto("/")
            page.click(f"#example-{name}")
            page.wait_for_selector("#desk[data-whole=yes]", timeout=WAITS)
            known[name] = urlsplit(page.url).path, context.storage_state()
            context.close()
        return known[name]

    return bring


@pytest.fixture
def look(visit: Open, brought: Callable[[str], tuple[str, Any]]) -> Open:
    """Opens the page of an example, all of whose facts are there, with the fields of an address."""

    def looked(name: str = "coffee", query: str = "", **how: Any) -> "Page":  # noqa: ANN401
        path, cookies = brought(name)
        return visit(f"{path}?{query}".rstrip("?"), storage_state=cookies, **how)

    return looked
