"""Whatever looks at a picture anew is a use; what is stored already is free."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.web.safety.server_and_visitor import COFFEE

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

Serve = Callable[..., "TestClient"]


def stored(client: "TestClient") -> str:
    return str(client.post("/api/v1/pictures", content=COFFEE).json()["picture"])


def left(client: "TestClient") -> int:
    return int(client.get("/api/v1/uses").json()["left"])


def compared(client: "TestClient", reference: str, result: str) -> int:
    body = {"reference": reference, "result": result}
    return client.post("/api/v1/compare", json=body).status_code


def test_a_comparison_is_a_use_and_the_same_again_is_free(serve: Serve) -> None:
    client = serve(free_uses="1")
    first, second = stored(client), stored(client)

    assert [compared(client, first, second) for _ in range(3)] == [200] * 3
    assert left(client) == 0
    assert compared(client, second, first) == 429


def test_a_comparison_that_cannot_be_done_costs_nothing(serve: Serve) -> None:
    client = serve(free_uses="1")

    assert compared(client, stored(client), "A" * 22) == 404
    assert left(client) == 1


@pytest.mark.parametrize("path", ["/api/v1/pictures/{}/controls/canny", "/p/{}/map/canny.png"])
def test_a_map_of_a_picture_that_was_only_stored_is_a_use(serve: Serve, path: str) -> None:
    client = serve(free_uses="1")
    first, second = stored(client), stored(client)
    maps = [client.get(path.format(picture)).status_code for picture in (first, first, second)]

    assert maps == [200, 200, 429]


def test_the_maps_of_a_described_picture_are_free(serve: Serve) -> None:
    client = serve(free_uses="1")
    picture = client.post("/api/v1/describe", content=COFFEE).json()["picture"]
    kinds = ("canny", "tile", "recolor")

    assert [client.get(f"/p/{picture}/map/{kind}.png").status_code for kind in kinds] == [200] * 3
    assert left(client) == 0
