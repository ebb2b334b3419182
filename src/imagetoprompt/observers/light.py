"""`light`: direction, hardness, contrast and color temperature of the light."""

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
# Values of hard, soft and shadowless light on the scale of hardness, 0 to 1.
HARDNESS_VALUES: Final = (1.0, 0.2, 0.0)
# `frontal` of a source within the picture: it shines from well behind the subject.
VISIBLE_SOURCE_FRONTAL: Final = -0.8
VISIBLE_SOURCE_CONFIDENCE: Final = 0.85
# A larger share of blank white is paper: every sketch and two in three cartoons of the PACS data
# have it, and none of 240 photographs.
MAX_PAPER_AREA: Final = 0.4
# The mean direction is trusted as far as the light comes from within these degrees of it.
DIRECTION_TOLERANCE: Final = 45
# Shadows are deep from this contrast and this share of shadows on.
MIN_DEEP_CONTRAST: Final = 0.8
MIN_SHADOW_AREA: Final = 0.2
DEEP_SHADOWS_CONFIDENCE: Final = 0.8


class LightMeasures(NamedTuple):
    """What the networks and the pixel statistics measured."""

    direction: LightDirection
    hardness: LightHardness
    cast: ColorCast
    tones: Tones
    source: VisibleSource | None


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield the measurement with the sure clauses, if any, as its value; then unsure clauses."""
    measures = _measures(picture)
    measured = Light(
        azimuth=_azimuth(measures),
        frontal=round(VISIBLE_SOURCE_FRONTAL if measures.source else measures.direction.frontal, 3),
        hardness=round(
            sum(p * h for p, h in zip(measures.hardness, HARDNESS_VALUES, strict=True)), 3
        ),
        contrast=round(measures.tones.contrast, 3),
        key=measures.tones.key,
        kelvin=measures.cast.kelvin,
    )
    clauses, unsure = list[ScoredClause](), list[ScoredClause]()
    # Blank paper carries a drawing or a cut-out: there is no light of a scene.
    if measures.tones.paper <= MAX_PAPER_AREA:
        adjectives = [*_hardness(measures), *_warmth(measures)]
        nouns = list(_direction_clauses(measured, measures))
        clauses = [*_main_clause(adjectives, nouns, measures), *_tone_clauses(measures.tones)]
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
    """Shadows or none from the direction network; hard or soft from both networks."""
    lit = 1 - direction.hardness[2]
    hard, soft = (
        edge * sqrt(shading) for edge, shading in zip(edges, direction.hardness[:2], strict=False)
    )
    share = hard / (hard + soft) if hard + soft else 0.5
    return LightHardness(lit * share, lit * (1 - share), 1 - lit)


def _azimuth(measures: LightMeasures) -> float | None:
    if measures.source:
        return round(degrees(atan2(measures.source.x - 0.5, 0.5 - measures.source.y)) % 360, 1)
    known = measures.direction.agreement >= MIN_AGREEMENT
    return round(measures.direction.azimuth, 1) if known else None


def _main_clause(
    adjectives: list[ScoredClause], nouns: list[ScoredClause], measures: LightMeasures
) -> Iterator[ScoredClause]:
    """The sure adjectives and the first sure noun as one clause; none if nothing is sure."""
    parts = [clause for clause in adjectives if clause.is_sure]
    noun = next((clause for clause in nouns if clause.is_sure), None)
    if noun is None and _softness(measures) >= clause_thresholds("light")["soft"]:
        noun = ScoredClause("diffuse light", _softness(measures))
    if noun is None and parts:
        noun = ScoredClause("light", 1.0)
    if noun:
        parts.append(noun)
        confidence = min(part.confidence for part in parts)
        yield ScoredClause(" ".join(part.words for part in parts), confidence)


def _as_nouns(adjectives: list[ScoredClause]) -> Iterator[ScoredClause]:
    """Each adjective as a clause of its own."""
    for words, confidence, needed in adjectives:
        yield ScoredClause(f"{words} light", confidence, needed)


def _direction_clauses(measured: Light, measures: LightMeasures) -> Iterator[ScoredClause]:
    """Clauses for where the light comes from, the preferred first."""
    if measures.source:
        yield ScoredClause("backlight", VISIBLE_SOURCE_CONFIDENCE)
        return
    direction, needed = measures.direction, clause_thresholds("light")
    certainty = _direction_confidence(direction)
    is_known = measured.azimuth is not None and certainty >= needed["direction"]
    sector = _sector(direction.azimuth)
    behind = sum(direction.facings[:2])
    if behind >= needed["behind"]:
        where = f" from {sector['from_where']}" if is_known else ""
        yield ScoredClause(f"backlight{where}", min(behind, certainty) if is_known else behind)
        return
    yield ScoredClause("backlight", behind, needed["behind"])
    yield ScoredClause("frontal light", direction.facings[-1], needed["front"])
    if measured.azimuth is not None:
        stands_alone = sector["side"] in ("overhead light", "underlighting")
        words = sector["side"] if stands_alone else f"{sector['side']} from {sector['from_where']}"
        yield ScoredClause(words, certainty, needed["direction"])


def _sector(azimuth: float) -> dict[str, Any]:
    sectors: list[dict[str, Any]] = table("light", __package__)["directions"]
    return [sector for sector in sectors if float(sector["from"]) <= azimuth][-1]


def _direction_confidence(direction: LightDirection) -> float:
    """The probability that the light comes from near the mean direction."""
    near = [
        probability
        for step, probability in enumerate(direction.directions)
        if abs((step * 15 - direction.azimuth + 180) % 360 - 180) <= DIRECTION_TOLERANCE
    ]
    return round(sum(near), 4)


def _softness(measures: LightMeasures) -> float:
    return 1 - measures.hardness.hard


def _hardness(measures: LightMeasures) -> Iterator[ScoredClause]:
    needed = clause_thresholds("light")
    if measures.hardness.hard >= 0.5:
        yield ScoredClause("hard", measures.hardness.hard, needed["hard"])
    else:
        yield ScoredClause("soft", _softness(measures), needed["soft"])


def _warmth(measures: LightMeasures) -> Iterator[ScoredClause]:
    bounds = table("light", __package__)["warmth"]
    warm = measures.cast.probability_between(1e6 / bounds["warm"], 1e6)
    cool = measures.cast.probability_between(0, 1e6 / bounds["cool"])
    words = "warm" if warm > cool else "cool"
    yield ScoredClause(words, max(warm, cool), clause_thresholds("light")["warmth"])


def _tone_clauses(tones: Tones) -> Iterator[ScoredClause]:
    if tones.certainty < clause_thresholds("light")["key"]:
        return
    if tones.key in ("low", "high"):
        yield ScoredClause(f"{tones.key} key", tones.certainty)
    if tones.contrast > MIN_DEEP_CONTRAST and tones.shadows > MIN_SHADOW_AREA:
        yield ScoredClause("deep shadows", DEEP_SHADOWS_CONFIDENCE)
