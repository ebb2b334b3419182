"""The controls: each draws one kind of map that keeps structure while words change style.

The maps are those that ControlNets of the same name were trained on.
"""

from typing import TYPE_CHECKING, Final, Protocol

from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture


class ControlModule(Protocol):
    """A module with `draw`; the first line of its docstring says what the map shows."""

    def draw(self, picture: "Picture", /) -> "Picture":
        """The control map, at the size of the original picture; it depends on the picture alone."""


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
