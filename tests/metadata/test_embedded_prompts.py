import json
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PIL.ExifTags import Base
from tests.images.loading.encoded_images import encoded, quarters

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata, Picture, open_picture
from imagetoprompt.metadata import find_embedded_prompt


def carrying(**metadata: object) -> Picture:
    """A picture whose file carries this."""
    return Picture(np.zeros((1, 1, 3), np.uint8), (1, 1), "", Metadata(**metadata))  # type: ignore[arg-type]


def told(origin: EmbeddedPrompt | None) -> tuple[str, str, str] | None:
    return None if origin is None else (origin.generator, origin.prompt, origin.negative)


def noted(**info: str) -> EmbeddedPrompt:
    origin = find_embedded_prompt(carrying(info=info))
    assert origin is not None
    return origin


A1111 = (
    "a duck, (on a pond:1.2)\nin the rain\nNegative prompt: monochrome,\nblurry\n"
    'Steps: 15, Sampler: UniPC, CFG scale: 5, Seed: 23, Lora hashes: "a: 1, b: 2", Model: real'
)


def test_a_picture_without_notes_has_no_origin() -> None:
    assert find_embedded_prompt(open_picture(encoded(quarters(), "JPEG"))) is None


@pytest.mark.parametrize("place", ["parameters", "UserComment", "ImageDescription", "comment"])
def test_webui_text_is_read_where_it_is_left(place: str) -> None:
    origin = noted(**{place: A1111})

    assert told(origin) == (
        "AUTOMATIC1111",
        "a duck, (on a pond:1.2)\nin the rain",
        "monochrome,\nblurry",
    )
    assert origin.parameters == {
        "Steps": "15",
        "Sampler": "UniPC",
        "CFG scale": "5",
        "Seed": "23",
        "Lora hashes": "a: 1, b: 2",
        "Model": "real",
    }


def test_sdnext_is_named_and_its_template_left_out() -> None:
    settings = "Steps: 20, Seed: 1, CFG scale: 4, App: SD.Next"
    text = f"a fox\nNegative prompt: \nTemplate: a __animal__\n{settings}"

    assert told(noted(UserComment=text)) == ("SD.Next", "a fox", "")


def test_webui_text_from_a_real_file() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[Base.UserComment] = b"UNICODE\0" + A1111.encode("utf-16-be")

    origin = find_embedded_prompt(open_picture(encoded(quarters(), "JPEG", exif=exif)))

    assert origin is not None
    assert origin.prompt == "a duck, (on a pond:1.2)\nin the rain"


def test_ordinary_comments_are_no_prompt() -> None:
    assert (
        find_embedded_prompt(
            carrying(info={"comment": "Steps to the beach: 15, nice day: yes, Lens: 50mm"})
        )
        is None
    )


GRAPH: Mapping[str, object] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 5,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "model.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a castle", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
}


def test_a_comfyui_graph_is_followed_from_its_sampler() -> None:
    links = [
        [1, 6, 0, 3, 1, "CONDITIONING"],
        [2, 7, 0, 3, 2, "CONDITIONING"],
        [3, 4, 0, 3, 0, "MODEL"],
    ]

    origin = noted(prompt=json.dumps(GRAPH), workflow=json.dumps({"links": links}))

    assert told(origin) == ("ComfyUI", "a castle", "blurry")
    assert (origin.parameters["steps"], origin.parameters["model"]) == ("20", "model.safetensors")


def test_a_comfyui_graph_without_a_workflow_is_read_too() -> None:
    assert told(noted(prompt=json.dumps(GRAPH))) == ("ComfyUI", "a castle", "blurry")


def test_a_graph_without_a_known_sampler_gives_its_encoded_texts() -> None:
    graph = {
        "1": {
            "class_type": "CLIPTextEncodeFlux",
            "inputs": {"t5xxl": "a tower", "clip_l": "a tower"},
        },
        "2": {
            "class_type": "CLIPTextEncode",
            "_meta": {"title": "Negative"},
            "inputs": {"text": "fog"},
        },
        "3": {"class_type": "SaveImage", "inputs": {"text": "not this"}},
    }

    assert told(noted(prompt=json.dumps(graph))) == ("ComfyUI", "a tower", "fog")


def test_invokeai_is_read() -> None:
    note = {
        "positive_prompt": "an oil painting",
        "negative_prompt": "photo",
        "seed": 3,
        "steps": 30,
        "cfg_scale": 7.5,
        "scheduler": "euler",
        "model": {"model_name": "xl"},
    }

    assert told(noted(invokeai_metadata=json.dumps(note))) == (
        "InvokeAI",
        "an oil painting",
        "photo",
    )


def test_novelai_is_read() -> None:
    comment = {
        "sampler": "k_euler",
        "seed": 1,
        "strength": 0.7,
        "noise": 0.2,
        "scale": 11,
        "uc": "bad",
    }
    origin = noted(
        Software="NovelAI",
        Source="Stable Diffusion 1D44365E",
        Description="a girl with a sword",
        Comment=json.dumps(comment),
    )

    assert told(origin) == ("NovelAI", "a girl with a sword", "bad")


