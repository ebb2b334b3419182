import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.images.loading.encoded_images import corners, encoded, quarters

from imagetoprompt.images.loading.color_management import apply_icc_profile
from imagetoprompt.images.loading.decode import decode
from imagetoprompt.images.picture import Pixels

# XYZ of red, green and blue under D50, as published for these color spaces.
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
WHITE = (0.9642, 1.0, 0.8249)


def fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def parametric(kind: int, *values: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + fixed(*values)


SRGB_LIKE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
TABLE = (np.linspace(0, 1, 1024) ** 1.8 * 65535).round().astype(">u2").tobytes()
CURVES = {
    "identity": b"curv\0\0\0\0" + struct.pack(">I", 0),
    "gamma": b"curv\0\0\0\0" + struct.pack(">IH", 1, 563),
    "table": b"curv\0\0\0\0" + struct.pack(">I", 1024) + TABLE,
    "power": parametric(0, 2.2),
    "power and line": parametric(3, *SRGB_LIKE),
    "power and line with offsets": parametric(4, *SRGB_LIKE, 0.0, 0.0),
}


def profile(columns: tuple[tuple[float, float, float], ...], curve: bytes) -> bytes:
    """A display profile of three primaries and one curve (ICC.1:2022, 7 and 8.3)."""
    tags = {b"wtpt": b"XYZ \0\0\0\0" + fixed(*WHITE), b"cprt": b"text\0\0\0\0x\0"}
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"mine\0" + b"\0" * 78
    for letter, column in zip("rgb", columns, strict=True):
        tags[f"{letter}XYZ".encode()] = b"XYZ \0\0\0\0" + fixed(*column)
        tags[f"{letter}TRC".encode()] = curve
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = bytearray(128)
    header[8:24] = b"\x02\x40\0\0mntrRGB XYZ "
    header[36:40], header[68:80] = b"acsp", fixed(*WHITE)
    header[:4] = struct.pack(">I", start + len(body))
    return bytes(header) + struct.pack(">I", len(tags)) + table + body


def every_kind_of_color() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (70, 64, 3), dtype=np.uint8)


def by_littlecms(pixels: Pixels, source: bytes) -> Pixels:
    done = ImageCms.profileToProfile(
        Image.fromarray(pixels),
        ImageCms.ImageCmsProfile(io.BytesIO(source)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert done is not None
    return np.asarray(done)


@pytest.mark.parametrize("columns", [P3, ADOBE])
@pytest.mark.parametrize("curve", CURVES)
def test_it_agrees_with_littlecms(
    curve: str, columns: tuple[tuple[float, float, float], ...]
) -> None:
    source, pixels = profile(columns, CURVES[curve]), every_kind_of_color()

    done = apply_icc_profile(pixels, source)

    assert done is not None
    assert np.abs(done.astype(int) - by_littlecms(pixels, source)).max() <= 1


def test_a_kind_of_curve_that_is_not_met_is_left_to_littlecms() -> None:
    assert (
        apply_icc_profile(every_kind_of_color(), profile(P3, parametric(1, 2.0, 0.9, 0.1))) is None
    )


def test_a_profile_of_other_channels_is_left_to_littlecms() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    assert apply_icc_profile(every_kind_of_color(), lab) is None


def test_a_wide_red_becomes_the_reddest_srgb() -> None:
    image = Image.new("RGB", (8, 8), (255, 0, 0))

    decoded = decode(encoded(image, "PNG", icc_profile=profile(P3, CURVES["power and line"])))

    assert decoded.pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("cut", [20, 130, 140, 300, 420])
def test_a_profile_cut_short_is_ignored(cut: int) -> None:
    source = profile(P3, CURVES["table"])[:cut]

    assert corners(decode(encoded(quarters(), "PNG", icc_profile=source)).pixels) == [
        "red",
        "green",
        "blue",
        "white",
    ]
