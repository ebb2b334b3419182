"""Effects of a lens and a camera: shallow focus, sharpening, a crop, an instant print.

Shallow focus uses no depth map: the subject is cut out by its box and colors, the rest counts as
far.
"""

from typing import Final, cast

import cv2
import numpy as np

from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, Floats, mix
from imagetoprompt.engines.draft.part_masks import part_mask
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels

# Longer side in pixels at which the background is blurred: a blur has no finer detail.
BLUR_SIZE: Final = 640


def shallow(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Blur the background by a disc of `radius` (share of the longer side); bright spots spread."""
    subject = part_mask(canvas.original, "subject")
    scale = min(1.0, BLUR_SIZE / canvas.longest)
    size = max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))
    small = cv2.resize(canvas.pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    background = np.clip(1 - cv2.resize(subject, size, interpolation=cv2.INTER_AREA), 0, 1)
    soft = _disc_blur(small, background, options["radius"] * max(size))
    soft = cv2.resize(soft, canvas.size, interpolation=cv2.INTER_LINEAR)
    far = np.clip((0.75 - subject) / 0.5, 0, 1)
    return mix(canvas.pixels, cast(Pixels, soft), cast(Floats, far))


def _disc_blur(small: Floats, background: Floats, radius: float) -> Pixels:
    """A disc blur that leaves the subject out, so that it has no halo."""
    reach = max(1, round(radius))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2).astype(np.float32)
    weight = (background + 0.002) * (0.15 + small.max(axis=2) ** 4)
    blurred = cv2.filter2D(small * weight[..., None], -1, disc, borderType=cv2.BORDER_REFLECT)
    total = cv2.filter2D(weight, -1, disc, borderType=cv2.BORDER_REFLECT)
    return cast(Pixels, np.clip(blurred / total[..., None] * 255 + 0.5, 0, 255).astype(np.uint8))


def crisp(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Sharpen fine detail everywhere; what was never sharp stays blurred."""
    made = canvas.pixels
    for radius, amount in ((0.0012, 0.7), (0.004, 0.35)):
        soft = cv2.GaussianBlur(made, (0, 0), max(0.7, radius * canvas.longest))
        made = cv2.addWeighted(made, 1 + amount, soft, -amount, 0)
    return made


def clarity(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Raise local contrast, and leave edges and global tones."""
    soft = cv2.GaussianBlur(canvas.pixels, (0, 0), 0.02 * canvas.longest)
    amount = options["amount"]
    return cast(Pixels, cv2.addWeighted(canvas.pixels, 1 + amount, soft, -amount, 0))


def closer(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Crop around the subject to 1 / `zoom` of each side, and enlarge to the same size."""
    width, height = canvas.size
    main = main_subject(canvas.original)
    box = main.box if main else (0.25, 0.25, 0.5, 0.5)
    share = 1 / options["zoom"]
    wide, high = max(1, round(width * share)), max(1, round(height * share))
    left = round((box[0] + box[2] / 2) * width - wide / 2)
    top = round((box[1] + box[3] * options.get("aim", 0.5)) * height - high / 2)
    left, top = min(max(0, left), width - wide), min(max(0, top), height - high)
    return resized(canvas.pixels[top : top + high, left : left + wide], canvas.size)


def instant(canvas: Canvas, options: EffectOptions) -> Pixels:
    """The picture within the white frame of an instant print, broad at the foot."""
    width, height = canvas.size
    edge, foot = round(0.055 * canvas.longest), round(0.16 * canvas.longest)
    inner = max(1, width - 2 * edge), max(1, height - edge - foot)
    frame = np.empty_like(canvas.pixels)
    frame[:] = (243, 240, 232)
    frame[edge : edge + inner[1], edge : edge + inner[0]] = _covered(canvas.pixels, inner)
    return frame


def _covered(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture scaled and center-cropped to that width and height."""
    height, width = pixels.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    wide, high = max(size[0], round(width * scale)), max(size[1], round(height * scale))
    full = cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA)
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    return np.asarray(full[top : top + size[1], left : left + size[0]])
