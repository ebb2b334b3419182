"""The text that Stable Diffusion WebUI and its forks write (infotext).

Parsed here, since sd-parsers requires a sampler and so rejects what SD.Next writes.
"""

import re
from typing import Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata

METADATA_KEYS: Final = ("parameters", "UserComment", "stealth", "ImageDescription", "comment")
_SETTING: Final = re.compile(r'\s{0,8}(\w[\w \-/]{0,40}):\s{0,8}("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
# The WebUI itself reads a last line as settings when it holds at least this many.
_MIN_SETTINGS: Final = 3
_NEGATIVE_PREFIX: Final = "Negative prompt:"
_MAX_SETTINGS: Final = 40


def read(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt from the first metadata key that holds such a text; None when none does."""
    prompts = (_parsed(metadata.info.get(key, "")) for key in METADATA_KEYS)
    return next((prompt for prompt in prompts if prompt is not None), None)


def _parsed(text: str) -> EmbeddedPrompt | None:
    lines = text.strip().splitlines()
    for index in range(len(lines) - 1, -1, -1):
        settings = _settings(lines[index])
        if settings:
            prompt, negative = _prompts(lines[:index])
            generator = settings.get("App", "AUTOMATIC1111")
            return EmbeddedPrompt(generator, prompt, negative, settings)
    return None


def _settings(line: str) -> dict[str, str]:
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
