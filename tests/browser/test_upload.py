import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench.server.live import serving
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.browser.conftest import Open
from tests.browser.page_reader import prompt

if TYPE_CHECKING:
    from playwright.sync_api import Page


EXAMPLES = Path(__file__).parents[2] / "examples"
COFFEE = EXAMPLES / "coffee.jpg"


def whole(page: "Page") -> None:
    page.wait_for_selector("#layout[data-complete=yes]")


def handed(page: "Page", path: Path, kind: str) -> None:
    """Drop or paste a file as the system hands it over."""
    page.evaluate(
        """([data, name, kind]) => {
          const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
          const event = kind === "paste"
            ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
            : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.body.dispatchEvent(event);
        }""",
        [base64.b64encode(path.read_bytes()).decode(), path.name, kind],
    )


def test_a_picture_is_chosen(visit: Open) -> None:
    page = visit()
    page.set_input_files("#picture", COFFEE)
    whole(page)

    assert "cup of coffee" in prompt(page)
    assert page.get_attribute("#picture-image", "alt")


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted(visit: Open, kind: str) -> None:
    page = visit()
    handed(page, COFFEE, kind)
    whole(page)

    assert "cup of coffee" in prompt(page)


def test_an_example_is_replaced_by_a_dropped_picture(visit: Open) -> None:
    page = visit()
    page.click("#example-cat")
    whole(page)
    first = page.url
    handed(page, COFFEE, "drop")
    page.wait_for_function("(first) => location.href !== first", arg=first)
    whole(page)

    assert "cup of coffee" in prompt(page)


def test_a_local_url_is_not_fetched(visit: Open) -> None:
    page = visit()
    page.fill("#url", "http://127.0.0.1:9/secret.jpg")
    page.press("#url", "Enter")
    page.wait_for_selector("#problem:not(:empty)")

    assert page.url.endswith("/")
    assert "127.0.0.1" in page.text_content("#problem")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("words.jpg", b"no picture at all", "not an image"),
        ("short.jpg", COFFEE.read_bytes()[:900], "damaged or cut short"),
        ("empty.jpg", b"", "picture"),
    ],
)
def test_a_file_that_is_no_picture_is_explained(
    visit: Open, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    page = visit()
    path = tmp_path / name
    path.write_bytes(data)
    page.set_input_files("#picture", path)
    page.wait_for_selector("#problem:not(:empty)")

    assert words in page.text_content("#problem")
    # The page is as it was, and takes another.
    page.click("#example-cat")
    whole(page)


def test_a_picture_that_carries_its_prompt_shows_it_first(visit: Open, tmp_path: Path) -> None:
    notes = PngInfo()
    notes.add_text(
        "parameters", "a castle at night, oil painting\nSteps: 20, Sampler: Euler a, Seed: 7"
    )
    made = io.BytesIO()
    Image.open(COFFEE).save(made, "PNG", pnginfo=notes)
    path = tmp_path / "made.png"
    path.write_bytes(made.getvalue())
    page = visit()
    page.set_input_files("#picture", path)
    whole(page)

    assert page.text_content(".embedded-prompt-text") == "a castle at night, oil painting"


def test_a_deleted_picture_shows_an_error_page(visit: Open) -> None:
    page = visit("/p/AAAAAAAAAAAAAAAAAAAAAA")

    assert "has expired or does not exist" in page.text_content("main")
    page.click("main a.button")
    page.wait_for_selector("#picture", state="attached")


def test_the_page_survives_a_stopped_server(visit: Open, tmp_path: Path) -> None:
    with serving(tmp_path, workers="1") as away:
        page = visit(at=away)
        page.click("#example-cat")
        whole(page)
        text = prompt(page)
        away.stop()
        page.click("#tab-flux")
        page.wait_for_selector(".toast:not(:empty), [role=alert]:not(:empty)")

        assert "cannot be reached" in page.text_content("body")
        assert prompt(page) == text
