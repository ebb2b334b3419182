"""Prompts in Midjourney's description, and in JSON with a key for the prompt."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata

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
_MAX_SETTINGS: Final = 40


def read(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt of the first text in a known format; None when there is none."""
    for text in _texts(metadata):
        prompt = _midjourney(text) or _json(text, str(metadata.exif.get("Software", "")))
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


def _midjourney(text: str) -> EmbeddedPrompt | None:
    job = _JOB_ID.search(text)
    if job is None:
        return None
    prompt = text[: job.start()].strip()
    options = {name: value[:200] for name, value in _OPTION.findall(prompt)[:_MAX_SETTINGS]}
    return EmbeddedPrompt("Midjourney", prompt, options.get("no", ""), options)


def _json(text: str, software: str) -> EmbeddedPrompt | None:
    """JSON with a prompt and at least one setting, as SwarmUI, Draw Things and others write it."""
    values = _loaded(text)
    inner = values.get("sui_image_params")
    values = inner if isinstance(inner, dict) else values
    prompt = next((values[key] for key in _PROMPT_KEYS if isinstance(values.get(key), str)), "")
    if not prompt or not any(key in values for key in _SETTING_KEYS):
        return None
    negative = next((values[key] for key in _NEGATIVE_KEYS if isinstance(values.get(key), str)), "")
    generator = "SwarmUI" if inner else str(values.get("software") or software or "unknown")
    return EmbeddedPrompt(generator[:200], prompt.strip(), negative.strip(), _settings(values))


def _settings(values: Mapping[str, Any]) -> dict[str, str]:
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
