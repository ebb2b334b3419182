"""Ideogram: sentences with the visible words early for version 3; a JSON caption for version 4.

It does not know magic prompt's rewriting: that is switched off, so that the text stays as written.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from imagetoprompt.measurement import Palette
from imagetoprompt.prompt import Limit, Parameter, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.captions import caption
from imagetoprompt.targets.phrasing.composing import chosen, compose, proportioned, told_ending

_OPENAPI: Final = Source("IDEO-OA", "2026-06-17")
_GUIDE: Final = Source("IDEO-P2", "undated")
_CAPTIONS: Final = Source("IDEO-P4J", "2026-11-23")

_RATIOS: Final = (
    (1, 1),
    (4, 5),
    (3, 4),
    (2, 3),
    (10, 16),
    (9, 16),
    (1, 2),
    (1, 3),
    (5, 4),
    (4, 3),
    (3, 2),
    (16, 10),
    (16, 9),
    (2, 1),
    (3, 1),
)

_V3: Final = Profile(
    target="ideogram",
    variant="3",
    title="Ideogram 3",
    manner="prose",
    # "Approximately 150-160 words": what is longer may be ignored.
    limit=Limit(150, "words", hard=False, source=_GUIDE),
    sentences=(
        ("text",),
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    negatives="field",
    shape=Shape("ratio", _OPENAPI, allowed=_RATIOS, separator="x"),
    texts=5,
    verbs=True,
    defaults={"magic_prompt": "OFF"},
    sources=(_OPENAPI, _GUIDE, Source("IDEO-P4", "undated")),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "3": _V3,
    "json": replace(
        _V3,
        variant="json",
        title="Ideogram 4 (JSON)",
        limit=Limit(10_000, "characters", hard=True, source=Source("COMFY-D", "undated")),
        sentences=(
            ("subject", "action", "setting", "action+", "time", "weather", "season"),
            ("medium", "style", "camera", "composition", "composition+", "focus"),
            ("light", "palette", "mood"),
            ("text",),
        ),
        negatives="rewrite",
        texts=12,
        text_length=120,
        sources=(_CAPTIONS, Source("IDEO-DEV", "2026-10-02")),
    ),
}
"""Version 3, and the JSON form that version 4 was trained on."""

# Weights run from 0.05 to 1 (IDEO-OA).
_LEAST_WEIGHT: Final = 0.05


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt; version 3 gets the palette as parameters, version 4 inside its JSON."""
    profile = chosen(VARIANTS, variant)
    parameters = proportioned(scene, profile)
    if profile.variant == "json":
        ending = told_ending(scene, profile, parameters)
        how = partial(caption, profile=profile, emphasis=emphasis, instead=ending.text.strip())
        return compose(scene, profile, emphasis, replace(ending, text=""), how)
    parameters |= _color_palette(scene)
    return compose(scene, profile, emphasis, told_ending(scene, profile, parameters))


def _color_palette(scene: Scene) -> dict[str, Parameter]:
    """The measured swatches as members: hex colors weighted by their share of the area."""
    numbers = [fact.measurement for fact in scene.said("palette")]
    swatches = [swatch for each in numbers if isinstance(each, Palette) for swatch in each.swatches]
    members: list[Parameter] = [
        {"color_hex": each.hex, "color_weight": round(min(max(each.area, _LEAST_WEIGHT), 1), 2)}
        for each in swatches
    ]
    return {"color_palette": {"members": members}} if members else {}
