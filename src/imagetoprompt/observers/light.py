"""`light`: where the light comes from, how hard, how contrasty and how warm it is."""

from collections.abc import Iterator
from math import atan2, degrees, sqrt
from typing import Any, Final, NamedTuple

from imagetoprompt.analysis.lighting import (
    ColorCast,
    LightDirection,
    LightHardness,
    Tones,
    VisibleSource,
    color_cast,
    light_direction,
    light_hardness,
    measure_tones,
    visible_source,
)
from imagetoprompt.core.measurements import Light
from imagetoprompt.core.scene import Observation
from imagetoprompt.facts.hedging import ScoredClause, clause_thresholds, unsure_clauses
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("light",)
# Agreement of the directions below which the azimuth is unknown.
MIN_AGREEMENT: Final = 0.4
# What hard, soft and shadowless light count as on the scale of hardness.
HARDNESS_VALUES: Final = (1.0, 0.2, 0.0)
# `frontal` of a source within the picture: it shines from well behind the subject.
VISIBLE_SOURCE_FRONTAL: Final = -0.8
VISIBLE_SOURCE_CONFIDENCE: Final = 0.85
# More blank white than this is paper: every sketch and two cartoons in three of PACS have it, and
# none of 240 photographs.
MAX_PAPER_AREA: Final = 0.4


