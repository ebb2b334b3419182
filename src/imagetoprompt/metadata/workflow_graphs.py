"""What ComfyUI, InvokeAI, NovelAI and Fooocus leave in a file, read through sd-parsers.

It does not look into files: it hands the file's texts to the parsers of the generators.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata

# What parsers raise on notes that only look like theirs.
_MISREAD: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_MOST: Final = 40
# sd-parsers searches these with patterns that take very long on long runs of one sign.
_LENGTHS: Final = {
    "Comment": 32_768, "Dream": 8_192, "Software": 200, "Source": 200, "UserComment": 32_768,
    "parameters": 32_768,
}  # fmt: skip
_TRIGGERS: Final = frozenset(
    {
        "parameters", "prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment",
        "UserComment",
    }
)  # fmt: skip


def read(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt that one of the parsers finds, else what a ComfyUI graph encodes as text."""
    if metadata.info.keys().isdisjoint(_TRIGGERS):
        return None
    texts = {name: text[: _LENGTHS.get(name)] for name, text in metadata.info.items()}
    texts.setdefault("parameters", texts.get("UserComment", ""))
    texts.setdefault("workflow", '{"links": []}')
    found = (origin for origin in _parsed(texts) if origin.prompt)
    return next(found, None) or _graph(texts.get("prompt", ""))


def _parsed(texts: dict[str, str]) -> Iterator[EmbeddedPrompt]:
    from sd_parsers.exceptions import ParserError  # noqa: PLC0415 (only a picture with notes)
    from sd_parsers.parsers import MANAGED_PARSERS  # noqa: PLC0415

    for parser in MANAGED_PARSERS:
        with suppress(ParserError, *_MISREAD):
            yield _origin(parser().parse(dict(texts)))


def _origin(info: Any) -> EmbeddedPrompt:  # noqa: ANN401 (sd-parsers has no types)
    settings: dict[str, Any] = {}
    for sampler in info.samplers[:1]:
        settings = {"sampler": sampler.name, **sampler.parameters}
        model = getattr(sampler.model, "name", None)
        # A graph may link to its model instead of naming it; a link is a list.
        settings |= {"model": model} if isinstance(model, str) else {}
    return EmbeddedPrompt(
        generator=str(info.generator.value),
        prompt=_one(info.full_prompt),
        negative=_one(info.full_negative_prompt),
        parameters={str(key): str(value)[:200] for key, value in list(settings.items())[:_MOST]},
    )


def _one(prompt: object) -> str:
    """The prompt as one text; some generators keep a list of lines."""
    lines = prompt if isinstance(prompt, list) else [prompt]
    return ", ".join(str(line).strip() for line in lines if line)


def _graph(text: str) -> EmbeddedPrompt | None:
    """The texts that a ComfyUI graph encodes, for graphs without a sampler that is known."""
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
            side.update(dict.fromkeys(_written(node.get("inputs"))))
    if not positive:
        return None
    return EmbeddedPrompt("ComfyUI", ", ".join(positive), ", ".join(negative))


def _written(inputs: object) -> Iterator[str]:
    """The texts typed into a node; what comes over a link is a list, not a text."""
    if isinstance(inputs, Mapping):
        for name in ("text", "text_g", "text_l", "t5xxl", "clip_l", "prompt"):
            if isinstance(inputs.get(name), str) and inputs[name].strip():
                yield inputs[name].strip()
