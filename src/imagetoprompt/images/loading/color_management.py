"""Convert any Pillow image mode to 8-bit sRGB: ICC profiles, CMYK, palettes, 16-bit, floats."""

import io
import struct
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from imagetoprompt.images.loading.alpha import flatten_alpha
from imagetoprompt.images.loading.damaged_files import DAMAGE

Pixels: TypeAlias = NDArray[np.uint8]

# Samples deeper than eight bits; Pillow would clip rather than scale them.
DEEP_MODES: Final = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})

# Modes with an alpha channel, premultiplied or not.
ALPHA_MODES: Final = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})

# Longer side at which the most detailed observer works: text is recognized at this size.
ENOUGH: Final = 1600
# Pictures of more pixels, over twice the needed size each way, are reduced while decoding.
MANY: Final = 4 * ENOUGH * ENOUGH


def to_srgb_pixels(image: Image.Image) -> Pixels:
    """The image as sRGB pixels (height x width x 3, uint8), its transparency on neutral gray."""
    profile = image.info.get("icc_profile")
    if image.mode in DEEP_MODES:
        image = Image.fromarray(to_8_bit(np.asarray(image)))
    if _has_alpha(image):
        whole = _reduced(image.convert("RGBA"))
        colors = _converted(whole.convert("RGB"), profile)
        return flatten_alpha(colors, np.asarray(whole.getchannel("A")))
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    return _converted(_reduced(image), profile)


def _reduced(image: Image.Image) -> Image.Image:
    """The image, averaged down by a whole factor when it has over MANY pixels."""
    if image.width * image.height <= MANY:
        return image
    return image.reduce(max(1, max(image.size) // ENOUGH))


def to_8_bit(samples: NDArray[np.generic]) -> Pixels:
    """Samples of any depth as eight bits.

    Unsigned 16-bit samples use their whole range. Wider integers and floats use the first of
    0..1 (floats only), 0..255 and 0..65535 that holds them all, else the range that they have.
    """
    if samples.dtype.str[1:] == "u2":
        return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
    values = np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    ranges = [1.0, 255.0, 65535.0][samples.dtype.kind != "f" :]
    top = next((each for each in ranges if low >= 0 and high <= each), None)
    if top is None:
        values, top = values - low, max(high - low, 1e-9)
    eight: Pixels = np.rint(values * np.float32(255 / top)).clip(0, 255).astype(np.uint8)
    return eight


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ALPHA_MODES or "transparency" in image.info


def _converted(image: Image.Image, profile: object) -> Pixels:
    """The image in sRGB by its embedded profile; one that is broken or does not fit is ignored."""
    if isinstance(profile, bytes) and profile:
        try:
            return _by_profile(image, profile)
        except (ImageCms.PyCMSError, *DAMAGE):
            pass
    return _plain(image)


def _plain(image: Image.Image) -> Pixels:
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _by_profile(image: Image.Image, profile: bytes) -> Pixels:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if "srgb" in (source.profile.profile_description or "").lower():
        return _plain(image)
    fast = apply_icc_profile(np.asarray(image), profile) if image.mode == "RGB" else None
    if fast is not None:
        return fast
    target = ImageCms.createProfile("sRGB")
    done = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    return _plain(image if done is None else done)


Floats = NDArray[np.float32]

# Columns: the XYZ of sRGB's red, green and blue under D50 (IEC 61966-2-1, adapted as in its ICC
# profile), which is the light that all profiles refer to.
SRGB: Final = np.array(
    [[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]]
)
# Steps of linear light from which sRGB is looked up: fine enough that the darkest step is a
# quarter of an 8-bit level.
STEPS: Final = 16384
# Rows that are converted at once: few enough to stay in the processor's cache.
STRIP: Final = 32
# Parameters of the parametric curves that are met, by type, in order g a b c d e f (ICC.1:2022,
# 10.18); the others are left to LittleCMS.
_PARAMETERS: Final = {0: 1, 3: 5, 4: 7}
_CURVES: Final = (b"rTRC", b"gTRC", b"bTRC")
_COLUMNS: Final = (b"rXYZ", b"gXYZ", b"bXYZ")
_MAX_TAGS: Final = 100


def apply_icc_profile(pixels: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8] | None:
    """RGB pixels (height x width x 3) in sRGB; None when the profile is of another kind.

    A damaged profile raises ValueError, IndexError or struct.error.
    """
    tags = _tags(profile)
    if not _is_shaper(profile, tags):
        return None
    curves = np.stack([_curve(tags[name]) for name in _CURVES], axis=-1)
    columns = np.stack([_fixed(tags[name][8:20]) for name in _COLUMNS], axis=-1)
    matrix = (np.linalg.inv(SRGB) @ columns * (STEPS - 1)).astype(np.float32)
    done, encoded = np.empty_like(pixels), _encoded()
    for top in range(0, len(pixels), STRIP):
        rows = slice(top, top + STRIP)
        light = cv2.transform(cv2.LUT(pixels[rows], curves[None]), matrix)
        np.take(encoded, cv2.max(light, 0).astype(np.uint16), mode="clip", out=done[rows])
    return done


def _is_shaper(profile: bytes, tags: dict[bytes, bytes]) -> bool:
    if profile[16:20] != b"RGB " or b"A2B0" in tags or not {*_CURVES, *_COLUMNS} <= tags.keys():
        return False
    kinds = {(tags[name][:4], tags[name][8:10]) for name in _CURVES}
    known = {(b"para", bytes([0, kind])) for kind in _PARAMETERS}
    return all(kind[0] == b"curv" or kind in known for kind in kinds)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """The data of each tag by its name, from the table behind the header of 128 bytes."""
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > _MAX_TAGS:
        raise ValueError("a profile with too many tags")
    entries = [struct.unpack_from(">4sII", profile, 132 + 12 * index) for index in range(count)]
    return {name: profile[start : start + size] for name, start, size in entries}


def _fixed(data: bytes) -> NDArray[np.float64]:
    """Numbers of 16 bits before and 16 behind the point (s15Fixed16)."""
    return np.frombuffer(data[: len(data) // 4 * 4], ">i4") / 65536


def _curve(data: bytes) -> Floats:
    """Linear light, 0 to 1, for each of the 256 values of a sample."""
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


def _parametric(x: NDArray[np.float64], kind: int, given: NDArray[np.float64]) -> Floats:
    """The curve of ICC.1:2022 table 70: a power above a point, a line below it."""
    g, a, b, c, d, e, f = (*given[: _PARAMETERS[kind]], *[0.0] * 7)[:7]
    if kind == 0:
        a = 1.0
    power = np.power(np.maximum(a * x + b, 0), g) + e
    curve: Floats = np.where(x >= d, power, c * x + f).astype(np.float32)
    return curve


def _encoded() -> NDArray[np.uint8]:
    """The sRGB sample for each step of linear light (IEC 61966-2-1)."""
    light = np.linspace(0, 1, STEPS)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    samples: NDArray[np.uint8] = np.rint(255 * curved).astype(np.uint8)
    return samples
