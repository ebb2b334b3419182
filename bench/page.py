"""`python -m bench.page`: speed and size of the page, in a real browser on this machine.

Needs the extra [browser] and Chromium. It only measures; behavior is tested in tests/browser.
"""

import gzip
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.server.live import serving
from bench.timing import Times, machine

ROOT: Final = Path(__file__).parent.parent
STATIC: Final = ROOT / "src" / "imagetoprompt" / "web" / "static"
PICTURE: Final = ROOT / "examples" / "astronaut.jpg"
CHROMIUM_SWITCHES: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VISIT_COUNT: Final = 7
# Milliseconds that a person takes, at the least, between two actions.
PAUSE_MS: Final = 1000
VIEWPORT: Final = {"width": 1440, "height": 900}
BUDGETS: Final = {
    "first paint": "1000 ms",
    "measured facts after an upload": "1000 ms",
    "all facts after an upload": "1500 ms",
    "another generator": "100 ms",
    "a fact edited": "100 ms",
    "a preset chosen": "100 ms",
    "undo": "100 ms",
}
# Cumulative layout shift (CLS) from the first moment on.
LAYOUT_SHIFT: Final = """window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (!shift.hadRecentInput) window.layoutShift += shift.value;
  }
}).observe({ type: "layout-shift", buffered: true });"""
FIRST_PAINT_SCRIPT: Final = (
    "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
)
# Number of responses for the page, and their bytes over the wire.
TRANSFER_SCRIPT: Final = """() => {
  const all = [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")];
  return [all.length, all.reduce((sum, each) => sum + each.transferSize, 0)];
}"""
# From the key press until the frame with the answer is painted: the first task after a frame's
# callbacks and painting.
KEY_TO_FRAME: Final = """() => { window.answered = new Promise((done) => {
  let pressed = 0;
  document.addEventListener("keydown", (event) => { pressed = event.timeStamp; },
    { once: true, capture: true });
  document.addEventListener("page:swapped", () => requestAnimationFrame(() => {
    const next = new MessageChannel();
    next.port1.onmessage = () => done(performance.now() - pressed);
    next.port2.postMessage(0);
  }), { once: true });
}); }"""


def main() -> None:
    """Start a server, visit it, and print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as live,
        browser() as chromium,
    ):
        _visit(chromium, live.url)  # warm-up: the workers load their networks
        visits = [_visit(chromium, live.url) for _ in range(VISIT_COUNT)]
        print(machine())
        print("\n".join(_table(visits)))


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium, closed afterwards."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needs the extra [browser]

    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_SWITCHES))
        yield chromium
        chromium.close()


def _visit(chromium: Any, url: str) -> dict[str, float]:  # noqa: ANN401 - Playwright's own
    """Measure one new visitor who uploads a picture and makes a few edits."""
    context = chromium.new_context(viewport=VIEWPORT, base_url=url)
    context.add_init_script(LAYOUT_SHIFT)
    page = context.new_page()
    page.goto("/", wait_until="networkidle")
    results = {"first paint": page.evaluate(FIRST_PAINT_SCRIPT)}
    results["start page: responses"], results["start page: bytes"] = page.evaluate(TRANSFER_SCRIPT)
    start = time.perf_counter()
    page.set_input_files("#picture", PICTURE)
    page.wait_for_selector("#layout")
    results["measured facts after an upload"] = _since(start)
    page.wait_for_selector("#layout[data-complete=yes]")
    results["all facts after an upload"] = _since(start)
    for name, (prepare, selector) in ACTIONS.items():
        results[name] = _timed(page, prepare, selector)
    results["layout shift of the whole visit (CLS)"] = page.evaluate("window.layoutShift")
    context.close()
    results["its page: responses"], results["its page: bytes"] = _reopened(chromium, page.url)
    return results


def _reopened(chromium: Any, url: str) -> tuple[int, int]:  # noqa: ANN401
    """Number and bytes of responses when a picture's page is opened anew, without scrolling."""
    page = chromium.new_page(viewport=VIEWPORT)
    page.goto(url, wait_until="networkidle")
    responses, size = page.evaluate(TRANSFER_SCRIPT)
    page.close()
    return responses, size


def _write(page: Any) -> None:  # noqa: ANN401
    page.click("#chip-palette")
    page.fill("#words-palette", "teal and amber")


# The preparation, and the element that is then focused and pressed.
ACTIONS: Final[dict[str, tuple[Callable[[Any], None], str]]] = {
    "another generator": (lambda page: None, "#tab-flux"),
    "a fact edited": (_write, "#words-palette"),
    "a preset chosen": (lambda page: None, "#preset-anime"),
    "undo": (lambda page: None, "#undo"),
}


def _timed(page: Any, prepare: Callable[[Any], None], selector: str) -> float:  # noqa: ANN401
    """Milliseconds from a key press until the frame with the result is painted."""
    prepare(page)
    page.wait_for_timeout(PAUSE_MS)
    page.focus(selector)
    page.evaluate(KEY_TO_FRAME)
    page.keyboard.press("Enter")
    return float(page.evaluate("() => window.answered"))


def _since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)


def _table(visits: list[dict[str, float]]) -> Iterator[str]:
    """Markdown: times, layout shift, transferred bytes, size of our CSS and JS."""
    yield from ("| what | budget | median | p90 |", "|---|---:|---:|---:|")
    for name, budget in BUDGETS.items():
        times = Times(tuple(visit[name] for visit in visits))
        yield f"| {name} | {budget} | {times.median:.0f} ms | {times.p90:.0f} ms |"
    shift = "layout shift of the whole visit (CLS)"
    yield f"| {shift} | 0 | {max(visit[shift] for visit in visits):.3f} | |"
    for name in ("start page", "its page"):
        responses, size = (visits[-1][f"{name}: {what}"] for what in ("responses", "bytes"))
        yield f"| {name}, opened anew | | {responses:.0f} responses, {size / 1000:.0f} kB | |"
    assets = [path.read_bytes() for path in STATIC.rglob("*") if path.suffix in (".css", ".js")]
    raw, packed = sum(map(len, assets)), sum(len(gzip.compress(data, 6)) for data in assets)
    yield f"| own CSS and JS | 150 kB | {raw / 1000:.0f} kB, {packed / 1000:.0f} kB packed | |"


if __name__ == "__main__":
    main()
