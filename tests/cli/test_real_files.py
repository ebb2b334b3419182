"""Files as people have them, through the command line, with every pixel of the result compared."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imagetoprompt.cli.main import app

COFFEE = Path("examples/coffee.jpg").resolve()
# Left, top, right and bottom of what the masks mark.
PART = (200, 100, 400, 250)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Image.open(COFFEE) as image:
        image.convert("RGB").save("photo.png")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    return result


def changed(before: str, after: str) -> NDArray[np.bool_]:
    """Where two picture files of one size differ."""
    pixels = [np.asarray(Image.open(name).convert("RGB")) for name in (before, after)]
    assert pixels[0].shape == pixels[1].shape
    return np.asarray((pixels[0] != pixels[1]).any(axis=2))


def strokes() -> Image.Image:
    layer = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    ImageDraw.Draw(layer).rectangle((200, 100, 399, 249), fill=(255, 255, 255, 255))
    return layer


def hole() -> Image.Image:
    layer = Image.open("photo.png").convert("RGBA")
    layer.paste((0, 0, 0, 0), PART)
    return layer


def black_and_white() -> Image.Image:
    mask = Image.new("L", (600, 400), 0)
    mask.paste(255, PART)
    return mask


@pytest.mark.parametrize("draw", [strokes, hole, black_and_white])
def test_only_what_a_mask_marks_is_painted(draw: Callable[[], Image.Image]) -> None:
    draw().save("mask.png")

    run("transform", "photo.png", "--preset", "night", "--mask", "mask.png", "-o", "out.png")

    left, top, right, bottom = PART
    where = changed("photo.png", "out.png")
    assert where[top:bottom, left:right].mean() > 0.9
    where[top:bottom, left:right] = False
    assert not where.any()


def photograph(height: int) -> Image.Image:
    """Noise, 3200 pixels wide: such JPEG files are decoded at half their size to be looked at."""
    return Image.effect_noise((320, height // 10), 60).convert("RGB").resize((3200, height))


def test_a_photograph_of_eight_megapixels_changes_only_inside_its_mask() -> None:
    photograph(2400).save("large.jpg", quality=88)
    mask = Image.new("L", (3200, 2400), 0)
    mask.paste(255, (1000, 700, 1400, 1100))
    mask.save("mask.png")

    run("transform", "large.jpg", "--preset", "night", "--mask", "mask.png", "-o", "out.png")

    where = changed("large.jpg", "out.png")
    assert where[700:1100, 1000:1400].mean() > 0.9
    where[700:1100, 1000:1400] = False
    assert not where.any()


@pytest.mark.parametrize(
    "options",
    [
        ["--preset", "night", "--strength", "0"],
        ["--expand", "left=0.25"],
    ],
    ids=["strength 0", "outpaint"],
)
def test_a_large_photograph_keeps_its_pixels(options: list[str]) -> None:
    photograph(800).save("large.jpg", quality=88)

    run("transform", "large.jpg", *options, "-o", "out.png")

    with Image.open("out.png") as image:
        image.crop((image.width - 3200, 0, image.width, 800)).save("same.png")
    assert not changed("large.jpg", "same.png").any()


def cutout() -> Image.Image:
    image = Image.open("photo.png").convert("RGBA")
    alpha = Image.new("L", image.size, 0)
    ImageDraw.Draw(alpha).ellipse((100, 50, 500, 350), fill=255)
    image.putalpha(alpha)
    return image


def test_a_cutout_stays_one_when_it_is_enlarged() -> None:
    cutout().save("cutout.png")

    result = run("transform", "cutout.png", "--scale", "2", "-o", "out.png")

    with Image.open("out.png") as image:
        assert (image.mode, image.size) == ("RGBA", (1200, 800))
        alpha = np.asarray(image.getchannel("A"))
    assert (alpha[400, 600], alpha[0, 0], alpha[799, 1199]) == (255, 0, 0)
    assert "transparent" not in result.stderr


def test_transparency_that_is_lost_is_told() -> None:
    cutout().save("cutout.png")
    result = run("transform", "cutout.png", "--expand", "left=0.2", "-o", "out.png")
    assert "The reference is transparent in part, and the result is not." in result.stderr


def test_a_jpeg_without_its_end_marker_is_described_with_a_warning() -> None:
    data = io.BytesIO()
    Image.open("photo.png").save(data, "JPEG")
    Path("cut.jpg").write_bytes(data.getvalue()[:-2])

    result = run("cut.jpg", "--for", "flux", "--only", "palette")

    assert "The end of the file is missing" in result.stdout
    assert "#" in result.stdout
