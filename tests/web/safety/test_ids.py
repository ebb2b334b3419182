from typing import TYPE_CHECKING

from tests.web.safety.server_and_visitor import brought

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_nobody_guesses_an_id() -> None:
    from imagetoprompt.web.db.database import new_id  # noqa: PLC0415 - needs the extra [web]

    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    # 16 bytes of the system's own randomness.
    assert {len(each) for each in ids} == {22}


def test_the_same_picture_has_another_id_each_time(client: "TestClient") -> None:
    assert brought(client) != brought(client)


def test_another_visitor_finds_nothing_of_mine(
    client: "TestClient", other: "TestClient", picture: str
) -> None:
    assert picture not in other.get("/").text
    assert other.get("/api/v1/jobs").json()["jobs"] == []
    assert picture in client.get("/").text


def test_another_visitor_deletes_nothing_of_mine(
    client: "TestClient", other: "TestClient", picture: str
) -> None:
    assert other.delete(f"/api/v1/pictures/{picture}").status_code in (403, 404)
    assert client.get(f"/p/{picture}").status_code == 200