class LightMeasures(NamedTuple):
    """What the networks and the pixel statistics measured."""

    direction: LightDirection
    hardness: LightHardness
    cast: ColorCast
    tones: Tones
    source: VisibleSource | None


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One claim of the sure clauses, with the whole measurement; then the unsure clauses."""
    seen = _measures(picture)
    measured = Light(
        azimuth=_azimuth(seen),
        frontal=round(VISIBLE_SOURCE_FRONTAL if seen.source else seen.direction.frontal, 3),
        hardness=round(sum(p * h for p, h in zip(seen.hardness, HARDNESS_VALUES, strict=True)), 3),
        contrast=round(seen.tones.contrast, 3),
        key=seen.tones.key,
        kelvin=seen.cast.kelvin,
    )
    clauses, unsure = list[ScoredClause](), list[ScoredClause]()
    # Blank paper carries a drawing or a cut-out: there is no light of a scene.
    if seen.tones.paper <= MAX_PAPER_AREA:
        adjectives, nouns = [*_hardness(seen), *_warmth(seen)], list(_noun(measured, seen))
        clauses = [*_main_clause(adjectives, nouns, seen), *_tone_clauses(seen.tones)]
        unsure = [clause for clause in (*_as_nouns(adjectives), *nouns) if not clause.is_sure]
    value = ", ".join(clause.words for clause in clauses)
    confidence = min((clause.confidence for clause in clauses), default=0.0)
    yield Observation("light", value, round(confidence, 3), "pixels", measured)
    yield from unsure_clauses("light", unsure)


def _measures(picture: Picture) -> LightMeasures:
    small = picture.at(128)
    direction = light_direction(picture.at(160))
    hardness = _combined_hardness(direction, light_hardness(picture.at(160)))
    source = visible_source(picture.at(256))
    return LightMeasures(direction, hardness, color_cast(small), measure_tones(small), source)


def _combined_hardness(direction: LightDirection, edges: LightHardness) -> LightHardness:
    """Whether there are shadows, as the direction network says; hard or soft, as both say."""
    lit = 1 - direction.hardness[2]
    hard, soft = (
        edge * sqrt(shade) for edge, shade in zip(edges, direction.hardness[:2], strict=False)
    )
    share = hard / (hard + soft) if hard + soft else 0.5
    return LightHardness(lit * share, lit * (1 - share), 1 - lit)


def _azimuth(seen: LightMeasures) -> float | None:
    if seen.source:
        return round(degrees(atan2(seen.source.x - 0.5, 0.5 - seen.source.y)) % 360, 1)
    known = seen.direction.agreement >= MIN_AGREEMENT
    return round(seen.direction.azimuth, 1) if known else None


def _main_clause(
    adjectives: list[ScoredClause], nouns: list[ScoredClause], seen: LightMeasures
) -> Iterator[ScoredClause]:
    """Hardness and warmth as adjectives, and where the light comes from."""
    parts = [clause for clause in adjectives if clause.is_sure]
    noun = next((clause for clause in nouns if clause.is_sure), None)
    if noun is None and _softness(seen) >= clause_thresholds("light")["soft"]:
        noun = ScoredClause("diffuse light", _softness(seen))
    if noun is None and parts:
        noun = ScoredClause("light", 1.0)
    if noun:
        parts.append(noun)
        confidence = min(part.confidence for part in parts)
        yield ScoredClause(" ".join(part.words for part in parts), confidence)


def _as_nouns(adjectives: list[ScoredClause]) -> Iterator[ScoredClause]:
    """The adjectives as clauses of their own."""
    for words, confidence, needed in adjectives:
        yield ScoredClause(f"{words} light", confidence, needed)


def _noun(measured: Light, seen: LightMeasures) -> Iterator[ScoredClause]:
    """Where the light comes from: candidates, the preferred first."""
    if seen.source:
        yield ScoredClause("backlight", VISIBLE_SOURCE_CONFIDENCE)
        return
    direction, needed = seen.direction, clause_thresholds("light")
    near = _direction_confidence(direction)
    is_known = measured.azimuth is not None and near >= needed["direction"]
    sector = _sector(direction.azimuth)
    behind = sum(direction.facings[:2])
    if behind >= needed["behind"]:
        where = f" from {sector['from_where']}" if is_known else ""
        yield ScoredClause(f"backlight{where}", min(behind, near) if is_known else behind)
        return
    yield ScoredClause("backlight", behind, needed["behind"])
    yield ScoredClause("frontal light", direction.facings[-1], needed["front"])
    if measured.azimuth is not None:
        stands_alone = sector["side"] in ("overhead light", "underlighting")
        words = sector["side"] if stands_alone else f"{sector['side']} from {sector['from_where']}"
        yield ScoredClause(words, near, needed["direction"])


def _sector(azimuth: float) -> dict[str, Any]:
    sectors: list[dict[str, Any]] = table("light", __package__)["directions"]
    return [sector for sector in sectors if float(sector["from"]) <= azimuth][-1]


def _direction_confidence(direction: LightDirection) -> float:
    """The probability that the light comes from within 45 degrees of the mean direction."""
    near = [
        probability
        for step, probability in enumerate(direction.directions)
        if abs((step * 15 - direction.azimuth + 180) % 360 - 180) <= 45
    ]
    return round(sum(near), 4)


def _softness(seen: LightMeasures) -> float:
    return 1 - seen.hardness.hard


def _hardness(seen: LightMeasures) -> Iterator[ScoredClause]:
    needed = clause_thresholds("light")
    if seen.hardness.hard >= 0.5:
        yield ScoredClause("hard", seen.hardness.hard, needed["hard"])
    else:
        yield ScoredClause("soft", _softness(seen), needed["soft"])


def _warmth(seen: LightMeasures) -> Iterator[ScoredClause]:
    bounds = table("light", __package__)["warmth"]
    warm = seen.cast.probability_between(1e6 / bounds["warm"], 1e6)
    cool = seen.cast.probability_between(0, 1e6 / bounds["cool"])
    words = "warm" if warm > cool else "cool"
    yield ScoredClause(words, max(warm, cool), clause_thresholds("light")["warmth"])


def _tone_clauses(tones: Tones) -> Iterator[ScoredClause]:
    if tones.certainty < clause_thresholds("light")["key"]:
        return
    if tones.key in ("low", "high"):
        yield ScoredClause(f"{tones.key} key", tones.certainty)
    if tones.contrast > 0.8 and tones.shadows > 0.2:
        yield ScoredClause("deep shadows", 0.8)
