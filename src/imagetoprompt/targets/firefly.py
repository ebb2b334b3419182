"""Adobe Firefly: descriptive prose: the subject, its look, the style.

It does not strip artists' names: no fact of ours holds any.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.prompt import Limit, Parameter, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.composing import (
    chosen,
    compose,
    proportioned,
    sized,
    told_ending,
)
from imagetoprompt.targets.phrasing.media import is_photographic

_SPEC: Final = Source("FF", "2026-05-27")

_IMAGE4: Final = Profile(
    target="firefly",
    variant="image4",
    title="Firefly Image 4",
    manner="prose",
    limit=Limit(1024, "characters", hard=True, source=_SPEC),
    # Subject, description, style (Adobe's guide).
    sentences=(
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("text",),
    ),
    negatives="field",
    shape=Shape(
        "size",
        _SPEC,
        allowed=((2048, 2048), (2304, 1792), (1792, 2304), (2688, 1536), (1440, 2560)),
    ),
    texts=2,
    text_length=40,
    sources=(_SPEC,),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "image4": _IMAGE4,
    "image5": replace(
        _IMAGE4,
        variant="image5",
        title="Firefly Image 5",
        limit=Limit(1500, "characters", hard=True, source=_SPEC),
        negatives="rewrite",
        shape=Shape("ratio", _SPEC, allowed=((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))),
    ),
}
"""The model versions."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt, the size or ratio, and the content class of image4."""
    profile = chosen(VARIANTS, variant)
    if profile.shape.asks == "ratio":
        parameters = proportioned(scene, profile, "aspectRatio")
    else:
        parameters = {"size": sized(scene, profile), **_content_class(scene)}
    return compose(scene, profile, emphasis, told_ending(scene, profile, parameters))


def _content_class(scene: Scene) -> dict[str, Parameter]:
    """'photo' or 'art' when the medium is known (FF, contentClass)."""
    media = scene.said("medium")
    if not media:
        return {}
    return {"contentClass": "photo" if is_photographic(media[0].value) else "art"}
