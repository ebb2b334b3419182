import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.web.api.callers import Caller, problem

from imagetoprompt.controls import CONTROLS

if TYPE_CHECKING:
    from imagetoprompt.web.config import Config

NOBODYS = "AAAAAAAAAAAAAAAAAAAAAA"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_what_is_kept_is_told(caller: Caller, described: str) -> None:
    told = caller.get(f"/pictures/{described}").json()
    assert (told["picture"], told["size"], told["media_type"]) == (
        described,
        [451, 300],
        "image/jpeg",
    )
    assert told["scene"]["facts"]
    assert told["links"]["image"] == f"/api/v1/pictures/{described}/image"
    assert told["created"] < told["expires"]


@pytest.mark.parametrize(("size", "side"), [("whole", 451), ("shown", 451), ("small", 240)])
def test_copies_have_their_sizes(caller: Caller, described: str, size: str, side: int) -> None:
    answer = caller.get(f"/pictures/{described}/image?size={size}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].endswith(f'-{size}.jpg"')
    assert "immutable" in answer.headers["cache-control"]
    assert max(opened(answer.content).size) == side


def test_what_the_file_said_is_not_kept(caller: Caller) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=exif)
    assert b"where I live" in buffer.getvalue()
    kept = caller.kept(buffer.getvalue())
    assert b"where I live" not in caller.get(f"/pictures/{kept}/image").content


def test_a_mask_is_kept_without_being_looked_at(caller: Caller, png: Callable[..., bytes]) -> None:
    answer = caller.send("/pictures", png(20, 10, (0, 0, 5, 5)), "image/png")
    told = answer.json()
    assert (answer.status_code, told["scene"], told["size"]) == (201, None, [20, 10])
    assert answer.headers["location"] == f"/api/v1/pictures/{told['picture']}"
    image = caller.get(f"/pictures/{told['picture']}/image")
    assert (image.headers["content-type"], opened(image.content).size) == ("image/png", (20, 10))


def test_nothing_is_no_picture(caller: Caller) -> None:
    sentence = "Give a picture: a file as 'picture', or the bytes as body."
    assert problem(caller.send("/pictures", b"")) == (422, sentence)
    assert problem(caller.send("/pictures", b"no"))[0] == 415


def test_a_map_is_drawn_once(caller: Caller, described: str) -> None:
    first = caller.get(f"/pictures/{described}/controls/canny")
    again = caller.get(f"/pictures/{described}/controls/canny")
    assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
    assert opened(first.content).size == (451, 300)
    assert again.content == first.content


def test_an_unknown_map_names_those_there_are(caller: Caller, described: str) -> None:
    status, sentence = problem(caller.get(f"/pictures/{described}/controls/edge"))
    assert (status, sentence) == (
        422,
        f"No control named 'edge'. There are: {', '.join(CONTROLS)}.",
    )


def test_a_map_is_found_by_its_old_spelling_too(caller: Caller, described: str) -> None:
    maps = [
        caller.get(f"/pictures/{described}/controls/{kind}") for kind in ("recolour", "recolor")
    ]
    assert [answer.status_code for answer in maps] == [200, 200]
    assert maps[0].content == maps[1].content


def test_who_brought_it_deletes_it(
    visit: Callable[[], Caller], png: Callable[..., bytes], config: "Config"
) -> None:
    owner, other = visit(), visit()
    kept = owner.kept(png(8, 8))
    assert problem(other.delete(f"/pictures/{kept}"))[0] == 403
    assert other.get(f"/pictures/{kept}").status_code == 200
    assert owner.delete(f"/pictures/{kept}").status_code == 204
    assert problem(owner.get(f"/pictures/{kept}"))[0] == 404
    assert problem(owner.delete(f"/pictures/{kept}"))[0] == 404
    assert problem(owner.get(f"/pictures/{kept}/image"))[0] == 404


@pytest.mark.parametrize("path", ["", "/image", "/controls/canny"])
def test_a_picture_that_is_gone_is_404(caller: Caller, path: str) -> None:
    status, sentence = problem(caller.get(f"/pictures/{NOBODYS}{path}"))
    assert (status, sentence) == (
        404,
        "This picture has expired or does not exist: upload it again.",
    )


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "x", "a.b", "%00" * 20, "é" * 20])
def test_what_cannot_be_an_id_is_refused(caller: Caller, name: str) -> None:
    assert problem(caller.get(f"/pictures/{name}"))[0] in (404, 422)
