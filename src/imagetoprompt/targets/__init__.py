"""The targets: each writes a Scene in one generator's dialect. None runs anything."""

from collections.abc import Mapping
from typing import Final, Protocol

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Profile, Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.registry import Registry


class Target(Protocol):
    """A target is a module: its title, its variants, the default one first, `write`, `request`.

    It may also have ALIASES, other names that people may type, and PROVIDERS, the services or
    models among which `via` chooses.
    """

    @property
    def TITLE(self) -> str:  # noqa: N802
        """Its name as people know it, such as "Midjourney"."""

    @property
    def VARIANTS(self) -> Mapping[str, Profile]:  # noqa: N802
        """The Profile of each variant."""

    def write(self, scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
        """The prompt: the same scene gives the same text."""

    def request(self, prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
        """The plan as this target takes it: what is pasted or sent; nothing is sent here.

        via: one of PROVIDERS, the first one for no name. UnsupportedTaskError when the prompt's
        variant cannot do the task.
        """


DEFAULT_TARGET: Final = "midjourney"
"""The target whose prompt a new visitor sees first."""

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
