"""The observers: modules that look at a Picture and yield what they see as Observations.

They import neither one another nor anything about prompts.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from imagetoprompt.core.scene import Observation
from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture


class Observer(Protocol):
    """An observer is a module: the facets that it may report, and `observe`."""

    @property
    def FACETS(self) -> tuple[str, ...]:  # noqa: N802
        """The facets that it may report."""

    def observe(self, picture: "Picture", /) -> Iterator[Observation]:
        """Yield what it sees in the picture, each with a confidence from 0 to 1."""


OBSERVERS: Final[Registry[Observer]] = Registry(
    "observer",
    "imagetoprompt.observers",
    {
        name: f"{__name__}.{name}"
        for name in (
            "metadata",
            "objects",
            "people",
            "place",
            "light",
            "palette",
            "composition",
            "camera",
            "focus",
            "medium",
            "text",
        )
    },
)
