"""Addresses: every control of the page leads to one, and each is an ask.

`tidied` turns what plain forms send into the fields that `asking.from_pairs` reads, so that the
page works without scripts. It does not know scenes or HTML.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from imagetoprompt.errors import UnknownNameError
from imagetoprompt.facts.edits import preset
from imagetoprompt.web.query import PageQuery, format_query

Pair: TypeAlias = tuple[str, str]
Pairs: TypeAlias = tuple[Pair, ...]

# Fields of which the last one counts.
SINGLE: Final = (
    "for", "emphasis", "task", "strength", "mask", "scale", "seed", "engine", "job",
    "left", "top", "right", "bottom",
)  # fmt: skip
# Fields of the forms that edit a fact and that take facets from another picture.
HELPERS: Final = ("facet", "words", "how", "old", "aside", "taking")


def pairs(wanted: PageQuery) -> Pairs:
    """The fields that stand for an ask."""
    return tuple(parse_qsl(format_query(wanted), keep_blank_values=True))


def address(picture: str, fields: Iterable[Pair]) -> str:
    """The page of a picture with these fields."""
    asked = urlencode(list(fields))
    return f"/p/{picture}?{asked}" if asked else f"/p/{picture}"


def tidied(given: Iterable[Pair]) -> Pairs:
    """The fields without empty ones, repeats, and those that a later one makes void.

    A route sends a visitor on to `address(picture, tidied(given))` when that differs from what was
    given, so that the address bar always shows the plain form.
    """
    kept: list[Pair] = []
    for name, value in _plain([(name, value.strip()) for name, value in given]):
        _VOIDS.get(name, _repeats)(kept, name, value)
    return tuple(kept)


def joined(fields: Pairs, *more: Pair) -> Pairs:
    """The fields with more of them, tidied."""
    return tidied((*fields, *more))


def without(fields: Pairs, *gone: Pair) -> Pairs:
    """The fields without some."""
    return tuple(each for each in fields if each not in gone)


def _plain(given: list[Pair]) -> list[Pair]:
    """What the fields of the small forms stand for, after all others."""
    last = dict(given)
    fields = [each for pair in given if pair[0] not in HELPERS for each in _parted(pair)]
    facet, words, old = last.get("facet", ""), last.get("words", ""), last.get("old", "")
    if facet and words and last.get("how") == "set" and old:
        fields += [("remove", f"{facet}={old}"), ("add", f"{facet}={words}")]
    elif facet and words:
        fields.append(("add" if last.get("how") == "add" else "set", f"{facet}={words}"))
    taken = [value for name, value in given if name == "taking" and value]
    return fields + [("take", f"{each}={last['aside']}") for each in taken if last.get("aside")]


def _parted(pair: Pair) -> list[Pair]:
    """The field itself, or one for each of several words to exclude; none for an empty one."""
    name, value = pair
    parts = value.split(",") if name == "exclude" else [value]
    return [(name, part.strip()) for part in parts if part.strip()]


def _facet(value: str) -> str:
    return value.partition("=")[0].strip()


def _drop(kept: list[Pair], gone: Callable[[Pair], bool]) -> None:
    kept[:] = [each for each in kept if not gone(each)]


def _repeats(kept: list[Pair], name: str, value: str) -> None:
    """The last of a single field; of the others each once."""
    _drop(kept, lambda each: each[0] == name and (name in SINGLE or each[1] == value))
    kept.append((name, value))


def _sets(kept: list[Pair], name: str, value: str) -> None:
    """A facet that is set, or removed as a whole, forgets what was done to it before."""
    whole = name == "set" or "=" not in value
    facet = _facet(value)
    edits = ("set", "add", "remove")
    _drop(kept, lambda each: whole and each[0] in edits and _facet(each[1]) == facet)
    _repeats(kept, name, value)


def _locks(kept: list[Pair], name: str, value: str) -> None:
    """A lock undoes an unlocking and the other way round."""
    _drop(kept, lambda each: each[0] in ("lock", "unlock") and _facet(each[1]) == _facet(value))
    if name == "lock":
        kept.append((name, value))


def _takes(kept: list[Pair], name: str, value: str) -> None:
    _drop(kept, lambda each: each[0] == name and _facet(each[1]) == _facet(value))
    kept.append((name, value))


def _presets(kept: list[Pair], name: str, value: str) -> None:
    """A preset takes the place of those of its kind that set the same facets."""
    _drop(kept, lambda each: each[0] == name and _alike(each[1], value))
    kept.append((name, value))


def _alike(one: str, other: str) -> bool:
    try:
        first, second = preset(one), preset(other)
    except UnknownNameError:
        return one == other
    shared = {e.facet for e in first.edits} & {e.facet for e in second.edits}
    return first.kind == second.kind and bool(shared)


_VOIDS: Final = {
    "set": _sets,
    "remove": _sets,
    "lock": _locks,
    "unlock": _locks,
    "take": _takes,
    "preset": _presets,
}
