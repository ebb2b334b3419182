"""What a visitor reads off the page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

LIT: Final = """(all) => all.map((each) => getComputedStyle(each))
  .map((style) => [style.backgroundColor, style.borderColor, style.opacity].join())"""


@dataclass(frozen=True)
class Piece:
    """A part of the prompt: its facet, or "" between facts, and whether it is marked as changed."""

    facet: str
    words: str
    changed: bool


def prompt(page: "Page") -> str:
    """The prompt as it is shown."""
    return str(page.text_content("#prompt-text"))


def pieces(page: "Page") -> list[Piece]:
    """The prompt in its parts, in order, those between facts included."""
    script = """(text) => [...text.childNodes].map((each) =>
      [each.dataset?.facet ?? "", each.textContent, /piece-changed/.test(each.className)])"""
    return [Piece(*each) for each in page.eval_on_selector("#prompt-text", script)]


def said(page: "Page", facet: str) -> str:
    """What the prompt says of a facet; "" when it says nothing."""
    return " ".join(each.words for each in pieces(page) if each.facet == facet)


def fields(page: "Page") -> list[tuple[str, str]]:
    """The fields of the address."""
    return parse_qsl(urlsplit(page.url).query)


def whole(page: "Page") -> None:
    """Wait until all facts are there."""
    page.wait_for_selector("#desk[data-whole=yes]")


def says(page: "Page", selector: str, words: str) -> str:
    """Wait until it says these words; all that it says."""
    found = page.locator(selector).filter(has_text=words).first
    found.wait_for()
    return str(found.inner_text())


def changed(page: "Page", what: str) -> None:
    """Wait until the address has a field, such as 'preset=watercolor', and the page shows it."""
    page.wait_for_function(
        "(what) => decodeURIComponent(location.search.replaceAll('+', ' ')).includes(what)"
        " && !document.getElementById('main').hasAttribute('aria-busy')",
        arg=what,
    )


def rests(page: "Page") -> None:
    """Wait until nothing is asked of the server any more."""
    page.wait_for_function("() => !document.getElementById('main').hasAttribute('aria-busy')")


def reads(page: "Page", text: str) -> None:
    """Wait until the prompt is this text."""
    page.wait_for_function(
        "(text) => document.getElementById('prompt-text').textContent === text", arg=text
    )


def looks(page: "Page", selector: str) -> list[str]:
    """Colors and opacity of elements, to compare with what they were."""
    return list(page.eval_on_selector_all(selector, LIT))


def relit(page: "Page", selector: str, before: list[str]) -> None:
    """Wait until elements look other than they did."""
    script = f"""([selector, before]) => {{
      const now = ({LIT})([...document.querySelectorAll(selector)]);
      return now.length === before.length && now.some((each, n) => each !== before[n]);
    }}"""
    page.wait_for_function(script, arg=[selector, before])


def drawn(page: "Page", facet: str) -> None:
    """Wait until the evidence of a fact is drawn on the picture."""
    page.wait_for_function(
        "(facet) => [...document.querySelectorAll(`.over [data-mark=${facet}]`)].some((each) =>"
        " getComputedStyle(each).opacity > 0.9 && getComputedStyle(each).display !== 'none')",
        arg=facet,
    )


def copied(page: "Page", button: str, before: str = "") -> str:
    """Copy by a button; what the clipboard holds then, once it is not `before`."""
    page.click(button)
    page.wait_for_function(
        "(before) => navigator.clipboard.readText().then((now) => now && now !== before)",
        arg=before,
    )
    return str(page.evaluate("navigator.clipboard.readText()"))


def picture(page: "Page") -> str:
    """The id of the picture whose page it is."""
    return str(page.get_attribute("#desk", "data-picture"))


def result(page: "Page") -> str:
    """The id of the painting that is shown."""
    return str(page.get_attribute("#download", "href")).split("/")[2]
