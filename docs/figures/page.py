"""Take `page.png`, `painted.png` and `phone.png`: the page as it really is, for docs/page.md.

    python docs/figures/page.py

It needs the extra [browser] and Chromium. It starts a server of its own and operates the page as a
visitor does.
"""

import io
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image

ROOT: Final = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from bench.page import browser  # noqa: E402 - the clone's own
from bench.server.live import serving  # noqa: E402

WIDE: Final = {"width": 1360, "height": 850}
PHONE: Final = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}
# A third of the weight that all of them have.
COLORS: Final = 256
LOADED: Final = "() => [...document.querySelectorAll('#result img')].every((it) => it.complete)"
STILL: Final = "() => document.getAnimations().every((each) => each.playState !== 'running')"


def main() -> None:
    """Serve, visit, and keep the pictures beside this file."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as live, browser() as found:
        wide = found.new_context(viewport=WIDE, base_url=live.url, color_scheme="light")
        _keep(_read(wide), "page")
        _keep(_painted(wide), "painted")
        phone = found.new_context(**PHONE, base_url=live.url, color_scheme="dark")
        _keep(_bring(phone, "coffee").screenshot(), "phone")


def _bring(context: Any, example: str) -> Any:  # noqa: ANN401 - Playwright's own
    page = context.new_page()
    page.goto("/")
    page.click(f"#example-{example}")
    page.wait_for_selector("#layout[data-complete=yes]")
    page.wait_for_load_state("networkidle")
    return page


def _read(context: Any) -> bytes:  # noqa: ANN401
    """The facts and the prompt, with the evidence of the light."""
    page = _bring(context, "rocket")
    page.click("#tab-flux")
    page.wait_for_selector("#tab-flux[aria-current]")
    page.hover("#chip-light")
    page.wait_for_function(STILL)
    return bytes(page.screenshot())


def _painted(context: Any) -> bytes:  # noqa: ANN401
    """A painting beside its reference."""
    page = _bring(context, "coffee")
    page.goto(f"{page.url.partition('?')[0]}?preset=watercolor")
    page.click("#paint-it")
    page.wait_for_selector("#result", timeout=90_000)
    page.wait_for_function(LOADED)
    page.wait_for_selector("#status:not(.shown)", state="attached")
    page.wait_for_function(STILL)
    return bytes(page.locator("#result").screenshot())


def _keep(data: bytes, name: str) -> None:
    # The usual way to choose them forgets small marks in colors of their own.
    way = Image.Quantize.MAXCOVERAGE
    image = Image.open(io.BytesIO(data)).convert("RGB").quantize(COLORS, way, kmeans=1)
    image.save(Path(__file__).with_name(f"{name}.png"), optimize=True)


if __name__ == "__main__":
    main()
