import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, PngImagePlugin
from tests.images.loading.encoded_images import corners, encoded, quarters

from imagetoprompt.errors import NotAPictureError
from imagetoprompt.images.loading.decode import FORMATS, decode

UPRIGHT = ["red", "green", "blue", "white"]


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_every_format_is_read(name: str) -> None:
    pillow_heif.register_heif_opener()

    decoded = decode(encoded(quarters(), name))

    assert (corners(decoded.pixels), decoded.size) == (UPRIGHT, (48, 32))
    assert decoded.metadata.format == name


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_read(name: str) -> None:
    frames = [Image.new("RGB", (48, 32), "blue")]

    decoded = decode(encoded(quarters(), name, save_all=True, append_images=frames))

    assert corners(decoded.pixels) == UPRIGHT


@pytest.mark.parametrize("name", ["PPM", "ICO", "TGA", "PCX", "EPS"])
def test_a_format_that_is_not_listed_is_refused(name: str) -> None:
    assert name not in FORMATS
    with pytest.raises(
        NotAPictureError, match=r"^This is not an image that can be read: give a JPEG, PNG"
    ):
        decode(encoded(quarters(), name))


def test_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(NotAPictureError, match=r"give a JPEG, PNG, WebP, GIF, BMP, TIFF"):
        decode(b"<html><body>not found</body></html>")


# What the stored picture shows when EXIF orientation N says how to turn it upright: each is the
# transposition that undoes what a viewer does for that value (EXIF 2.3, tag 0x0112).
STORED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_is_turned_upright(name: str, orientation: int) -> None:
    turn = STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation

    decoded = decode(encoded(stored, name, exif=exif))

    assert corners(decoded.pixels) == UPRIGHT
    assert (decoded.size, decoded.pixels.shape) == ((48, 32), (32, 48, 3))


def test_heic_orientation_is_turned_once() -> None:
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = quarters().transpose(Image.Transpose.ROTATE_90)

    decoded = decode(encoded(stored, "HEIF", exif=exif.tobytes()))

    assert (corners(decoded.pixels), decoded.size) == (UPRIGHT, (48, 32))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_mode_of_png_is_read(mode: str) -> None:
    decoded = decode(encoded(Image.new("L", (8, 8), 255).convert(mode), "PNG"))

    assert decoded.pixels.tolist() == [[[255, 255, 255]] * 8] * 8


@pytest.mark.parametrize("name", ["JPEG", "TIFF"])
def test_cmyk_is_read(name: str) -> None:
    decoded = decode(encoded(quarters().convert("CMYK"), name))

    assert corners(decoded.pixels) == UPRIGHT


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    samples = np.array([[0, 257 * 64, 257 * 128, 65535]], np.uint16)

    decoded = decode(encoded(Image.fromarray(samples), "PNG"))

    assert decoded.pixels[0, :, 0].tolist() == [0, 64, 128, 255]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 128.0, 255.0]], np.float32), [0, 128, 255]),
        (np.array([[-2.0, 0.0, 2.0]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0, 257 * 128, 65535]], np.int32), [0, 128, 255]),
    ],
)
def test_deep_tiff_is_scaled(samples: NDArray[np.generic], expected: list[int]) -> None:
    decoded = decode(encoded(Image.fromarray(samples), "TIFF"))

    assert decoded.pixels[0, :, 0].tolist() == expected


def test_an_embedded_profile_is_converted_to_srgb() -> None:
    # A profile that is sRGB but for its red and blue primaries, which have changed places.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    red = Image.new("RGB", (8, 8), (200, 0, 0))

    decoded = decode(encoded(red, "PNG", icc_profile=swapped))

    assert np.abs(decoded.pixels[0, 0].astype(int) - [0, 0, 200]).max() <= 2


def test_a_broken_profile_is_ignored() -> None:
    decoded = decode(encoded(quarters(), "PNG", icc_profile=b"not a profile at all"))

    assert corners(decoded.pixels) == UPRIGHT


def test_a_profile_for_other_channels_is_ignored() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    decoded = decode(encoded(quarters(), "JPEG", icc_profile=lab))

    assert corners(decoded.pixels) == UPRIGHT


def test_a_palette_with_a_transparent_entry_is_laid_on_gray() -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])

    decoded = decode(encoded(image, "PNG", transparency=0))

    assert decoded.pixels.tolist() == [[[128, 128, 128]] * 8] * 8


def test_a_large_jpeg_is_decoded_at_reduced_scale_but_keeps_its_size() -> None:
    decoded = decode(encoded(quarters((4000, 3000)), "JPEG"))

    assert (decoded.size, decoded.pixels.shape) == ((4000, 3000), (1500, 2000, 3))
    assert corners(decoded.pixels) == UPRIGHT


def test_a_large_sideways_jpeg_keeps_its_upright_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    decoded = decode(encoded(quarters((4000, 3000)), "JPEG", exif=exif))

    assert (decoded.size, decoded.pixels.shape) == ((3000, 4000), (2000, 1500, 3))


def test_of_several_pictures_in_one_jpeg_the_first_is_read() -> None:
    other = [Image.new("RGB", (24, 16), "blue")]

    decoded = decode(encoded(quarters(), "MPO", save_all=True, append_images=other))

    assert (corners(decoded.pixels), decoded.size) == (UPRIGHT, (48, 32))


def test_a_large_png_is_averaged_down_but_keeps_its_size() -> None:
    decoded = decode(encoded(quarters((4000, 3000)), "PNG", compress_level=1))

    assert (decoded.size, decoded.pixels.shape) == ((4000, 3000), (1500, 2000, 3))


def test_a_png_with_a_damaged_note_keeps_its_pixels() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "a cat")
    data = encoded(quarters(), "PNG", pnginfo=notes).replace(b"a cat", b"a cow")

    decoded = decode(data)

    assert (corners(decoded.pixels), dict(decoded.metadata.info)) == (UPRIGHT, {})


def test_pixels_cannot_be_written() -> None:
    decoded = decode(encoded(quarters(), "PNG"))

    with pytest.raises(ValueError, match="read-only"):
        decoded.pixels[0, 0, 0] = 1


def test_only_the_named_decoders_are_asked() -> None:
    assert sorted(FORMATS) == ["AVIF", "BMP", "GIF", "HEIF", "JPEG", "PNG", "TIFF", "WEBP"]
