import struct
import zlib

import pytest
from tests.images.loading.encoded_images import encoded, quarters

from imagetoprompt.images.loading.decode import decode
from imagetoprompt.images.loading.hidden_metadata import find_c2pa

STORE = b"\0\0\0\x1ejumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\x00"
TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def text(value: str) -> bytes:
    """A CBOR text string (RFC 8949)."""
    data = value.encode()
    head = bytes([0x60 | len(data)]) if len(data) < 24 else bytes([0x78, len(data)])
    return head + data


def action(agent: bytes, kind: str) -> bytes:
    pairs = text("softwareAgent") + agent + text("digitalSourceType") + text(TYPES + kind)
    return b"\xa2" + pairs


def test_text_values_of_a_manifest_are_read() -> None:
    store = (
        STORE
        + action(text("Adobe Firefly"), "trainedAlgorithmicMedia")
        + text("claim_generator")
        + text("Adobe_Firefly c2pa-rs/0.32.6")
    )

    assert find_c2pa(b"before" + store + b"after") == {
        "claim_generator": "Adobe_Firefly c2pa-rs/0.32.6",
        "softwareAgent": "Adobe Firefly",
        "digitalSourceType": "trainedAlgorithmicMedia",
    }


def test_names_inside_maps_are_read() -> None:
    agent = b"\xa1" + text("name") + text("GPT-4o")
    info = b"\x81\xa2" + text("name") + text("ChatGPT") + text("version") + text("1")
    store = STORE + action(agent, "trainedAlgorithmicMedia") + text("claim_generator_info") + info

    assert find_c2pa(store) == {
        "claim_generator": "ChatGPT",
        "softwareAgent": "GPT-4o",
        "digitalSourceType": "trainedAlgorithmicMedia",
    }


def test_json_values_are_read() -> None:
    store = STORE + b'{"softwareAgent": "Imagen", "claim_generator":"Google"}'

    assert find_c2pa(store) == {"claim_generator": "Google", "softwareAgent": "Imagen"}


def test_of_several_source_types_the_one_that_claims_most_is_kept() -> None:
    kinds = ("digitalCapture", "trainedAlgorithmicMedia", "compositeCapture")
    store = STORE + b"".join(action(text("x"), kind) for kind in kinds)

    assert find_c2pa(store)["digitalSourceType"] == "trainedAlgorithmicMedia"


def test_of_several_manifests_the_last_is_the_own_one() -> None:
    store = STORE + b"".join(text("claim_generator") + text(name) for name in ("first", "last"))

    assert find_c2pa(store) == {"claim_generator": "last"}


def test_the_words_alone_are_no_manifest() -> None:
    assert find_c2pa(text("claim_generator") + text("Adobe Firefly")) == {}


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_manifest_cut_short_is_no_error(cut: int) -> None:
    store = STORE + action(text("Adobe Firefly"), "trainedAlgorithmicMedia")

    found = find_c2pa(store[: len(store) - cut])

    assert set(found) <= {"softwareAgent", "digitalSourceType"}


def test_a_manifest_in_a_png_is_found() -> None:
    data = encoded(quarters(), "PNG")
    store = STORE + text("claim_generator") + text("OpenAI-API")
    name = b"caBX"
    chunk = (
        struct.pack(">I", len(store)) + name + store + struct.pack(">I", zlib.crc32(name + store))
    )

    metadata = decode(data[:33] + chunk + data[33:]).metadata

    assert metadata.credentials == {"claim_generator": "OpenAI-API"}