def test_fooocus_is_read() -> None:
    note = {
        "prompt": "a goldfish",
        "negative_prompt": "low quality",
        "base_model": "juggernaut",
        "base_model_hash": "ae",
        "sampler": "dpmpp",
        "scheduler": "karras",
        "seed": "6",
        "steps": 30,
        "guidance_scale": 4.0,
        "sharpness": 2.0,
    }

    assert told(noted(parameters=json.dumps(note))) == ("Fooocus", "a goldfish", "low quality")


@pytest.mark.parametrize("place", ["Description", "ImageDescription"])
def test_midjourney_is_read(place: str) -> None:
    text = "a fox in snow --ar 2:1 --no text --v 6 Job ID: a7421d2f-b262-44f9-977c-ac23e9c7d3e3"

    origin = noted(**{place: text})

    assert told(origin) == ("Midjourney", "a fox in snow --ar 2:1 --no text --v 6", "text")
    assert origin.parameters == {"ar": "2:1", "no": "text", "v": "6"}


def test_midjourney_inside_xmp_is_read() -> None:
    xmp = (
        "<x:xmpmeta><dc:description><rdf:Alt><rdf:li>cats &amp; dogs --v 7 Job ID: "
        "a7421d2f-b262-44f9-977c-ac23e9c7d3e3</rdf:li></rdf:Alt></dc:description></x:xmpmeta>"
    )

    assert told(noted(xmp=xmp)) == ("Midjourney", "cats & dogs --v 7", "")


def test_swarmui_is_read() -> None:
    note = {"sui_image_params": {"prompt": "a boat", "negativeprompt": "text", "seed": 4}}

    assert told(noted(parameters=json.dumps(note))) == ("SwarmUI", "a boat", "text")


def test_json_that_has_no_settings_is_no_prompt() -> None:
    assert find_embedded_prompt(carrying(info={"comment": '{"prompt": "enter your name"}'})) is None


def test_credentials_name_a_generator_without_a_prompt() -> None:
    notes = {"claim_generator": "Adobe_Firefly c2pa-rs/0.32.6"}

    assert told(find_embedded_prompt(carrying(credentials=notes))) == ("Adobe Firefly", "", "")


def test_a_camera_that_signs_is_no_generator() -> None:
    notes = {"claim_generator": "LEICA M11-P", "digitalSourceType": "digitalCapture"}

    assert find_embedded_prompt(carrying(credentials=notes)) is None


def test_an_unknown_signer_of_a_generated_picture_is_named() -> None:
    notes = {"claim_generator": "Dreamer/1.0 New", "digitalSourceType": "trainedAlgorithmicMedia"}

    origin = find_embedded_prompt(carrying(credentials=notes))

    assert told(origin) == ("New", "", "")
    assert origin is not None
    assert origin.parameters == {"source type": "trainedAlgorithmicMedia"}


@pytest.mark.parametrize(
    "xmp",
    [
        "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/"
        "trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
        "<photoshop:Credit>Made with Google AI</photoshop:Credit>",
        '<rdf:Description Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/'
        'digitalsourcetype/trainedAlgorithmicMedia" photoshop:Credit="Made with Google AI"/>',
    ],
)
def test_xmp_names_a_generator(xmp: str) -> None:
    origin = noted(xmp=xmp)

    assert told(origin) == ("Made with Google AI", "", "")
    assert origin.parameters == {"source type": "trainedAlgorithmicMedia"}


def test_a_name_that_only_contains_a_generator_is_none() -> None:
    assert (
        find_embedded_prompt(
            carrying(info={"comment": "x"}, exif={"Software": "Imagenomic Portraiture"})
        )
        is None
    )


@pytest.mark.parametrize(
    "info",
    [
        {"parameters": "Steps: , Seed: , Sampler:"},
        {"parameters": "[" * 100_000},
        {"prompt": "[1, 2]", "workflow": '{"links": [[1]]}'},
        {"prompt": '{"3": {"class_type": "KSampler", "inputs": null}}', "workflow": "{}"},
        {"prompt": '{"3": 7}', "workflow": "null"},
        {"Comment": "{}", "Description": "x", "Source": ""},
        {"invokeai_metadata": "[]", "sd-metadata": "1", "Dream": "\x00"},
        {"xmp": "<" * 10_000},
        dict.fromkeys(("parameters", "Source", "Dream", "xmp", "comment"), " " * 262144),
        {"parameters": 'a:"' * 80_000, "Dream": '"a" ' + " -" * 100_000},
        {"parameters": "Hashes:{" * 32_000},
        {"xmp": "DigitalSourceType=" * 14_000, "Description": "--" * 130_000},
        {"Description": "x", "Software": "", "Comment": "{}", "Source": " " * 262_144 + "x"},
    ],
)
def test_corrupt_notes_are_no_error(info: dict[str, str]) -> None:
    origin = find_embedded_prompt(carrying(info=info))

    assert origin is None or origin.prompt == ""


def test_a_prompt_is_preferred_to_a_signature() -> None:
    picture = carrying(info={"parameters": A1111}, credentials={"claim_generator": "OpenAI-API"})

    origin = find_embedded_prompt(picture)

    assert origin is not None
    assert origin.generator == "AUTOMATIC1111"


def test_a_prompt_in_a_real_png_is_found() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("parameters", A1111)

    origin = find_embedded_prompt(open_picture(encoded(quarters(), "PNG", pnginfo=notes)))

    assert origin is not None
    assert origin.negative == "monochrome,\nblurry"
