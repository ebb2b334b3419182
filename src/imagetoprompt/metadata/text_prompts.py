"""Read prompts, and the names of generators, from the texts of a file.

    read_infotext            what Stable Diffusion WebUI and its forks write
    read_json_or_midjourney  Midjourney's description, and JSON with a key for the prompt
    read_generator_claim     Content Credentials (C2PA) and IPTC source types, which hold no prompt

Infotext is parsed here, since sd-parsers requires a sampler and so rejects what SD.Next writes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata
from imagetoprompt.lexicon import table

INFOTEXT_KEYS: Final = ("parameters", "UserComment", "stealth", "ImageDescription", "comment")
_SETTING: Final = re.compile(r'\s{0,8}(\w[\w \-/]{0,40}):\s{0,8}("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
# The WebUI itself reads a last line as settings when it holds at least this many.
_MIN_SETTINGS: Final = 3
_NEGATIVE_PREFIX: Final = "Negative prompt:"
_MAX_SETTINGS: Final = 40


def read_infotext(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt from the first metadata key that holds such a text; None when none does."""
    prompts = (_parse_infotext(metadata.info.get(key, "")) for key in INFOTEXT_KEYS)
    return next((prompt for prompt in prompts if prompt is not None), None)


def _parse_infotext(text: str) -> EmbeddedPrompt | None:
    lines = text.strip().splitlines()
    for index in range(len(lines) - 1, -1, -1):
        settings = _infotext_settings(lines[index])
        if settings:
            prompt, negative = _prompts(lines[:index])
            generator = settings.get("App", "AUTOMATIC1111")
            return EmbeddedPrompt(generator, prompt, negative, settings)
    return None


def _infotext_settings(line: str) -> dict[str, str]:
    """The settings in a line, in its order; empty when it is not a line of settings."""
    pairs = [(key.strip(), value.strip().strip('"')) for key, value in _SETTING.findall(line)]
    names = {key for key, _ in pairs}
    if len(pairs) < _MIN_SETTINGS or not names & {"Steps", "Seed", "Sampler", "CFG scale"}:
        return {}
    return {key: value[:200] for key, value in pairs[:_MAX_SETTINGS]}


def _prompts(lines: list[str]) -> tuple[str, str]:
    """Prompt and negative prompt; a Template line repeats the prompt before it was expanded."""
    kept = [line for line in lines if not line.startswith(("Template:", "Negative Template:"))]
    for index, line in enumerate(kept):
        if line.startswith(_NEGATIVE_PREFIX):
            negative = [line.removeprefix(_NEGATIVE_PREFIX), *kept[index + 1 :]]
            return "\n".join(kept[:index]).strip(), "\n".join(negative).strip()
    return "\n".join(kept).strip(), ""


# "a fox in snow --ar 2:1 --v 6 Job ID: a7421d2f-b262-44f9-977c-ac23e9c7d3e3"
_JOB_ID: Final = re.compile(r"Job ID:\s{0,4}([0-9a-f-]{36})", re.IGNORECASE)
_OPTION: Final = re.compile(r"--(\w+)\s*([^-\s][^\s]*)?")
_SETTING_KEYS: Final = (
    "seed",
    "steps",
    "model",
    "sampler",
    "cfg",
    "cfg_scale",
    "cfgscale",
    "scale",
)
_PROMPT_KEYS: Final = ("prompt", "positive_prompt", "c")
_NEGATIVE_KEYS: Final = ("negative_prompt", "negativeprompt", "negativePrompt", "uc")


