import signal
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench.server.live import Live, serving, start
from tests.browser.conftest import Open
from tests.browser.doing import EXAMPLES, PAINTS, choose_look, edit, hand, paint
from tests.browser.reading import changed, prompt, rests, says, whole

if TYPE_CHECKING:
    from playwright.sync_api import Page

COFFEE = EXAMPLES / "coffee.jpg"
GONE = "net::ERR_"


def _bomb(side: int = 20_000) -> bytes:
    """A PNG of few bytes and very many pixels."""
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0),
        b"IDAT": zlib.compress(bytes(side * (1 + side // 8)), 1),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("words.jpg", b"no picture at all", "not an image"),
        ("short.jpg", COFFEE.read_bytes()[:900], "damaged or cut short"),
        ("empty.jpg", b"", "picture"),
        ("large.jpg", COFFEE.read_bytes() + bytes(2_000_000), "At most 2 MB"),
        ("bomb.png", _bomb(), "pixels"),
        ("letter.txt", b"Dear reader", "That is no picture"),
    ],
    ids=lambda value: value if str(value).endswith((".jpg", ".png", ".txt")) else "",
)
def test_what_is_no_picture_is_told_in_a_sentence(
    visit: Open, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    page = visit(told="status of 413")
    path = tmp_path / name
    path.write_bytes(data)
    page.set_input_files("#picture", path)

    assert says(page, "#problem [role=alert]", words).endswith(".")
    # The page is as it was, and takes another.
    page.click("#example-cat")
    whole(page)


def test_an_address_within_this_machine_is_not_fetched(visit: Open, server: Live) -> None:
    page = visit()
    page.fill("#url", f"{server.url}/examples/coffee/small.jpg")
    page.press("#url", "Enter")

    says(page, "#problem [role=alert]", "'127.0.0.1' is not on the public internet")
    assert page.url == f"{server.url}/"


def test_a_picture_that_is_gone_is_told_with_a_way_on(visit: Open) -> None:
    page = visit("/p/AAAAAAAAAAAAAAAAAAAAAA", told="status of 404")

    assert "kept for a day" in page.inner_text("main")
    page.click("main a.button")
    page.wait_for_selector("#picture", state="attached")


def test_an_address_that_leads_nowhere_is_told_with_a_way_on(visit: Open) -> None:
    page = visit("/nowhere", told="status of 404")

    assert "nothing at this address" in page.inner_text("main")
    assert page.get_attribute("main a.button", "href") == "/"


def test_what_cannot_be_done_is_told_and_taken_back(look: Open) -> None:
    page = look(query="lock=light&set=light=dim")

    says(page, "#problem-region [role=alert]", "locked")
    page.click("#problem-reset")
    page.wait_for_selector("#problem-region:empty", state="attached")
    assert "lock" not in page.url


def test_what_does_not_go_together_is_said(look: Open) -> None:
    page = look(query="set=time=night&set=weather=sunny")

    assert "night" in says(page, "#change [role=status]", "may not go together")


def test_an_engine_that_is_not_there_is_told_and_nothing_hangs(look: Open) -> None:
    page = look(query="preset=oil-painting&engine=diffusers")
    page.click("#paint-it")
    page.wait_for_selector("#painting[data-over=yes]")

    assert "diffusers" in page.inner_text("#painting .notice p")
    page.click("#dismiss")
    page.click("#engine-draft")
    changed(page, "preset=oil-painting")
    paint(page)


def test_uses_are_counted_and_spent_calmly_while_editing_goes_on(
    visit: Open, counting: Live
) -> None:
    page = visit(at=counting, told="status of 429")
    page.click("#example-cat")
    whole(page)
    says(page, "#uses", "2 of 3 left today")
    choose_look(page, "golden-hour")
    paint(page)
    says(page, "#uses", "1 of 3 left today")
    page.click("#paint-it")
    says(page, "#uses", "midnight UTC")
    page.wait_for_selector("#result", timeout=PAINTS)
    says(page, "#paint .notice", "The free uses of today are used up.")
    assert page.is_disabled("#paint-it")

    edit(page, "palette", "teal and amber")
    page.click("#tab-flux")
    changed(page, "for=flux")
    assert "teal and amber" in prompt(page)

    hand(page, COFFEE, "drop")
    says(page, "#problem-region [role=alert]", "midnight UTC")
    assert "teal and amber" in prompt(page)
    page.goto("/")
    says(page, "main .notice", "What you have opened can still be changed and copied.")


def test_a_server_that_is_gone_leaves_the_page_alive(visit: Open, tmp_path: Path) -> None:
    with serving(tmp_path, workers="1") as away:
        page = visit(at=away, told=GONE)
        page.click("#example-cat")
        whole(page)
        text = prompt(page)
        away.stop()

        for act in (_another_tab, _another_picture, _painting):
            act(page)
            assert prompt(page) == text
        port = away.url.rpartition(":")[2]
        with serving(tmp_path, workers="1", port=port):
            page.click("#tab-flux")
            changed(page, "for=flux")
            page.wait_for_selector("#problem-region:empty", state="attached")


def _another_tab(page: "Page") -> None:
    page.click("#tab-flux")
    says(page, "#problem-region [role=alert]", "cannot be reached")


def _another_picture(page: "Page") -> None:
    hand(page, COFFEE, "drop")
    says(page, "#problem-region [role=alert]", "cannot be reached")


def _painting(page: "Page") -> None:
    page.click("#paint-it")
    says(page, "#paint-said", "cannot be reached")


def test_a_server_that_dies_while_painting_finishes_when_it_is_back(
    visit: Open, tmp_path: Path
) -> None:
    first = start(tmp_path, workers="1")
    page = visit(at=first, told=f"{GONE}|status of 50")
    page.click("#example-cat")
    whole(page)
    page.goto(f"{page.url}?scale=4")
    page.click("#paint-it")
    page.wait_for_selector("#painting[data-over=no]")
    first.stop(signal.SIGKILL)
    with serving(tmp_path, workers="1", port=first.url.rpartition(":")[2]):
        page.wait_for_selector("#result, #painting[data-over=yes]", timeout=PAINTS)
        rests(page)
        assert page.locator("#result, #painting .notice").count() == 1
