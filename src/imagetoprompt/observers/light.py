"""The light: where it comes from, how hard, how contrasty and how warm it is.

Several measures are asked, each says how sure it is, and only what is sure enough is worded. It
does not know lamps by name, nor the time of day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, degrees, sqrt
from typing import Final

from imagetoprompt.analysis import lighting as lit
from imagetoprompt.analysis.lighting import (
    LightDirection,
    LightHardness,
    light_direction,
    light_hardness,
)
from imagetoprompt.core.measurements import Light
from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("light",)
# Below this the directions that the shading names are too far apart to tell one.
MIN_AGREEMENT: Final = 0.4
# What hard, soft and shadowless light count as on the scale of hardness.
HARDNESS_SCALE: Final = (1.0, 0.2, 0.0)
# A source within the picture shines from well behind the subject.
VISIBLE_SOURCE_FRONTAL: Final = -0.8


# More blank white than this: every sketch and two cartoons in three of PACS, and none of 240
# photographs.
PAPER_AREA: Final = 0.4


@dataclass(frozen=True)
class LightClause:
    """A few words about the light and how sure they are."""

    words: str
    confidence: float


@dataclass(frozen=True)
class LightReadings:
    """What each of the meters of direction, hardness, color and sources saw."""

    shade: LightDirection
    edges: LightHardness
    cast: lit.ColorCast
    source: lit.VisibleSource | None


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One observation: the sure clauses, with the whole measurement behind them."""
    small = picture.at(128)
    tones, cast, source = (
        lit.tones(small),
        lit.color_cast(small),
        lit.visible_source(picture.at(256)),
    )
    shade = picture.once("light_direction", lambda: light_direction(picture.at(160)))
    edges = _edges(shade, picture.once("light_hardness", lambda: light_hardness(picture.at(160))))
    measured = Light(
        azimuth=_azimuth(shade, source),
        frontal=round(VISIBLE_SOURCE_FRONTAL if source else shade.frontal, 3),
        hardness=round(sum(p * h for p, h in zip(edges, HARDNESS_SCALE, strict=True)), 3),
        contrast=round(tones.contrast, 3),
        key=tones.key,
        kelvin=cast.kelvin,
    )
    # On blank paper there is drawing, or a cut-out: no light of a scene to tell of.
    blank = tones.paper > PAPER_AREA
    clauses = (
        []
        if blank
        else [*_direction(measured, LightReadings(shade, edges, cast, source)), *_tones(tones)]
    )
    value = ", ".join(clause.words for clause in clauses)
    sure = min((clause.confidence for clause in clauses), default=0.0)
    yield Observation("light", value, round(sure, 3), "pixels", measured)


def _edges(shade: LightDirection, edges: LightHardness) -> LightHardness:
    """Whether anything casts shadows, as the shading tells best; hard or soft, as both tell."""
    lit = 1 - shade.hardness[2]
    hard, soft = (one * sqrt(other) for one, other in zip(edges, shade.hardness[:2], strict=False))
    share = hard / (hard + soft) if hard + soft else 0.5
    return LightHardness(lit * share, lit * (1 - share), 1 - lit)


def _azimuth(shade: LightDirection, source: lit.VisibleSource | None) -> float | None:
    if source:
        return round(degrees(atan2(source.x - 0.5, 0.5 - source.y)) % 360, 1)
    return round(shade.azimuth, 1) if shade.agreement >= MIN_AGREEMENT else None


def _direction(measured: Light, seen: LightReadings) -> Iterator[LightClause]:
    """The main clause: hardness and warmth as adjectives, and where the light comes from."""
    parts = [*_hardness(seen.edges), *_warmth(seen.cast)]
    noun = _noun(measured, seen.shade, seen.source)
    if noun is None and _softness(seen.edges) >= table("light", __package__)["worded"]["soft"]:
        noun = LightClause("diffuse light", _softness(seen.edges))
    if noun is None and parts:
        noun = LightClause("light", 1.0)
    if noun:
        parts.append(noun)
        yield LightClause(" ".join(p.words for p in parts), min(p.confidence for p in parts))


def _noun(
    measured: Light, shade: LightDirection, source: lit.VisibleSource | None
) -> LightClause | None:
    worded = table("light", __package__)["worded"]
    if source:
        return LightClause("backlight", 0.85)
    behind, front = sum(shade.facings[:2]), shade.facings[-1]
    sure = _direction_confidence(shade)
    told = measured.azimuth is not None and sure >= worded["direction"]
    if behind >= worded["behind"]:
        where = f" from {_sector(shade.azimuth)['from_where']}" if told else ""
        return LightClause(f"backlight{where}", min(behind, sure) if told else behind)
    if front >= worded["front"]:
        return LightClause("frontal light", front)
    if not told:
        return None
    sector = _sector(shade.azimuth)
    standing = sector["side"] in ("overhead light", "underlighting")
    return LightClause(
        sector["side"] if standing else f"{sector['side']} from {sector['from_where']}", sure
    )


def _sector(azimuth: float) -> dict[str, str]:
    sectors: list[dict[str, str]] = table("light", __package__)["directions"]
    return [each for each in sectors if float(each["from"]) <= azimuth][-1]


def _direction_confidence(shade: LightDirection) -> float:
    """The probability that the light comes from within 45 degrees of the mean direction."""
    near = [
        p
        for i, p in enumerate(shade.directions)
        if abs((i * 15 - shade.azimuth + 180) % 360 - 180) <= 45
    ]
    return round(sum(near), 4)


def _softness(edges: LightHardness) -> float:
    return 1 - edges.hard


def _hardness(edges: LightHardness) -> Iterator[LightClause]:
    least = table("light", __package__)["worded"]
    if edges.hard >= least["hard"]:
        yield LightClause("hard", edges.hard)
    elif _softness(edges) >= least["soft"]:
        yield LightClause("soft", _softness(edges))


def _warmth(cast: lit.ColorCast) -> Iterator[LightClause]:
    words = table("light", __package__)
    bounds, least = words["warmth"], words["worded"]["warmth"]
    warm, cool = cast.chance(1e6 / bounds["warm"], 1e6), cast.chance(0, 1e6 / bounds["cool"])
    if max(warm, cool) >= least:
        yield LightClause("warm" if warm > cool else "cool", round(max(warm, cool), 3))


def _tones(tones: lit.Tones) -> Iterator[LightClause]:
    if tones.certainty < table("light", __package__)["worded"]["key"]:
        return
    if tones.key == "low":
        yield LightClause("low key", tones.certainty)
    elif tones.key == "high":
        yield LightClause("high key", tones.certainty)
    if tones.contrast > 0.8 and tones.shadows > 0.2:
        yield LightClause("deep shadows", 0.8)
