import gzip
import json

import numpy as np
import pytest
from PIL import Image
from tests.images.loading.encoded_images import encoded

from imagetoprompt.images.loading.decode import decode
from imagetoprompt.images.picture import open_picture
from imagetoprompt.metadata import find_embedded_prompt


def hiding(mark: bytes, data: bytes, bands: str, size: int = 64) -> Image.Image:
    """A gray picture with the data in the lowest bits of its bands, down the columns."""
    message = mark + (8 * len(data)).to_bytes(4, "big") + data
    bits = np.unpackbits(np.frombuffer(message, np.uint8))
    pixels = np.full((size, size, 4), 254, np.uint8)
    channels = slice(3, 4) if bands == "A" else slice(0, 3)
    chosen = pixels[..., channels].swapaxes(0, 1).copy()
    chosen.ravel()[: bits.size] += bits
    pixels[..., channels] = chosen.swapaxes(0, 1)
    return Image.fromarray(pixels if bands == "A" else pixels[..., :3].copy())


def test_novelai_hides_its_notes_in_alpha() -> None:
    comment = json.dumps({"sampler": "k_euler", "scale": 5, "uc": "blurry"})
    notes = {
        "Software": "NovelAI",
        "Source": "NovelAI V3",
        "Description": "a cat",
        "Comment": comment,
    }
    image = hiding(b"stealth_pngcomp", gzip.compress(json.dumps(notes).encode(), mtime=0), "A")

    origin = find_embedded_prompt(open_picture(encoded(image, "PNG")))

    assert origin is not None
    assert (origin.generator, origin.prompt, origin.negative) == ("NovelAI", "a cat", "blurry")


@pytest.mark.parametrize(
    ("mark", "bands"), [(b"stealth_pnginfo", "A"), (b"stealth_rgbinfo", "RGB")]
)
def test_plain_text_is_found_in_either_place(mark: bytes, bands: str) -> None:
    text = "a cat\nSteps: 9, Seed: 1, CFG scale: 7"

    origin = find_embedded_prompt(open_picture(encoded(hiding(mark, text.encode(), bands), "PNG")))

    assert origin is not None
    assert origin.prompt == "a cat"


@pytest.mark.parametrize("data", [b"not gzip at all", gzip.compress(b"\xff\xfe", mtime=0)])
def test_damaged_notes_are_no_error(data: bytes) -> None:
    image = hiding(b"stealth_pngcomp", data, "A")

    assert decode(encoded(image, "PNG")).metadata.info == {}


def test_what_unpacks_to_far_more_is_cut() -> None:
    image = hiding(b"stealth_pngcomp", gzip.compress(b"x" * 9_000_000, mtime=0), "A", 400)

    assert len(decode(encoded(image, "PNG")).metadata.info["stealth"]) == 262_144


def test_an_ordinary_picture_hides_nothing() -> None:
    assert decode(encoded(Image.new("RGBA", (9, 9), (1, 1, 1, 255)), "PNG")).metadata.info == {}
