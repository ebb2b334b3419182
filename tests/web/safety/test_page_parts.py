"""What the scripts of the page ask for: its main part alone."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

# As a form writes it: with what was left empty.
GIVEN = "?for=flux&set=palette%3Ateal+and+amber&without=&emphasis="


def test_a_part_tells_the_plain_address_without_a_detour(
    client: "TestClient", picture: str
) -> None:
    whole = client.get(f"/p/{picture}{GIVEN}")
    part = client.get(f"/p/{picture}{GIVEN}", headers={"X-Part": "main"})
    assert (whole.status_code, part.status_code) == (303, 200)
    assert part.headers["content-location"] == whole.headers["location"]
    assert "teal and amber" in part.text
    assert "<html" not in part.text


def test_a_part_at_its_plain_address_is_the_same(client: "TestClient", picture: str) -> None:
    first = client.get(f"/p/{picture}{GIVEN}", headers={"X-Part": "main"})
    plain = first.headers["content-location"]
    again = client.get(plain, headers={"X-Part": "main"})
    assert again.headers["content-location"] == plain
    assert without_visit(again.text) == without_visit(first.text)


def without_visit(page: str) -> str:
    """The page without the visitor's other pictures: a job of another test may add one."""
    return re.sub(r'<ul class="visit-strip">.*?</ul>', "", page, flags=re.DOTALL)
