"""The observers: each looks at a Picture and says what it sees. None knows another, or prompts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from imagetoprompt.core.scene import Observation
from imagetoprompt.registry import Registry

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture


class Observer(Protocol):
    """An observer is a module: the facets it may speak of, and `observe`."""

    @property
    def FACETS(self) -> tuple[str, ...]:  # noqa: N802
        """The facets that it may speak of."""

    def observe(self, picture: "Picture", /) -> Iterator[Observation]:
        """What it sees in the picture."""


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
