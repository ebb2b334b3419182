"""Leonardo AI: prose for Phoenix, Lucid and partner models, phrases for those built on SDXL.

It does not know model ids: the user picks the model.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.prompt import Limit, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.composing import chosen, compose, sized, told_ending

_ERRORS: Final = Source("LEO-ERR", "2026-01-28")
_SDK: Final = Source("LEO-SDK", "2025-02-11")

_PHOENIX: Final = Profile(
    target="leonardo",
    variant="phoenix",
    title="Leonardo Phoenix",
    manner="prose",
    limit=Limit(1500, "characters", hard=True, source=_ERRORS),
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    negatives="field",
    verbs=True,
    shape=Shape("size", _SDK, multiple=8, least=32, most=1536, narrowest=0.45, widest=2.2),
    sources=(_ERRORS, _SDK),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "phoenix": _PHOENIX,
    "xl": replace(
        _PHOENIX,
        variant="xl",
        title="Leonardo's XL models",
        manner="phrases",
        sentences=(
            ("medium", "subject", "action", "setting", "action+", "time", "weather", "season"),
            ("style",),
            ("light",),
            ("palette",),
            ("mood",),
            ("composition",),
            ("camera",),
            ("focus",),
            ("medium+",),
        ),
        untold={"text": "Models built on SDXL do not render words reliably."},
    ),
}
"""The kinds of model, the default one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, the negative prompt, and a width and height of about one megapixel."""
    profile = chosen(VARIANTS, variant)
    return compose(scene, profile, emphasis, told_ending(scene, profile, sized(scene, profile)))
