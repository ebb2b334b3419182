"""The controls: each draws one kind of map that keeps structure while words change style.

None knows another, nor prompts, nor the engine that will read the map.
"""

from typing import TYPE_CHECKING, Final, Protocol

from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture


class ControlModule(Protocol):
    """A control is a module with `draw`; the first line of its docstring says what it keeps."""

    def draw(self, picture: "Picture", /) -> "Picture":
        """The map, as large as the original picture; the same picture gives the same map."""


CONTROLS: Final[Registry[ControlModule]] = Registry(
    "control",
    "imagetoprompt.controls",
    {
        name: f"{__name__}.{name}"
        for name in (
            "canny",
            "softedge",
            "lineart",
            "scribble",
            "depth",
            "normal",
            "pose",
            "segments",
            "tile",
            "recolor",
        )
    },
)
