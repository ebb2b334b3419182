"""The targets: each writes a Scene in one generator's dialect. None runs anything."""

from collections.abc import Mapping
from typing import Final, Protocol

from imagetoprompt.prompt import Profile, Prompt
from imagetoprompt.registry import Registry
from imagetoprompt.scene import Scene


class Target(Protocol):
    """A target is a module: its variants, the default one first, and `write`."""

    @property
    def VARIANTS(self) -> Mapping[str, Profile]:  # noqa: N802
        """The Profile of each variant."""

    def write(self, scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
        """The prompt: the same scene gives the same text."""


TARGETS: Final[Registry[Target]] = Registry(
    "target",
    "imagetoprompt.targets",
    {
        name: f"{__name__}.{name}"
        for name in (
            "midjourney",
            "stable_diffusion",
            "flux",
            "openai",
            "firefly",
            "leonardo",
            "ideogram",
        )
    },
)
