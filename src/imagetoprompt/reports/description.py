"""The report of `describe` about one picture, its JSON, and the rows of the listings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from imagetoprompt.core.prompt import Profile, Prompt
from imagetoprompt.core.scene import FACETS, VERSION, Fact, Scene
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.targets import TARGETS


@dataclass(frozen=True)
class Report:
    """One picture: its name as given, its facts, and the prompts written from them.

    why: whether to explain each fact (`--explain`).
    """

    picture: str
    scene: Scene
    prompts: tuple[Prompt, ...] = ()
    why: bool = False

    def to_json(self) -> dict[str, object]:
        """The report as JSON values; `scene` and `prompts` have their published schemas."""
        return {
            "version": VERSION,
            "picture": self.picture,
            "scene": self.scene.to_json(),
            "prompts": [prompt.to_json() for prompt in self.prompts],
        }

    def line(self) -> str:
        """The JSON on one line, in ASCII."""
        return json.dumps(self.to_json(), separators=(",", ":"))

    def by_facet(self) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        """Each facet that has facts, with its facts, the said ones first."""
        for facet in FACETS:
            facts = sorted(self.scene.all(facet), key=lambda fact: not fact.said)
            if facts:
                yield facet, tuple(facts)


def profile_heading(prompt: Prompt) -> Profile:
    """The profile of the variant that the prompt was written for."""
    return TARGETS[prompt.target].VARIANTS[prompt.variant]


def report_heading(prompt: Prompt) -> str:
    """What the prompt is for, in words: its title, and the emphasis of an alternative."""
    title = profile_heading(prompt).title
    return title if prompt.emphasis == "balanced" else f"{title}, {prompt.emphasis} first"


def measurement_text(prompt: Prompt) -> str:
    """The length against the limit, as the target counts: '61 of 75 CLIP tokens'."""
    limit = profile_heading(prompt).limit
    return f"{prompt.length} of {limit.count} {limit.unit}"


def settings_line(prompt: Prompt) -> str:
    """The parameters on one line, names and values as the target spells them."""
    return ", ".join(f"{name} {_value(value)}" for name, value in prompt.parameters.items())


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_ALLOWED_CONTROLS: Final = "\n\t"


def printable(text: str) -> str:
    """The text with control characters and lone surrogates replaced by U+FFFD, of the same length.

    Text from a file, or its name, could otherwise send escape sequences to the terminal.
    """
    return "".join(
        "�" if category(char) in {"Cc", "Cs"} and char not in _ALLOWED_CONTROLS else char
        for char in text
    )


EXCLUSION_LABELS = {
    "field": "negative prompt",
    "parameter": "parameter",
    "sentence": "sentence",
    "rewrite": "rewritten positively",
    "none": "none",
}
"""How the list of targets names each way of writing exclusions."""


def target_rows() -> list[tuple[str, ...]]:
    """A heading and one row for each variant; the first variant of a target is its default."""
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
        EXCLUSION_LABELS[profile.negatives],
        ", ".join(f"{source.key} ({source.date})" for source in sources),
    )


def observer_rows() -> list[tuple[str, ...]]:
    """A heading and one row for each observer, with the first sentence of its docstring."""
    rows = [
        (name, ", ".join(OBSERVERS[name].FACETS), _first_sentence(OBSERVERS[name].__doc__ or ""))
        for name in OBSERVERS
    ]
    return [("observer", "facets", "what it does"), *rows]


def _first_sentence(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
