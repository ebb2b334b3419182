"""What a visitor reads off the page."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page


def prompt(page: "Page") -> str:
    """The prompt as it is shown."""
    return str(page.text_content("#prompt-text"))


def pieces(page: "Page") -> list[tuple[str, str]]:
    """The parts of the prompt that come from facts: facet and words."""
    script = "(all) => all.map((each) => [each.dataset.facet, each.textContent])"
    return [(facet, words) for facet, words in page.eval_on_selector_all("#prompt-text a", script)]


def fields(page: "Page") -> list[tuple[str, str]]:
    """The fields of the address."""
    return parse_qsl(urlsplit(page.url).query)


def changed(page: "Page", what: str) -> None:
    """Wait until the address has a field, such as 'preset=watercolor'."""
    page.wait_for_function(
        "(what) => decodeURIComponent(location.search.replaceAll('+', ' ')).includes(what)"
        " && !document.getElementById('main').hasAttribute('aria-busy')",
        arg=what,
    )


def opacity(page: "Page", selector: str) -> float:
    """How visible an element is, 0 to 1."""
    script = "(each) => Number(getComputedStyle(each).opacity)"
    return float(page.eval_on_selector(selector, script))
