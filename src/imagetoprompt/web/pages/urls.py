"""Addresses of the page: every state is an address, and every control links to one.

    /p/PICTURE?for=flux&preset=watercolor&set=time=dusk

`tidied` turns what HTML forms send into the fields that `web.query.from_pairs` reads, so that the
page works without scripts.
"""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from imagetoprompt.errors import UnknownNameError
from imagetoprompt.facts.edits import preset
from imagetoprompt.web.query import PageQuery, format_query

Pair: TypeAlias = tuple[str, str]
Pairs: TypeAlias = tuple[Pair, ...]

ALTERNATIVES_FIELD: Final = "alternatives"
"""The field that asks for the prompt with each emphasis; its value is "1"."""
# Fields of which the last one counts.
SINGLE_FIELDS: Final = (
    "for", "emphasis", "task", "strength", "mask", "scale", "seed", "engine", "job",
    "left", "top", "right", "bottom",
)  # fmt: skip
# Fields of the forms that edit a fact or take facets from another picture; they are translated.
FORM_FIELDS: Final = ("facet", "words", "how", "old", "aside", "taking")


def pairs(query: PageQuery) -> Pairs:
    """The fields that stand for an query."""
    return tuple(parse_qsl(format_query(query), keep_blank_values=True))


def address(picture: str, fields: Iterable[Pair]) -> str:
    """The page of a picture with these fields."""
    encoded = urlencode(list(fields))
    return f"/p/{picture}?{encoded}" if encoded else f"/p/{picture}"


def tidied(fields: Iterable[Pair]) -> Pairs:
    """The fields without empty ones, repeats, and those that a later one overrides.

    Routes redirect to `address(picture, tidied(fields))` if that differs from what was requested,
    so that the address bar always shows the short form.
    """
    kept: list[Pair] = []
    for name, value in _translated([(name, value.strip()) for name, value in fields]):
        _ADDERS.get(name, _add)(kept, name, value)
    return tuple(kept)


def joined(fields: Pairs, *more: Pair) -> Pairs:
    """The fields and more of them, tidied."""
    return tidied((*fields, *more))


def without(fields: Pairs, *removed: Pair) -> Pairs:
    """The fields except some."""
    return tuple(pair for pair in fields if pair not in removed)


def without_names(fields: Pairs, names: tuple[str, ...]) -> Pairs:
    """The fields except those of some names."""
    return tuple(pair for pair in fields if pair[0] not in names)


def _translated(fields: list[Pair]) -> list[Pair]:
    """The fields, then the edits that the fields of the small forms stand for."""
    last = dict(fields)
    plain = [part for pair in fields if pair[0] not in FORM_FIELDS for part in _split(pair)]
    facet, words, old = last.get("facet", ""), last.get("words", ""), last.get("old", "")
    if facet and words and last.get("how") == "set" and old:
        plain += [("remove", f"{facet}={old}"), ("add", f"{facet}={words}")]
    elif facet and words:
        plain.append(("add" if last.get("how") == "add" else "set", f"{facet}={words}"))
    source = last.get("aside")
    taken = [value for name, value in fields if name == "taking" and value]
    return plain + [("take", f"{facet}={source}") for facet in taken if source]


def _split(pair: Pair) -> list[Pair]:
    """The field, or one for each comma-separated word to exclude; none for an empty one."""
    name, value = pair
    parts = value.split(",") if name == "exclude" else [value]
    return [(name, part.strip()) for part in parts if part.strip()]


def _facet(value: str) -> str:
    return value.partition("=")[0].strip()


def _drop(kept: list[Pair], dropped: Callable[[Pair], bool]) -> None:
    kept[:] = [pair for pair in kept if not dropped(pair)]


def _add(kept: list[Pair], name: str, value: str) -> None:
    """Keep the last of a single field, and each value of the others once."""
    _drop(kept, lambda pair: pair[0] == name and (name in SINGLE_FIELDS or pair[1] == value))
    kept.append((name, value))


def _add_edit(kept: list[Pair], name: str, value: str) -> None:
    """Setting a facet, or removing it as a whole, overrides earlier edits of the facet."""
    whole = name == "set" or "=" not in value
    facet = _facet(value)
    edits = ("set", "add", "remove")
    _drop(kept, lambda pair: whole and pair[0] in edits and _facet(pair[1]) == facet)
    _add(kept, name, value)


def _add_lock(kept: list[Pair], name: str, value: str) -> None:
    """Lock and unlock of one facet cancel each other."""
    _drop(kept, lambda pair: pair[0] in ("lock", "unlock") and _facet(pair[1]) == _facet(value))
    if name == "lock":
        kept.append((name, value))


def _add_take(kept: list[Pair], name: str, value: str) -> None:
    """A facet is taken from one picture only."""
    _drop(kept, lambda pair: pair[0] == name and _facet(pair[1]) == _facet(value))
    kept.append((name, value))


def _add_preset(kept: list[Pair], name: str, value: str) -> None:
    """A preset replaces those of its kind that set one of its facets."""
    _drop(kept, lambda pair: pair[0] == name and _exclusive(pair[1], value))
    kept.append((name, value))


def _exclusive(first: str, second: str) -> bool:
    try:
        old, new = preset(first), preset(second)
    except UnknownNameError:
        return first == second
    shared = {edit.facet for edit in old.edits} & {edit.facet for edit in new.edits}
    return old.kind == new.kind and bool(shared)


_ADDERS: Final = {
    "set": _add_edit,
    "remove": _add_edit,
    "lock": _add_lock,
    "unlock": _add_lock,
    "take": _add_take,
    "preset": _add_preset,
}
