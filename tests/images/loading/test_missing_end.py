"""Files that lack their last bytes: read when everything shows, and refused otherwise."""

import pytest
from PIL import Image
from tests.images.loading.encoded_images import encoded

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.images.loading.decode import decode
from imagetoprompt.pipeline import describe
from imagetoprompt.reports.description import Report
from imagetoprompt.reports.plain_text import report_text

COFFEE = Image.open("examples/coffee.jpg").convert("RGB")
JPEG = encoded(COFFEE, "JPEG")
PROGRESSIVE = encoded(COFFEE, "JPEG", progressive=True)
WEBP = encoded(COFFEE, "WEBP")


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE], ids=["baseline", "progressive"])
def test_a_jpeg_without_its_end_marker_shows_every_pixel(data: bytes, cut: int) -> None:
    decoded = decode(data[:-cut])

    assert (decoded.pixels == decode(data).pixels).all()
    assert "end of the file is missing" in decoded.metadata.damage


def test_a_webp_three_bytes_short_is_read() -> None:
    decoded = decode(WEBP[:-3])

    assert (decoded.pixels != decode(WEBP).pixels).any(axis=2).mean() < 0.002
    assert decoded.metadata.damage


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, WEBP], ids=["baseline", "progressive", "webp"])
def test_a_file_that_lacks_pixels_is_refused(data: bytes, share: float) -> None:
    with pytest.raises(NotAPictureError, match="get a whole copy"):
        decode(data[: -int(share * len(data))])


def test_a_progressive_jpeg_that_lacks_its_last_scan_is_refused() -> None:
    # Each scan begins with the marker SOS. Without the last one every pixel decodes, but blurred.
    with pytest.raises(NotAPictureError, match="get a whole copy"):
        decode(PROGRESSIVE[: PROGRESSIVE.rindex(b"\xff\xda")])


def test_a_whole_file_has_no_damage() -> None:
    assert [decode(data).metadata.damage for data in (JPEG, PROGRESSIVE, WEBP)] == ["", "", ""]


def test_the_damage_is_a_warning_of_the_scene() -> None:
    scene = describe(JPEG[:-2], only=["palette"])

    assert scene.warnings == ("The end of the file is missing: get a whole copy of it if you can.",)
    assert scene.warnings[0] in report_text(Report("cut.jpg", scene, ()))
    assert describe(JPEG, only=["palette"]).warnings == ()
