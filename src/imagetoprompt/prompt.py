"""Profile, Prompt, Span, Dropped: what a dialect is, and what was written in it.

Plain values. It does not know any one target: their differences are data in their Profiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from imagetoprompt.errors import SceneError

VERSION: Final = 1

Parameter: TypeAlias = "str | int | float | bool | list[Parameter] | dict[str, Parameter]"
Unit: TypeAlias = Literal["characters", "words", "CLIP tokens", "T5 tokens"]


@dataclass(frozen=True)
class Source:
    """Where a vendor's fact comes from: a key of docs/sources.md and the date it was true."""

    key: str
    date: str


@dataclass(frozen=True)
class Limit:
    """How long a prompt may be, as the target itself counts; `hard` when it cuts or refuses."""

    count: int
    unit: Unit
    hard: bool
    source: Source


@dataclass(frozen=True)
class Profile:
    """The facts about one variant of a target, as data.

    manner: "tags" (comma-separated, most important first), "phrases" (short phrases) or "prose".
    order: the facets in the order in which the target wants them; one that is missing from it
    cannot be told. negatives: how exclusions are given. sizes: (width, height) in pixels, or ()
    when any ratio is taken.
    """

    target: str
    variant: str
    title: str
    manner: Literal["tags", "phrases", "prose"]
    limit: Limit
    order: tuple[str, ...]
    negatives: Literal["field", "parameter", "sentence", "rewrite", "none"]
    quotes_text: bool
    weights: bool = False
    sizes: tuple[tuple[int, int], ...] = ()
    defaults: Mapping[str, Parameter] = field(default_factory=dict, hash=False)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Span:
    """Characters start to end (exclusive) of the text come from this facet."""

    facet: str
    start: int
    end: int


@dataclass(frozen=True)
class Dropped:
    """A fact that is not in the text, and why in one sentence."""

    facet: str
    value: str
    reason: str


@dataclass(frozen=True)
class Prompt:
    """What one target is to be given: `text` is exactly what is pasted or sent.

    `length` counts `text` in the unit of its limit. `emphasis` names the alternative.
    """

    target: str
    variant: str
    text: str
    negative: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)
    spans: tuple[Span, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    length: int = 0
    emphasis: str = "balanced"

    def to_json(self) -> dict[str, object]:
        """The prompt as JSON values, as docs/prompt.schema.json has it."""
        return {
            "version": VERSION,
            "target": self.target,
            "variant": self.variant,
            "emphasis": self.emphasis,
            "text": self.text,
            "negative": self.negative,
            "parameters": dict(self.parameters),
            "spans": [{"facet": s.facet, "start": s.start, "end": s.end} for s in self.spans],
            "dropped": [
                {"facet": d.facet, "value": d.value, "reason": d.reason} for d in self.dropped
            ],
            "length": self.length,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Prompt":
        """The prompt that `to_json` gave; SceneError when the JSON is not of that shape."""
        values = {name: value for name, value in data.items() if name != "version"}
        try:
            if data["version"] != VERSION:
                raise SceneError(f"This release reads Prompts of version {VERSION} only.")
            values["spans"] = tuple(Span(**each) for each in data["spans"])  # type: ignore[attr-defined]
            values["dropped"] = tuple(Dropped(**each) for each in data["dropped"])  # type: ignore[attr-defined]
            return cls(**values)  # type: ignore[arg-type]
        except (KeyError, TypeError) as error:
            raise SceneError(
                f"This is not a Prompt as docs/prompt.schema.json has it: {error!r}."
            ) from error
