"""What a lens does: throw the background out of focus, make all of it crisp, come closer.

It does not know real distances: the subject is cut out by its box and colors, and the rest is far.
"""

from typing import Final, cast

import cv2
import numpy as np

from imagetoprompt.analysis.subject_detection import main_subject
from imagetoprompt.engines.draft.canvas import Canvas, Floats, Options, mixed, resized
from imagetoprompt.engines.draft.part_masks import part
from imagetoprompt.images.picture import Pixels

# The background is blurred at this size and enlarged: a blur has no finer detail.
SMALL: Final = 640


def shallow(canvas: Canvas, options: Options) -> Pixels:
    """The background blurred by a round lens of `radius`, brighter spots spreading more."""
    subject = part(canvas.original, "subject")
    scale = min(1.0, SMALL / canvas.longest)
    size = max(1, round(canvas.size[0] * scale)), max(1, round(canvas.size[1] * scale))
    small = cv2.resize(canvas.pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    away = np.clip(1 - cv2.resize(subject, size, interpolation=cv2.INTER_AREA), 0, 1)
    soft = _lens(small, away, options["radius"] * max(size))
    soft = cv2.resize(soft, canvas.size, interpolation=cv2.INTER_LINEAR)
    far = np.clip((0.75 - subject) / 0.5, 0, 1)
    return mixed(canvas.pixels, cast(Pixels, soft), cast(Floats, far))


def _lens(small: Floats, away: Floats, radius: float) -> Pixels:
    """A blur by a disc in which the subject takes no part, so that it leaves no halo."""
    reach = max(1, round(radius))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2).astype(np.float32)
    weight = (away + 0.002) * (0.15 + small.max(axis=2) ** 4)
    blurred = cv2.filter2D(small * weight[..., None], -1, disc, borderType=cv2.BORDER_REFLECT)
    total = cv2.filter2D(weight, -1, disc, borderType=cv2.BORDER_REFLECT)
    return cast(Pixels, np.clip(blurred / total[..., None] * 255 + 0.5, 0, 255).astype(np.uint8))


def crisp(canvas: Canvas, options: Options) -> Pixels:
    """Fine detail raised everywhere; what was never sharp does not become so."""
    made = canvas.pixels
    for radius, amount in ((0.0012, 0.7), (0.004, 0.35)):
        soft = cv2.GaussianBlur(made, (0, 0), max(0.7, radius * canvas.longest))
        made = cv2.addWeighted(made, 1 + amount, soft, -amount, 0)
    return made


def clarity(canvas: Canvas, options: Options) -> Pixels:
    """Contrast of forms raised, that of edges and tones left."""
    soft = cv2.GaussianBlur(canvas.pixels, (0, 0), 0.02 * canvas.longest)
    amount = options["amount"]
    return cast(Pixels, cv2.addWeighted(canvas.pixels, 1 + amount, soft, -amount, 0))


def closer(canvas: Canvas, options: Options) -> Pixels:
    """Cropped around the subject, to 1 / `zoom` of each side, and enlarged to the same size."""
    width, height = canvas.size
    main = main_subject(canvas.original)
    box = main.box if main else (0.25, 0.25, 0.5, 0.5)
    share = 1 / options["zoom"]
    wide, high = max(1, round(width * share)), max(1, round(height * share))
    left = round((box[0] + box[2] / 2) * width - wide / 2)
    top = round((box[1] + box[3] * options.get("aim", 0.5)) * height - high / 2)
    left, top = min(max(0, left), width - wide), min(max(0, top), height - high)
    return resized(canvas.pixels[top : top + high, left : left + wide], canvas.size)
