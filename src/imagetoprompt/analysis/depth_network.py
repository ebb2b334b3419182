"""Depth by an ONNX network that the user names, such as MiDaS, DPT or Depth Anything.

It has one input, 1 x 3 x height x width of float32 RGB, scaled by the means and deviations of
ImageNet, and gives inverse depth: larger is nearer. Networks that give meters do not fit.
"""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imagetoprompt.errors import MissingPartError
from imagetoprompt.models.runtime import OnnxSession
from imagetoprompt.settings import variable

Floats = NDArray[np.float32]

MEAN: Final = (0.485, 0.456, 0.406)
DEVIATION: Final = (0.229, 0.224, 0.225)
# The shorter side, and the step of the longer one: multiples of the patches of 14, 16 and 32 pixels
# that these networks use.
SHORTER_SIDE: Final = 448
LONGER_SIDE_STEP: Final = 224
MAX_LONGER_SIDE: Final = 896

_LOADING: Final = Lock()


def network_depth(pixels: NDArray[np.uint8], model: str) -> Floats:
    """Nearness of each pixel, 1 near, 0 far; MissingPartError when the model cannot be run."""
    with _LOADING:
        session = _session(model)
    height, width = pixels.shape[:2]
    size = _size(session.shape, width, height)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    entry = ((small - np.array(MEAN, np.float32)) / np.array(DEVIATION, np.float32))[None]
    depth = _run(session, np.ascontiguousarray(entry.transpose(0, 3, 1, 2)), model)
    low, high = float(depth.min()), float(depth.max())
    scaled = (depth - low) / max(high - low, 1e-9)
    return np.asarray(cv2.resize(scaled, (width, height), interpolation=cv2.INTER_CUBIC))


def _size(shape: tuple[int | str | None, ...], width: int, height: int) -> tuple[int, int]:
    """Width and height of the network's input."""
    if len(shape) == 4 and isinstance(shape[2], int) and isinstance(shape[3], int):
        return shape[3], shape[2]
    longer = SHORTER_SIDE * max(width, height) / min(width, height)
    longer = int(
        min(MAX_LONGER_SIDE, max(SHORTER_SIDE, round(longer / LONGER_SIDE_STEP) * LONGER_SIDE_STEP))
    )
    return (longer, SHORTER_SIDE) if width > height else (SHORTER_SIDE, longer)


def _run(session: OnnxSession, entry: Floats, model: str) -> Floats:
    from onnxruntime.capi.onnxruntime_pybind11_state import (  # noqa: PLC0415
        Fail,
        InvalidArgument,
        RuntimeException,
    )

    try:
        depth = np.squeeze(session.run(entry))
    except (Fail, InvalidArgument, RuntimeException) as error:
        raise _unfit(model, "it does not take 1 x 3 x height x width of float32") from error
    if depth.ndim != 2 or not np.isfinite(depth).all():
        raise _unfit(model, "it does not give one number for each pixel")
    return depth.astype(np.float32)


@cache
def _session(model: str) -> OnnxSession:
    if not Path(model).is_file():
        raise _unfit(model, "there is no such file")
    from onnxruntime.capi.onnxruntime_pybind11_state import (  # noqa: PLC0415
        Fail,
        InvalidGraph,
        InvalidProtobuf,
    )

    try:
        # By its path, not its bytes: a large model keeps its weights in a file beside it.
        return OnnxSession(model)
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise _unfit(model, "it is not an ONNX file") from error


def _unfit(model: str, why: str) -> MissingPartError:
    return MissingPartError(
        f"The depth model '{model}' cannot be used: {why}. Set {variable('depth_model')} to the "
        "ONNX file of a network like MiDaS or Depth Anything, or unset it."
    )
