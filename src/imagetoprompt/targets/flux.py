"""FLUX of Black Forest Labs: prose, the subject first, without negatives or weights.

It does not know strengths or references: FLUX takes those as words of an edit.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.prompt import Limit, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.composing import (
    chosen,
    compose,
    proportioned,
    sized,
    told_ending,
)

_SKILLS: Final = Source("BFL-S", "2026-02-03")
_KONTEXT: Final = Source("BFL-K", "undated")
_API: Final = Source("BFL-O", "2026-10-04")

_FLUX1: Final = Profile(
    target="flux",
    variant="1",
    title="FLUX.1",
    manner="prose",
    limit=Limit(512, "T5 tokens", hard=True, source=_KONTEXT),
    # Subject, action, style, context, lighting, technical (BFL-S, core principles); words early.
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
    ),
    negatives="rewrite",
    shape=Shape("size", Source("COMFY", "2025-10-12"), multiple=32, least=256, most=1440),
    sources=(_SKILLS, _KONTEXT),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "2": replace(
        _FLUX1,
        variant="2",
        title="FLUX.2",
        # 32 000 tokens; characters never come out lower than tokens do.
        limit=Limit(32_000, "characters", hard=True, source=_SKILLS),
        shape=Shape("size", _API, multiple=16, most=2048),
        texts=5,
        hexes=True,
        sources=(_SKILLS, _API),
    ),
    "1": _FLUX1,
    "kontext": replace(
        _FLUX1,
        variant="kontext",
        title="FLUX.1 Kontext",
        shape=Shape("ratio", _API, narrowest=9 / 21, widest=21 / 9),
    ),
}
"""The generations, the current one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, exclusions turned into what is there instead, and the size or ratio."""
    profile = chosen(VARIANTS, variant)
    shape = sized if profile.shape.asks == "size" else proportioned
    return compose(scene, profile, emphasis, told_ending(scene, profile, shape(scene, profile)))
