"""OpenAI's image models: prose that sets the scene before the subject, constraints at the end.

DALL-E 3 left the API on 2026-05-12; its profile serves where it still answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.prompt import Limit, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.composing import chosen, compose, told_ending
from imagetoprompt.targets.phrasing.shapes import ratio

_SDK: Final = Source("OAI-PY", "2026-08-21")
_GUIDE: Final = Source("OAI-CB", "undated")

_GPT: Final = Profile(
    target="openai",
    variant="gpt-image",
    title="GPT Image",
    manner="prose",
    limit=Limit(32_000, "characters", hard=True, source=_SDK),
    # Background, subject, key details, constraints (OAI-CB).
    sentences=(
        ("setting", "time", "weather", "season", "subject", "action", "action+"),
        ("text",),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
    ),
    negatives="sentence",
    # The three sizes that every GPT Image model takes.
    shape=Shape("size", _SDK, allowed=((1024, 1024), (1536, 1024), (1024, 1536)), separator="x"),
    texts=6,
    sources=(_SDK, _GUIDE),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "gpt-image": _GPT,
    "dalle-3": replace(
        _GPT,
        variant="dalle-3",
        title="DALL-E 3",
        limit=Limit(4000, "characters", hard=True, source=_SDK),
        shape=Shape(
            "size", _SDK, allowed=((1024, 1024), (1792, 1024), (1024, 1792)), separator="x"
        ),
        texts=2,
        text_length=30,
        sources=(_SDK, Source("OAI-DEP", "2026-05-12")),
    ),
}
"""The model families, the live one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt and the `size`, as the images API takes it."""
    profile = chosen(VARIANTS, variant)
    size = {"size": ratio(scene.size, profile.shape)}
    return compose(scene, profile, emphasis, told_ending(scene, profile, size))
