"""Midjourney: one phrase of what is there, short phrases of how it looks, parameters at the end.

It writes text for a person to paste: there is no official API, and the terms forbid automation.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.prompt import Limit, Parameter, Profile, Prompt, Shape, Source
from imagetoprompt.scene import Scene
from imagetoprompt.targets.phrasing.composing import Ending, chosen, compose, proportioned
from imagetoprompt.targets.phrasing.exclusions import exclusions

_DOCS: Final = Source("MJ-A", "2026-09-23")

_V8: Final = Profile(
    target="midjourney",
    variant="8",
    title="Midjourney V8",
    manner="phrases",
    # No length is published: what comes after some forty to sixty words has no visible effect.
    limit=Limit(60, "words", hard=False, source=Source("MJ-E", "undated")),
    # The vendor's own list of what to mention, in its order (MJ-C).
    sentences=(
        ("medium", "subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("style",),
        ("light",),
        ("palette",),
        ("mood",),
        ("composition",),
        ("camera",),
        ("focus",),
        ("medium+",),
    ),
    negatives="parameter",
    # Any whole numbers are taken; over 2:1 is called experimental, and 3:1 is where it ends here.
    shape=Shape("ratio", _DOCS),
    syntax="midjourney",
    defaults={"v": "8.1"},
    sources=(_DOCS, Source("MJ-C", "2023"), Source("MJ-D", "2023")),
)

VARIANTS: Final[Mapping[str, Profile]] = {
    "8": _V8,
    "7": replace(_V8, variant="7", title="Midjourney V7", defaults={"v": "7"}),
    "6.1": replace(_V8, variant="6.1", title="Midjourney V6.1", defaults={"v": "6.1"}),
    "niji": replace(_V8, variant="niji", title="Niji 7", defaults={"niji": "7"}),
}
"""The versions, the default one first. `--v 8.1` is the V8 whose parameters are documented."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The line to paste after /imagine: phrases, then --ar, --no and the version."""
    profile = chosen(VARIANTS, variant)
    shape = proportioned(scene, profile, "ar")
    banned: list[Parameter] = list(exclusions(scene, profile).words)
    line = [f"--ar {shape['ar']}"]
    line += [f"--no {', '.join(map(str, banned))}"] if banned else []
    line += [f"--{name} {value}" for name, value in profile.defaults.items()]
    parameters = shape | ({"no": banned} if banned else {})
    ending = Ending(f" {' '.join(line)}", alone=False, parameters=parameters)
    return compose(scene, profile, emphasis, ending)
