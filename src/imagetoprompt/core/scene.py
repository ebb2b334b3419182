"""Observation (what one observer claims), Fact (the fused result) and Scene (all facts)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, cast, get_args

from imagetoprompt.core import measurements as measures
from imagetoprompt.core.measurements import Measurement
from imagetoprompt.errors import SceneError, UnknownNameError

VERSION: Final = 1

Facet: TypeAlias = Literal[
    "subject",
    "action",
    "setting",
    "time",
    "weather",
    "season",
    "light",
    "palette",
    "composition",
    "camera",
    "focus",
    "mood",
    "medium",
    "style",
    "text",
]
FACETS: Final[tuple[Facet, ...]] = get_args(Facet)
"""Every facet, in the order in which people describe a picture."""


@dataclass(frozen=True)
class Observation:
    """The claim of one observer: words, confidence 0 to 1, its source, and the measurement.

    `value` has the grammatical form of its facet, given in docs/facets.md. An empty value claims
    nothing in words and only hands over its measurement. `needed`: the confidence from which the
    claim is said, where that is more than its facet's threshold.
    """

    facet: str
    value: str
    confidence: float
    source: str
    measurement: Measurement | None = None
    needed: float = 0.0


@dataclass(frozen=True)
class Fact:
    """One fact of a facet, fused from the observations of all observers.

    `said` is False when the fact is kept but written nowhere; `reason` then says why. Presets leave
    a `locked` fact as it is.
    """

    facet: str
    value: str
    confidence: float
    said: bool = True
    sources: tuple[str, ...] = ()
    measurement: Measurement | None = None
    reason: str = ""
    locked: bool = False


@dataclass(frozen=True)
class EmbeddedPrompt:
    """The generator and prompt that a file names in its metadata, as written there."""

    generator: str
    prompt: str
    negative: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Scene:
    """All facts of a picture in facet order; equal when the contents are.

    size: upright width and height in pixels. origin: the generator and prompt that the file names.
    excluded: what the user wants left out of a new picture. warnings: a sentence on each thing that
    is wrong with the file.
    """

    size: tuple[int, int]
    facts: tuple[Fact, ...] = ()
    origin: EmbeddedPrompt | None = None
    excluded: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def all(self, facet: str) -> tuple[Fact, ...]:
        """Every fact of the facet, said or not, the first one first."""
        return tuple(fact for fact in self.facts if fact.facet == checked_facet(facet))

    def said(self, facet: str) -> tuple[Fact, ...]:
        """The facts of the facet that are to be written."""
        return tuple(fact for fact in self.all(facet) if fact.said)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def to_json(self) -> dict[str, object]:
        """The scene as JSON values, as docs/scene.schema.json has it."""
        return {
            "version": VERSION,
            "size": list(self.size),
            "facts": [_fact_to_json(fact) for fact in self.facts],
            "origin": None if self.origin is None else _origin_to_json(self.origin),
            "excluded": list(self.excluded),
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Scene":
        """The scene that `to_json` gave; SceneError when the JSON is not of that shape."""
        try:
            return _scene_from_json(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SceneError(
                f"This is not a Scene as docs/scene.schema.json has it: {error!r}."
            ) from error


def checked_facet(facet: str) -> str:
    """The facet itself; UnknownNameError when there is no such facet."""
    if facet not in FACETS:
        raise UnknownNameError("facet", facet, FACETS)
    return facet


def in_facet_order(facts: Iterator[Fact]) -> tuple[Fact, ...]:
    """The facts in facet order; the order within a facet is kept."""
    return tuple(sorted(facts, key=lambda fact: FACETS.index(checked_facet(fact.facet))))


def _fact_to_json(fact: Fact) -> dict[str, object]:
    numbers = None if fact.measurement is None else measures.to_json(fact.measurement)
    return {
        "facet": fact.facet,
        "value": fact.value,
        "confidence": fact.confidence,
        "said": fact.said,
        "sources": list(fact.sources),
        "measurement": numbers,
        "reason": fact.reason,
        "locked": fact.locked,
    }


def _origin_to_json(origin: EmbeddedPrompt) -> dict[str, object]:
    return {
        "generator": origin.generator,
        "prompt": origin.prompt,
        "negative": origin.negative,
        "parameters": dict(origin.parameters),
    }


def _scene_from_json(data: Mapping[str, object]) -> Scene:
    if data["version"] != VERSION:
        raise SceneError(f"This Scene has version {data['version']}; this release reads {VERSION}.")
    width, height = cast(list[int], data["size"])
    origin = data.get("origin")
    facts = data["facts"]
    return Scene(
        size=(int(width), int(height)),
        facts=in_facet_order(_fact_from_json(fact) for fact in facts),  # type: ignore[attr-defined]
        origin=None if origin is None else EmbeddedPrompt(**origin),  # type: ignore[arg-type]
        excluded=tuple(data.get("excluded", ())),  # type: ignore[arg-type]
        warnings=tuple(data.get("warnings", ())),  # type: ignore[arg-type]
    )


def _fact_from_json(data: Mapping[str, object]) -> Fact:
    facet = checked_facet(str(data["facet"]))
    numbers = data.get("measurement")
    return Fact(
        facet=facet,
        value=str(data["value"]),
        confidence=float(data["confidence"]),  # type: ignore[arg-type]
        said=bool(data.get("said", True)),
        sources=tuple(data.get("sources", ())),  # type: ignore[arg-type]
        measurement=None if numbers is None else measures.from_json(facet, numbers),  # type: ignore[arg-type]
        reason=str(data.get("reason", "")),
        locked=bool(data.get("locked", False)),
    )
