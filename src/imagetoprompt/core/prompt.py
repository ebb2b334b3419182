"""Profile: the rules of one target variant. Prompt: the text written for it, with its spans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log, sqrt
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from imagetoprompt.core.scene import FACETS
from imagetoprompt.errors import SceneError

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Task

VERSION: Final = 1

Parameter: TypeAlias = "str | int | float | bool | list[Parameter] | dict[str, Parameter]"
Unit: TypeAlias = Literal["characters", "words", "CLIP tokens", "T5 tokens"]


@dataclass(frozen=True)
class Citation:
    """A key of docs/sources.md, and the date on which it was true, or "undated"."""

    key: str
    date: str


@dataclass(frozen=True)
class Limit:
    """Maximum length of a prompt in the target's own unit; `hard` if it cuts or refuses more."""

    count: int
    unit: Unit
    hard: bool
    source: Citation


@dataclass(frozen=True)
class SizeRule:
    """Which aspect ratios or sizes a target accepts.

    asks: "ratio" or "size" in pixels. separator: stands between the two numbers. allowed: the pairs
    to choose from; without any, a ratio (width / height) from `narrowest` to `widest`, or a size of
    about `area` pixels whose sides are multiples of `multiple` from `min_side` to `max_side`.
    """

    asks: Literal["ratio", "size"]
    source: Citation
    allowed: tuple[tuple[int, int], ...] = ()
    separator: str = ":"
    narrowest: float = 1 / 3
    widest: float = 3
    area: int = 1024 * 1024
    multiple: int = 8
    min_side: int = 64
    max_side: int = 4096

    def nearest(self, size: tuple[int, int]) -> tuple[int, int]:
        """The accepted ratio or size nearest in shape to a width and height.

        Distance is the difference of the logarithms of the ratios, so that 2:1 is as far from
        square as 1:2.
        """
        ratio = size[0] / size[1]
        if self.allowed:
            return min(
                self.allowed, key=lambda pair: (_ratio_distance(pair[0] / pair[1], ratio), -pair[0])
            )
        ratio = min(max(ratio, self.narrowest), self.widest)
        if self.asks == "ratio":
            return _simple_ratio(ratio)
        return self._side(sqrt(self.area * ratio)), self._side(sqrt(self.area / ratio))

    def nearest_text(self, size: tuple[int, int]) -> str:
        """The nearest ratio or size as the target writes it: '3:2', '1536x1024'."""
        width, height = self.nearest(size)
        return f"{width}{self.separator}{height}"

    def _side(self, length: float) -> int:
        rounded = round(length / self.multiple) * self.multiple
        return min(max(rounded, self.min_side), self.max_side // self.multiple * self.multiple)


# A ratio this near is replaced by the simpler one: 1000 x 667 is 3:2.
_RATIO_TOLERANCE: Final = 0.025
# Ratios of cameras and screens, preferred to others with small numbers.
_USUAL_RATIOS: Final = ((16, 9), (9, 16), (16, 10), (10, 16), (21, 9), (9, 21))
# Enough to come within the tolerance of every shape.
_MAX_RATIO_NUMBER: Final = 32


def _ratio_distance(first: float, second: float) -> float:
    return round(abs(log(first / second)), 9)


@lru_cache(maxsize=4096)
def _simple_ratio(ratio: float) -> tuple[int, int]:
    """The ratio of the smallest whole numbers within the tolerance, else the nearest one."""
    numbers = range(1, _MAX_RATIO_NUMBER + 1)
    pairs = [(width, height) for width in numbers for height in numbers]
    near = [pair for pair in pairs if _ratio_distance(pair[0] / pair[1], ratio) <= _RATIO_TOLERANCE]
    return min(
        near or pairs,
        key=lambda pair: (
            (10 if pair in _USUAL_RATIOS else sum(pair)) if near else 0,
            _ratio_distance(pair[0] / pair[1], ratio),
        ),
    )


@dataclass(frozen=True)
class Profile:
    """The facts about one variant of a target, as data.

    manner: "tags" (comma-separated, most important first), "phrases" (what is there as one phrase,
    then tags) or "prose". sentences: which facets stand together, in the order in which the target
    wants them; "facet+" is where the further clauses of a facet go. untold: why facets that are not
    in `sentences` are never written. negatives: how exclusions are given. tasks: what it can do to
    a picture. controls: the kinds of control map that it accepts. mixes_pictures: it accepts other
    pictures beside the edited one, whatever their role. texts, text_length: how many lines of
    visible text it renders, and of how many characters. syntax: the row of
    targets/writing/syntax.toml that keeps values from being read as commands. hexes: colors are
    given as hex with a name. weights: it reads (words:1.2). verbs: it gets whole sentences ("a dog
    is sitting") rather than captions ("a dog sitting").
    """

    target: str
    variant: str
    title: str
    manner: Literal["tags", "phrases", "prose"]
    limit: Limit
    sentences: tuple[tuple[str, ...], ...]
    negatives: Literal["field", "parameter", "sentence", "rewrite", "none"]
    shape: SizeRule
    tasks: "tuple[Task, ...]"
    controls: tuple[str, ...] = ()
    mixes_pictures: bool = False
    untold: Mapping[str, str] = field(default_factory=dict, hash=False)
    texts: int = 3
    text_length: int = 60
    syntax: str = "plain"
    hexes: bool = False
    weights: bool = False
    verbs: bool = False
    defaults: Mapping[str, Parameter] = field(default_factory=dict, hash=False)
    sources: tuple[Citation, ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """The facets that can be told, in the order in which the target wants them."""
        slots = (slot.rstrip("+") for sentence in self.sentences for slot in sentence)
        return tuple(dict.fromkeys(slots))

    @property
    def quotes_text(self) -> bool:
        """Whether words that are visible in the picture can be asked for."""
        return "text" in self.order

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The ratios or sizes in pixels that there are to choose from; () when any is taken."""
        return self.shape.allowed


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
            values["spans"] = tuple(Span(**span) for span in data["spans"])  # type: ignore[attr-defined]
            values["dropped"] = tuple(Dropped(**item) for item in data["dropped"])  # type: ignore[attr-defined]
            return cls(**values)  # type: ignore[arg-type]
        except (KeyError, TypeError) as error:
            raise SceneError(
                f"This is not a Prompt as docs/prompt.schema.json has it: {error!r}."
            ) from error


@dataclass(frozen=True)
class PromptChange:
    """The words of one facet in the prompt before and after; "" where it is not written."""

    facet: str
    before: str
    after: str


def diff(before: Prompt, after: Prompt, /) -> tuple[PromptChange, ...]:
    """The facets whose words differ, in facet order."""
    return tuple(_changes(before, after))


def _changes(before: Prompt, after: Prompt) -> Iterator[PromptChange]:
    for facet in FACETS:
        old, new = included_words(before, facet), included_words(after, facet)
        if old != new:
            yield PromptChange(facet, old, new)


def included_words(prompt: Prompt, facet: str) -> str:
    """All that the prompt says of the facet, its spans joined by ' … '."""
    spans = (prompt.text[span.start : span.end] for span in prompt.spans if span.facet == facet)
    return " … ".join(text.strip(" ,.") for text in spans)


def shared_words(prompt: Prompt, facets: tuple[str, ...]) -> str:
    """The text with the spans of the facets cut out: what an edit of them must leave as it is."""
    own = {
        place
        for span in prompt.spans
        if span.facet in facets
        for place in range(span.start, span.end)
    }
    return "".join(letter for place, letter in enumerate(prompt.text) if place not in own)
