"""Names to plugins, loaded on first use; other packages' plugins come in by entry points."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from imagetoprompt.errors import UnknownNameError

Plugin = TypeVar("Plugin")


class Registry(Generic[Plugin]):
    """Plugins by name, in a fixed order; each is imported when it is first asked for.

    `builtin` maps a name to a module path. Entry points of `group` follow, sorted by name; one
    that repeats a builtin name is ignored, so that no other package silently replaces a builtin.
    """

    def __init__(self, kind: str, group: str, builtin: Mapping[str, str]) -> None:
        self.kind = kind
        self._group = group
        self._builtin = dict(builtin)

    @cached_property
    def _points(self) -> dict[str, EntryPoint]:
        points = sorted(entry_points(group=self._group), key=lambda point: point.name)
        return {point.name: point for point in points if point.name not in self._builtin}

    def canonical(self, name: str, /) -> str:
        """The registered name that a name or an alias means; the name itself when it is unknown.

        A plugin may list further names of its own in ALIASES. Registered names win over aliases.
        """
        if name in self:
            return name
        return next((own for own in self if name in getattr(self[own], "ALIASES", ())), name)

    def names(self) -> tuple[str, ...]:
        """All names: the builtin ones in their order, then those of other packages."""
        return (*self._builtin, *self._points)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __contains__(self, name: object) -> bool:
        return name in self._builtin or name in self._points

    def __getitem__(self, name: str) -> Plugin:
        """The plugin of that name, imported if need be; UnknownNameError if there is none."""
        if name in self._builtin:
            return cast(Plugin, import_module(self._builtin[name]))
        if name in self._points:
            return cast(Plugin, self._points[name].load())
        raise UnknownNameError(self.kind, name, self.names())


def plugin_names(group: str) -> tuple[str, ...]:
    """The names that other packages register in a group of entry points; imports none of them.

    For layers below the registry of that group, which know the built-in names from a table.
    """
    return tuple(sorted(point.name for point in entry_points(group=group)))