def read_json_or_midjourney(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt of the first text in a known format; None when there is none."""
    for text in _texts(metadata):
        prompt = _midjourney_prompt(text) or _json_prompt(
            text, str(metadata.exif.get("Software", ""))
        )
        if prompt is not None:
            return prompt
    return None


def _texts(metadata: Metadata) -> Iterator[str]:
    """The texts of the metadata; XMP as the text of each of its elements."""
    for name, text in metadata.info.items():
        if name in ("xmp", "XML:com.adobe.xmp"):
            for element in re.findall(r">([^<>]{8,})<", text):
                yield unescape(element).strip()
        else:
            yield text


def _midjourney_prompt(text: str) -> EmbeddedPrompt | None:
    job = _JOB_ID.search(text)
    if job is None:
        return None
    prompt = text[: job.start()].strip()
    options = {name: value[:200] for name, value in _OPTION.findall(prompt)[:_MAX_SETTINGS]}
    return EmbeddedPrompt("Midjourney", prompt, options.get("no", ""), options)


def _json_prompt(text: str, software: str) -> EmbeddedPrompt | None:
    """JSON with a prompt and at least one setting, as SwarmUI, Draw Things and others write it."""
    values = _loaded(text)
    inner = values.get("sui_image_params")
    values = inner if isinstance(inner, dict) else values
    prompt = next((values[key] for key in _PROMPT_KEYS if isinstance(values.get(key), str)), "")
    if not prompt or not any(key in values for key in _SETTING_KEYS):
        return None
    negative = next((values[key] for key in _NEGATIVE_KEYS if isinstance(values.get(key), str)), "")
    generator = "SwarmUI" if inner else str(values.get("software") or software or "unknown")
    return EmbeddedPrompt(generator[:200], prompt.strip(), negative.strip(), _json_settings(values))


def _json_settings(values: Mapping[str, Any]) -> dict[str, str]:
    plain = {
        str(key): str(value)[:200]
        for key, value in values.items()
        if isinstance(value, str | int | float) and key not in (*_PROMPT_KEYS, *_NEGATIVE_KEYS)
    }
    return dict(list(plain.items())[:_MAX_SETTINGS])


def _loaded(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


_XMP_TYPE: Final = re.compile(
    r"[Dd]igital[Ss]ource[Tt]ype\W{1,4}(?:rdf:resource=\W)?[^<\"']{0,200}/(\w+)"
)
_XMP_TOOL: Final = re.compile(r"(?:CreatorTool|Credit)(?:>|=[\"'])([^<\"']{1,200})")


def read_generator_claim(metadata: Metadata) -> EmbeddedPrompt | None:
    """The generator, if the metadata says that one made the picture or part of it; else None."""
    notes = dict(metadata.credentials)
    xmp = metadata.info.get("xmp", metadata.info.get("XML:com.adobe.xmp", ""))
    tool, kind = _XMP_TOOL.search(xmp), _XMP_TYPE.search(xmp)
    names = [
        notes.get("softwareAgent", ""),
        notes.get("claim_generator", ""),
        tool[1] if tool else "",
        str(metadata.exif.get("Software", "")),
    ]
    source_type = notes.get("digitalSourceType") or (kind[1] if kind else "")
    known = next((name for name in names if _is_generator(name)), "")
    if not known and source_type not in table("generators", __package__)["source_types"]:
        return None
    named = known or next(filter(None, names), "unknown")
    return EmbeddedPrompt(
        _without_library_versions(named),
        "",
        "",
        {"source type": source_type} if source_type else {},
    )


def _is_generator(name: str) -> bool:
    """Whether it contains a known generator as whole words, so not "Imagen" in "Imagenomic"."""
    words = name.casefold().replace("_", " ")
    return any(
        re.search(rf"(?<!\w){re.escape(generator)}(?!\w)", words)
        for generator in table("generators", __package__)["names"]
    )


def _without_library_versions(name: str) -> str:
    """The name without the versions of its libraries ("Adobe_Firefly c2pa-rs/0.32.6")."""
    words = name.replace("_", " ").split()
    kept = [
        word for word in words if "/" not in word and not word.startswith(("c2pa", "adobe-c2pa"))
    ]
    return " ".join(kept or words) or "unknown"
