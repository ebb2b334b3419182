"""The tables of targets and of observers: what there is, read from their own data.

It does not know how a table is drawn.
"""

from imagetoprompt.core.prompt import Profile
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.targets import TARGETS

NEGATIVES = {
    "field": "negative prompt",
    "parameter": "parameter",
    "sentence": "sentence",
    "rewrite": "said the other way round",
    "none": "none",
}
"""How each kind of exclusion is shown."""


def target_rows() -> list[tuple[str, ...]]:
    """A head and one row a variant; the first variant of a target is its default."""
    head = ("for", "title", "written as", "limit", "exclusions", "sources")
    rows = [
        _row(name, number, profile)
        for name in TARGETS
        for number, profile in enumerate(TARGETS[name].VARIANTS.values())
    ]
    return [head, *rows]


def _row(name: str, number: int, profile: Profile) -> tuple[str, ...]:
    limit = f"{profile.limit.count} {profile.limit.unit}"
    sources = dict.fromkeys((*profile.sources, profile.limit.source))
    return (
        f"{name}:{profile.variant}" if number else name,
        profile.title,
        profile.manner,
        limit if profile.limit.hard else f"{limit} advised",
        NEGATIVES[profile.negatives],
        ", ".join(f"{source.key} ({source.date})" for source in sources),
    )


def observer_rows() -> list[tuple[str, ...]]:
    """A head and one row an observer, with the first sentence of its own description."""
    rows = [
        (name, ", ".join(OBSERVERS[name].FACETS), _first_sentence(OBSERVERS[name].__doc__ or ""))
        for name in OBSERVERS
    ]
    return [("observer", "facets", "what it does"), *rows]


def _first_sentence(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
