"""The text that Stable Diffusion WebUI and its forks write (infotext).

Parsed here, since sd-parsers requires a sampler and so rejects what SD.Next writes.
"""

import re
from typing import Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata

PLACES: Final = ("parameters", "UserComment", "stealth", "ImageDescription", "comment")
_SETTING: Final = re.compile(r'\s{0,8}(\w[\w \-/]{0,40}):\s{0,8}("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
# The WebUI itself takes a last line for settings when at least this many are in it.
_FEWEST: Final = 3
_NEGATIVE: Final = "Negative prompt:"
_MOST: Final = 40


def read(metadata: Metadata) -> EmbeddedPrompt | None:
    """The prompt from the first place that holds such a text; None when none does."""
    found = (_parsed(metadata.info.get(place, "")) for place in PLACES)
    return next((origin for origin in found if origin is not None), None)


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
    """The settings in a line, in its order; none when it is not such a line."""
    found = [(key.strip(), value.strip().strip('"')) for key, value in _SETTING.findall(line)]
    names = {key for key, _ in found}
    if len(found) < _FEWEST or not names & {"Steps", "Seed", "Sampler", "CFG scale"}:
        return {}
    return {key: value[:200] for key, value in found[:_MOST]}


def _prompts(lines: list[str]) -> tuple[str, str]:
    """Prompt and negative prompt; a Template line repeats the prompt before it was expanded."""
    kept = [line for line in lines if not line.startswith(("Template:", "Negative Template:"))]
    for index, line in enumerate(kept):
        if line.startswith(_NEGATIVE):
            negative = [line.removeprefix(_NEGATIVE), *kept[index + 1 :]]
            return "\n".join(kept[:index]).strip(), "\n".join(negative).strip()
    return "\n".join(kept).strip(), ""
