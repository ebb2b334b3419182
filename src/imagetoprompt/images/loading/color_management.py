"""Convert any Pillow image mode to 8-bit sRGB: ICC profiles, CMYK, palettes, 16-bit, alpha.

Transparency is composited on gray, without creating a visible frame around the picture.
"""

import io
import struct
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from imagetoprompt.images.loading.damaged_files import DAMAGE_ERRORS

Pixels: TypeAlias = NDArray[np.uint8]
Alpha: TypeAlias = NDArray[np.uint8]

# Samples deeper than eight bits; Pillow would clip rather than scale them.
DEEP_MODES: Final = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})

# Modes with an alpha channel, premultiplied or not.
ALPHA_MODES: Final = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})

# Longer side in pixels at which the most detailed observer works: text recognition.
MAX_DETAIL_SIDE: Final = 1600
# A picture with more pixels, more than twice that size in each direction, is reduced first.
MAX_DETAIL_PIXELS: Final = 4 * MAX_DETAIL_SIDE * MAX_DETAIL_SIDE


def to_srgb_pixels(image: Image.Image, *, full_size: bool = False) -> tuple[Pixels, Alpha | None]:
    """Convert to sRGB pixels (height x width x 3) and alpha (height x width, or None), both uint8.

    full_size: do not reduce a large picture, and give the colors as they are before transparency,
    rather than composited on gray.
    """
    profile = image.info.get("icc_profile")
    reduce = (lambda whole: whole) if full_size else _reduced
    if image.mode in DEEP_MODES:
        image = Image.fromarray(to_8_bit(np.asarray(image)))
    if _has_alpha(image):
        whole = reduce(image.convert("RGBA"))
        colors = _color_managed(whole.convert("RGB"), profile)
        return with_alpha(colors, np.asarray(whole.getchannel("A")), straight=full_size)
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    return _color_managed(reduce(image), profile), None


