"""What a visitor does."""

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from tests.browser.reading import changed

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PAINTS: Final = 90_000
"""Milliseconds that a painting may take on a busy machine."""


def hand(page: "Page", path: Path, how: str) -> None:
    """Drop or paste a file as the system hands it over."""
    page.evaluate(
        """([data, name, how]) => {
          const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
          const event = how === "paste"
            ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
            : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.body.dispatchEvent(event);
        }""",
        [base64.b64encode(path.read_bytes()).decode(), path.name, how],
    )


def open_fact(page: "Page", facet: str) -> None:
    """Open a fact, unless it is open."""
    if page.get_attribute(f"#fact-{facet}", "open") is None:
        page.click(f"#chip-{facet}")


def edit(page: "Page", facet: str, words: str, how: str = "set") -> None:
    """Write other words for a fact, or more of them."""
    open_fact(page, facet)
    page.fill(f"#words-{facet}", words)
    page.click(f"#{how}-{facet}")
    changed(page, f"{how}={facet}={words}")


def choose_look(page: "Page", name: str) -> None:
    """Choose one of the looks."""
    page.fill("#looks-search", name.replace("-", " "))
    page.click(f"#preset-{name}")
    changed(page, f"preset={name}")


def paint(page: "Page") -> None:
    """Have it painted, and wait for the painting."""
    page.click("#paint-it")
    page.wait_for_selector("#result", timeout=PAINTS)


def choose_place(page: "Page", place: str) -> None:
    """Say where is painted: whole, part, beyond or larger."""
    if page.get_attribute("#where", "open") is None:
        page.click("#where > summary")
    page.click(f"label:has(#place-{place})")


def drag(page: "Page", what: "Locator", right: float, down: float = 0) -> None:
    """Drag with the mouse from the middle of something."""
    what.scroll_into_view_if_needed()
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


def tab_to(page: "Page", name: str) -> None:
    """Press Tab until the element of that id has the focus."""
    for _ in range(150):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No way by Tab to {name}.")


def pixels(page: "Page", identity: str) -> Image.Image:
    """A picture of the server, whole."""
    return Image.open(io.BytesIO(page.request.get(f"/p/{identity}/whole").body())).convert("RGB")
