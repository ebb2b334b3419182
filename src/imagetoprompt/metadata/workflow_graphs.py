"""Prompts that ComfyUI, InvokeAI, NovelAI and Fooocus leave in a file, read through sd-parsers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata

# What the parsers raise on metadata of another format that resembles theirs.
_PARSING_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_MAX_SETTINGS: Final = 40
# sd-parsers searches these with regular expressions that are slow on long runs of one character.
_MAX_LENGTHS: Final = {
    "Comment": 32_768, "Dream": 8_192, "Software": 200, "Source": 200, "UserComment": 32_768,
    "parameters": 32_768,
}  # fmt: skip
_METADATA_KEYS: Final = frozenset(
    {
        "parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment",
        "UserComment",
    }
)  # fmt: skip


def read_workflow_graph(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt that one of the parsers finds, else the encoded texts of a ComfyUI graph."""
    if metadata.info.keys().isdisjoint(_METADATA_KEYS):
        return None
    texts = {name: text[: _MAX_LENGTHS.get(name)] for name, text in metadata.info.items()}
    texts.setdefault("parameters", texts.get("UserComment", ""))
    texts.setdefault("workflow", '{"links": []}')
    parsed = (prompt for prompt in _parsed(texts) if prompt.prompt)
    return next(parsed, None) or _comfyui_graph(texts.get("prompt", ""))


def _parsed(texts: dict[str, str]) -> Iterator[EmbeddedPrompt]:
    from sd_parsers.exceptions import ParserError  # noqa: PLC0415 (only a picture with metadata)
    from sd_parsers.parsers import MANAGED_PARSERS  # noqa: PLC0415

    for parser in MANAGED_PARSERS:
        with suppress(ParserError, *_PARSING_ERRORS):
            yield _embedded_prompt(parser().parse(dict(texts)))


def _embedded_prompt(info: Any) -> EmbeddedPrompt:  # noqa: ANN401 (sd-parsers has no types)
    settings: dict[str, Any] = {}
    for sampler in info.samplers[:1]:
        settings = {"sampler": sampler.name, **sampler.parameters}
        model = getattr(sampler.model, "name", None)
        # A graph may link to its model instead of naming it; a link is a list.
        settings |= {"model": model} if isinstance(model, str) else {}
    return EmbeddedPrompt(
        generator=str(info.generator.value),
        prompt=_joined_lines(info.full_prompt),
        negative=_joined_lines(info.full_negative_prompt),
        parameters={
            str(key): str(value)[:200] for key, value in list(settings.items())[:_MAX_SETTINGS]
        },
    )


def _joined_lines(prompt: object) -> str:
    """The prompt as one text; some generators keep a list of lines."""
    lines = prompt if isinstance(prompt, list) else [prompt]
    return ", ".join(str(line).strip() for line in lines if line)


def _comfyui_graph(text: str) -> EmbeddedPrompt | None:
    """The texts that a ComfyUI graph encodes, for graphs whose sampler is unknown."""
    try:
        nodes = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(nodes, dict):
        return None
    positive: dict[str, None] = {}
    negative: dict[str, None] = {}
    for node in nodes.values():
        if isinstance(node, Mapping) and "TextEncode" in str(node.get("class_type")):
            side = negative if "negative" in str(node.get("_meta")).lower() else positive
            side.update(dict.fromkeys(_typed_texts(node.get("inputs"))))
    if not positive:
        return None
    return EmbeddedPrompt("ComfyUI", ", ".join(positive), ", ".join(negative))


def _typed_texts(inputs: object) -> Iterator[str]:
    """The texts typed into a node; an input that comes over a link is a list."""
    if isinstance(inputs, Mapping):
        for name in ("text", "text_g", "text_l", "t5xxl", "clip_l", "prompt"):
            if isinstance(inputs.get(name), str) and inputs[name].strip():
                yield inputs[name].strip()