def _reduced(image: Image.Image) -> Image.Image:
    """The image, averaged down by a whole factor when it has over MANY pixels."""
    if image.width * image.height <= MAX_DETAIL_PIXELS:
        return image
    return image.reduce(max(1, max(image.size) // MAX_DETAIL_SIDE))


def to_8_bit(samples: NDArray[np.generic]) -> Pixels:
    """Convert samples of any depth to eight bits.

    Unsigned 16-bit samples are scaled from their full range. Wider integers and floats are scaled
    from the first of 0..1 (floats only), 0..255 and 0..65535 that contains all values, else from
    their own minimum and maximum.
    """
    if samples.dtype.str[1:] == "u2":
        return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
    values = np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    ranges = [1.0, 255.0, 65535.0][samples.dtype.kind != "f" :]
    top = next((limit for limit in ranges if low >= 0 and high <= limit), None)
    if top is None:
        values, top = values - low, max(high - low, 1e-9)
    eight: Pixels = np.rint(values * np.float32(255 / top)).clip(0, 255).astype(np.uint8)
    return eight


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ALPHA_MODES or "transparency" in image.info


def _color_managed(image: Image.Image, profile: object) -> Pixels:
    """Convert from the embedded ICC profile to sRGB; a broken or unsuitable profile is ignored."""
    if isinstance(profile, bytes) and profile:
        try:
            return _from_profile(image, profile)
        except (ImageCms.PyCMSError, *DAMAGE_ERRORS):
            pass
    return _to_rgb(image)


def _to_rgb(image: Image.Image) -> Pixels:
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _from_profile(image: Image.Image, profile: bytes) -> Pixels:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if "srgb" in (source.profile.profile_description or "").lower():
        return _to_rgb(image)
    fast = apply_icc_profile(np.asarray(image), profile) if image.mode == "RGB" else None
    if fast is not None:
        return fast
    target = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    return _to_rgb(image if converted is None else converted)


Floats = NDArray[np.float32]

# Columns: XYZ of sRGB's red, green and blue primaries under D50, the white point of all ICC
# profiles (IEC 61966-2-1, adapted as in the sRGB ICC profile).
SRGB_TO_XYZ: Final = np.array(
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
)
# Entries of the table from linear light to sRGB: at the dark end one step is a quarter of an 8-bit
# level.
LINEAR_STEPS: Final = 16384
# Rows converted at once: few enough to stay in the CPU cache.
STRIP_ROWS: Final = 32
# Number of parameters of the supported types of parametric curves, in the order g a b c d e f
# (ICC.1:2022, 10.18). LittleCMS handles the other types.
_PARAMETERS: Final = {0: 1, 3: 5, 4: 7}
_CURVES: Final = (b"rTRC", b"gTRC", b"bTRC")
_COLUMNS: Final = (b"rXYZ", b"gXYZ", b"bXYZ")
_MAX_TAGS: Final = 100


def apply_icc_profile(pixels: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8] | None:
    """Convert RGB pixels (height x width x 3) to sRGB by a matrix profile; None for other profiles.

    A damaged profile raises ValueError, IndexError or struct.error.
    """
    tags = _tags(profile)
    if not _is_matrix_profile(profile, tags):
        return None
    curves = np.stack([_curve(tags[name]) for name in _CURVES], axis=-1)
    columns = np.stack([_fixed(tags[name][8:20]) for name in _COLUMNS], axis=-1)
    matrix = (np.linalg.inv(SRGB_TO_XYZ) @ columns * (LINEAR_STEPS - 1)).astype(np.float32)
    converted, encoded = np.empty_like(pixels), _encoded()
    for top in range(0, len(pixels), STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        light = cv2.transform(cv2.LUT(pixels[rows], curves[None]), matrix)
        np.take(encoded, cv2.max(light, 0).astype(np.uint16), mode="clip", out=converted[rows])
    return converted


def _is_matrix_profile(profile: bytes, tags: dict[bytes, bytes]) -> bool:
    if profile[16:20] != b"RGB " or b"A2B0" in tags or not {*_CURVES, *_COLUMNS} <= tags.keys():
        return False
    kinds = {(tags[name][:4], tags[name][8:10]) for name in _CURVES}
    known = {(b"para", bytes([0, kind])) for kind in _PARAMETERS}
    return all(kind[0] == b"curv" or kind in known for kind in kinds)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """Data of each tag by its signature, from the tag table after the 128-byte header."""
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > _MAX_TAGS:
        raise ValueError("a profile with too many tags")
    entries = [struct.unpack_from(">4sII", profile, 132 + 12 * index) for index in range(count)]
    return {name: profile[start : start + size] for name, start, size in entries}


def _fixed(data: bytes) -> NDArray[np.float64]:
    """Decode s15Fixed16 numbers: 16 bits before the binary point and 16 after it."""
    return np.frombuffer(data[: len(data) // 4 * 4], ">i4") / 65536


def _curve(data: bytes) -> Floats:
    """Linear light, 0 to 1, for each of the 256 sample values."""
    x = np.linspace(0, 1, 256)
    if data[:4] == b"para":
        return _parametric(x, int.from_bytes(data[8:10], "big"), _fixed(data[12:]))
    (count,) = struct.unpack_from(">I", data, 8)
    table = np.frombuffer(data[12 : 12 + 2 * count], ">u2")
    if count == 0:
        return x.astype(np.float32)
    if count == 1:
        return np.power(x, float(table[0]) / 256).astype(np.float32)
    curve: Floats = np.interp(x, np.linspace(0, 1, len(table)), table / 65535).astype(np.float32)
    return curve


def _parametric(x: NDArray[np.float64], kind: int, parameters: NDArray[np.float64]) -> Floats:
    """The curve of ICC.1:2022, table 70: a power function above a threshold, a line below it."""
    g, a, b, c, d, e, f = (*parameters[: _PARAMETERS[kind]], *[0.0] * 7)[:7]
    if kind == 0:
        a = 1.0
    power = np.power(np.maximum(a * x + b, 0), g) + e
    curve: Floats = np.where(x >= d, power, c * x + f).astype(np.float32)
    return curve


def _encoded() -> NDArray[np.uint8]:
    """The sRGB sample for each step of linear light (IEC 61966-2-1)."""
    light = np.linspace(0, 1, LINEAR_STEPS)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    samples: NDArray[np.uint8] = np.rint(255 * curved).astype(np.uint8)
    return samples


GRAY: Final = 128
"""Middle gray in sRGB: both dark and light subjects stand out against it."""

# When the visible pixels fill at least this share of their bounding box, the picture has margins or
# rounded corners; otherwise it is a cutout.
FRAMED_SHARE: Final = 0.93
# Alpha that counts as opaque: resampling leaves inner pixels slightly below 255.
OPAQUE_ALPHA: Final = 250
# Longer side at which the gray is computed before it is enlarged; it is smooth, so nothing is lost.
FILL_SIZE: Final = 128
# Standard deviation of the blur that carries the edge's lightness into the margin, as a share of
# the longer side.
FILL_REACH: Final = 0.08
# Weight of middle gray against visible pixels; matters only where no visible pixel is near.
GRAY_WEIGHT: Final = 0.02


def with_alpha(colors: Pixels, alpha: Alpha, *, straight: bool) -> tuple[Pixels, Alpha | None]:
    """The colors and their alpha; None when all of it is opaque.

    straight: colors as they are where anything shows, and the gray of `flatten_alpha` where nothing
    does, since what is hidden there is nobody's business. Otherwise composited on that gray.
    """
    flat = flatten_alpha(colors, alpha)
    if alpha.min() == 255:
        return flat, None
    return (np.where(alpha[..., None] > 0, colors, flat) if straight else flat), alpha


def flatten_alpha(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Composite the colors (height x width x 3) over gray by alpha (height x width), both uint8.

    A cutout is placed on flat middle gray. Transparent margins or corners get a gray that starts
    at the lightness of the picture's edge and fades to middle gray further out: flat gray would
    look like a frame, and extending the colors would invent content.
    """
    if alpha.min() == 255:
        return colors.copy()
    ground: NDArray[np.float32] | np.float32 = np.float32(GRAY)
    if _has_margins(alpha):
        ground = _margins(colors, alpha)[..., None]
    share = (alpha.astype(np.float32) / 255)[..., None]
    mixed = colors * share + ground * (1 - share)
    return np.rint(mixed).astype(np.uint8)


def _has_margins(alpha: NDArray[np.uint8]) -> bool:
    visible = alpha >= 128
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    if not rows.size:
        return False
    box = visible[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return bool(box.mean() >= FRAMED_SHARE)


def _margins(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A gray for each pixel: the lightness of nearby visible pixels, middle gray far from them."""
    height, width = alpha.shape
    scale = min(1.0, FILL_SIZE / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    light = cv2.cvtColor(colors, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # Only opaque pixels contribute, so that a half-transparent picture is placed on middle gray.
    share = (alpha >= OPAQUE_ALPHA).astype(np.float32)
    weight = cv2.resize(share, small, interpolation=cv2.INTER_AREA)
    total = cv2.resize(light * share, small, interpolation=cv2.INTER_AREA)
    spread = max(1.0, FILL_REACH * max(small))
    near = cv2.GaussianBlur(total, (0, 0), spread) + GRAY_WEIGHT * GRAY
    known = cv2.GaussianBlur(weight, (0, 0), spread) + GRAY_WEIGHT
    ground = cv2.resize(near / known, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(ground, np.float32)
