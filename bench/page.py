"""`python -m bench.page`: how quick and how light the page is, in a real browser on this machine.

It needs the extra [browser] and Chromium. It fails nothing: it tells. What the page does is tested
in tests/driving.
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
SWITCHES: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VISITS: Final = 7
# Milliseconds that a person takes, at the least, before the next act.
RESTS: Final = 1000
WIDE: Final = {"width": 1440, "height": 900}
BUDGETS: Final = {
    "first paint": "1000 ms",
    "measured facts after an upload": "1000 ms",
    "all facts after an upload": "1500 ms",
    "another generator": "100 ms",
    "a fact edited": "100 ms",
    "a look chosen": "100 ms",
    "undo": "100 ms",
}
# Whatever moves by itself on the page, from its first moment on: the sum of all layout shifts.
MOVED: Final = """window.moved = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.moved += each.value;
}).observe({ type: "layout-shift", buffered: true });"""
PAINT: Final = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
# All that came over the wire for the page: how many answers, and their bytes.
CAME: Final = """() => {
  const all = [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")];
  return [all.length, all.reduce((sum, each) => sum + each.transferSize, 0)];
}"""
# From when the browser was given the key until the frame with the answer has been painted: what
# comes after a frame's callbacks and its painting is the next task.
WATCH: Final = """() => { window.answered = new Promise((done) => {
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
    """Serve, visit, and print the table."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as live, browser() as found:
        _visit(found, live.url)  # warms the server: its workers load their networks
        visits = [_visit(found, live.url) for _ in range(VISITS)]
        print(machine())
        print("\n".join(_table(visits)))


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium, closed afterwards."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needs the extra [browser]

    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        found = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield found
        found.close()


def _visit(found: Any, url: str) -> dict[str, float]:  # noqa: ANN401 - Playwright's own
    """One new visitor who brings a picture and changes a few things."""
    context = found.new_context(viewport=WIDE, base_url=url)
    context.add_init_script(MOVED)
    page = context.new_page()
    page.goto("/", wait_until="networkidle")
    told = {"first paint": page.evaluate(PAINT)}
    told["start page: answers"], told["start page: bytes"] = page.evaluate(CAME)
    begun = time.perf_counter()
    page.set_input_files("#picture", PICTURE)
    page.wait_for_selector("#layout")
    told["measured facts after an upload"] = _since(begun)
    page.wait_for_selector("#layout[data-complete=yes]")
    told["all facts after an upload"] = _since(begun)
    for name, (before, where) in ACTS.items():
        told[name] = _timed(page, before, where)
    told["layout shift of the whole visit (CLS)"] = page.evaluate("window.moved")
    context.close()
    told["its page: answers"], told["its page: bytes"] = _opened(found, page.url)
    return told


def _opened(found: Any, url: str) -> tuple[int, int]:  # noqa: ANN401
    """What comes for the page of a picture, to somebody who opens it anew, before any scrolling."""
    page = found.new_page(viewport=WIDE)
    page.goto(url, wait_until="networkidle")
    answers, size = page.evaluate(CAME)
    page.close()
    return answers, size


def _write(page: Any) -> None:  # noqa: ANN401
    page.click("#chip-palette")
    page.fill("#words-palette", "teal and amber")


# What is done beforehand, and what then has the focus and is pressed.
ACTS: Final[dict[str, tuple[Callable[[Any], None], str]]] = {
    "another generator": (lambda page: None, "#tab-flux"),
    "a fact edited": (_write, "#words-palette"),
    "a look chosen": (lambda page: None, "#preset-anime"),
    "undo": (lambda page: None, "#undo"),
}


def _timed(page: Any, before: Callable[[Any], None], where: str) -> float:  # noqa: ANN401
    """Milliseconds from a key until the frame that shows what was asked for is painted."""
    before(page)
    page.wait_for_timeout(RESTS)
    page.focus(where)
    page.evaluate(WATCH)
    page.keyboard.press("Enter")
    return float(page.evaluate("() => window.answered"))


def _since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


def _table(visits: list[dict[str, float]]) -> Iterator[str]:
    """Markdown: times first, then what moved, came and weighs."""
    yield from ("| what | budget | median | p90 |", "|---|---:|---:|---:|")
    for name, budget in BUDGETS.items():
        times = Times(tuple(each[name] for each in visits))
        yield f"| {name} | {budget} | {times.median:.0f} ms | {times.p90:.0f} ms |"
    moved = "layout shift of the whole visit (CLS)"
    yield f"| {moved} | 0 | {max(each[moved] for each in visits):.3f} | |"
    for name in ("start page", "its page"):
        answers, size = (visits[-1][f"{name}: {what}"] for what in ("answers", "bytes"))
        yield f"| {name}, opened anew | | {answers:.0f} answers, {size / 1000:.0f} kB | |"
    own = [path.read_bytes() for path in STATIC.rglob("*") if path.suffix in (".css", ".js")]
    raw, packed = sum(map(len, own)), sum(len(gzip.compress(each, 6)) for each in own)
    yield f"| own CSS and JS | 150 kB | {raw / 1000:.0f} kB, {packed / 1000:.0f} kB packed | |"


if __name__ == "__main__":
    main()
