"""`python -m bench.page`: how quick and how light the page is, in a real browser on this machine.

    python -m bench.page                          the table
    python -m bench.page --pictures docs/figures  and the screenshots of docs/page.md

It needs the extra [browser] and Chromium. Every number is the median of several visits.
"""

import argparse
import gzip
import io
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image

from bench.server.live import serving
from bench.timing import machine

ROOT: Final = Path(__file__).parent.parent
STATIC: Final = ROOT / "src" / "imagetoprompt" / "web" / "static"
PICTURE: Final = ROOT / "examples" / "coffee.jpg"
SWITCHES: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VISITS: Final = 7
WIDE: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
# What the page itself has seen of its own paints and of things that moved.
SEEN: Final = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) moved += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  setTimeout(() => done([paint ? paint.startTime : null, moved]), 100);
})"""
WATCH: Final = """() => { window.swapped = new Promise((done) =>
  document.addEventListener("page:swapped", () => done(true), { once: true })); }"""


def main() -> None:
    """Serve, visit, print the table, and take the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder for the screenshots")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as live, browser() as found:
        visits = [_visit(found, live.url) for _ in range(VISITS)]
        print(machine())
        print(table({name: [each[name] for each in visits] for name in visits[0]}))
        if given.pictures:
            _photograph(found, live.url, given.pictures)


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
    """One new visitor who brings a picture and changes a few things; milliseconds."""
    context = found.new_context(viewport=WIDE, base_url=url)
    page = context.new_page()
    page.goto("/")
    paint, moved = page.evaluate(SEEN)
    told = {"first paint": paint, "moved at the start (CLS, thousandths)": 1000 * moved}
    begun = time.perf_counter()
    page.set_input_files("#picture", PICTURE)
    page.wait_for_selector("#desk")
    told["measured facts after upload"] = _since(begun)
    page.wait_for_selector("#desk[data-whole=yes]")
    told["all facts after upload"] = _since(begun)
    for name, act in ACTS.items():
        told[name] = _timed(page, act)
    page.reload()
    page.wait_for_load_state()
    told["moved on the page (CLS, thousandths)"] = 1000 * page.evaluate(SEEN)[1]
    context.close()
    return told


def _edit(page: Any) -> None:  # noqa: ANN401
    page.evaluate(
        """() => { document.getElementById("words-light").value = "soft window light";
          const set = document.getElementById("set-light");
          set.form.requestSubmit(set); }"""
    )


ACTS: Final[dict[str, Callable[[Any], None]]] = {
    "another generator": lambda page: page.evaluate("document.getElementById('tab-flux').click()"),
    "a fact edited": _edit,
    "a look chosen": lambda page: page.evaluate("document.getElementById('preset-anime').click()"),
    "undo": lambda page: page.evaluate("document.getElementById('undo').click()"),
}


def _timed(page: Any, act: Callable[[Any], None]) -> float:  # noqa: ANN401
    """Milliseconds until what was asked for stands on the page."""
    page.evaluate(WATCH)
    begun = time.perf_counter()
    act(page)
    page.evaluate("() => window.swapped")
    return _since(begun)


def _since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


def table(times: dict[str, list[float]]) -> str:
    """Markdown: median and slowest of each, then what the page weighs."""
    rows = [
        f"| {name} | {statistics.median(each):.0f} | {max(each):.0f} |"
        for name, each in times.items()
    ]
    weights = [f"| own CSS and JS: {name} | {size / 1000:.0f} kB | |" for name, size in _weights()]
    return "\n".join(["| what | median | slowest |", "|---|---:|---:|", *rows, *weights])


def _weights() -> Iterator[tuple[str, int]]:
    own = [path.read_bytes() for path in STATIC.rglob("*") if path.suffix in (".css", ".js")]
    yield "as they are", sum(map(len, own))
    yield "packed", sum(len(gzip.compress(each, 6)) for each in own)


def _photograph(found: Any, url: str, folder: Path) -> None:  # noqa: ANN401
    """The page as docs/page.md shows it: facts and prompt, painted, and on a phone."""
    for name, view, how in (("page", WIDE, "light"), ("phone", PHONE, "dark")):
        context = found.new_context(viewport=view, color_scheme=how, base_url=url)
        page = context.new_page()
        page.goto("/")
        page.set_input_files("#picture", PICTURE)
        page.wait_for_selector("#desk[data-whole=yes]")
        page.goto(f"{page.url.partition('?')[0]}?for=flux&preset=watercolor&set=time=dusk")
        page.hover("#chip-light")
        page.wait_for_timeout(500)
        _keep(page.screenshot(), folder / f"{name}.png")
        if name == "page":
            page.click("#paint-it")
            page.wait_for_selector("#result", timeout=90_000)
            page.locator("#result .compare").scroll_into_view_if_needed()
            page.wait_for_timeout(500)
            _keep(page.locator("#result").screenshot(), folder / "painted.png")
        context.close()


def _keep(data: bytes, path: Path) -> None:
    """The screenshot in 256 colors, a third of its weight."""
    Image.open(io.BytesIO(data)).convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main()
