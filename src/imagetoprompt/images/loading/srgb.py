"""Any mode of image to sRGB: profiles, CMYK, palettes, deep and floating samples, transparency.

It does not know files.
"""

import io
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from imagetoprompt.images.loading.alpha import composite
from imagetoprompt.images.loading.icc import converted
from imagetoprompt.images.loading.quiet import DAMAGE

Pixels: TypeAlias = NDArray[np.uint8]

# Samples deeper than eight bits; Pillow would clip rather than scale them.
DEEP: Final = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})

# Modes with an alpha channel, multiplied in or not.
CLEAR: Final = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})

# No observer looks closer than this at the longer side: words in a picture are read at that size.
ENOUGH: Final = 1600
# Pixels of a picture that is at least twice as large as needed each way; smaller ones stay whole.
MANY: Final = 4 * ENOUGH * ENOUGH


def to_srgb(image: Image.Image) -> Pixels:
    """The image as sRGB pixels (height x width x 3, uint8), its transparency on neutral gray."""
    profile = image.info.get("icc_profile")
    if image.mode in DEEP:
        image = Image.fromarray(shallow(np.asarray(image)))
    if _see_through(image):
        whole = _reduced(image.convert("RGBA"))
        colors = _converted(whole.convert("RGB"), profile)
        return composite(colors, np.asarray(whole.getchannel("A")))
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    return _converted(_reduced(image), profile)


def _reduced(image: Image.Image) -> Image.Image:
    """The image, averaged down by a whole number when it is far larger than anybody looks."""
    if image.width * image.height <= MANY:
        return image
    return image.reduce(max(1, max(image.size) // ENOUGH))


def shallow(samples: NDArray[np.generic]) -> Pixels:
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


def _see_through(image: Image.Image) -> bool:
    return image.mode in CLEAR or "transparency" in image.info


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
    fast = converted(np.asarray(image), profile) if image.mode == "RGB" else None
    if fast is not None:
        return fast
    target = ImageCms.createProfile("sRGB")
    done = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    return _plain(image if done is None else done)
