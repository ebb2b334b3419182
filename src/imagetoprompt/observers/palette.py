"""The palette: the swatches of the picture, how they go together, and a phrase for them.

It does not know what the colors belong to.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from imagetoprompt.analysis.dominant_colors import Floats, dominant_colors
from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import Observation
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table

FACETS: Final = ("palette",)
# Swatches of a picture of this size differ from those of the full size by less than 1 dE00.
ANALYSIS_SIZE: Final = 128
# The chroma of the least colorful primary of sRGB: a poster of pure primaries has saturation 1.
FULL_CHROMA: Final = 0.25
# Below this chroma a color reads as gray; a temperature or hue of it means nothing.
GRAY_CHROMA: Final = 0.022
# Orange and azure, the warmest and the coolest hue of OKLCh, lie opposite on this axis.
WARM_HUE: Final = 60.0


def observe(picture: Picture, /) -> Iterator[Observation]:
    """One observation: the palette in words, with all swatches behind it."""
    lab, areas, accents = picture.once(
        "dominant_colors", lambda: dominant_colors(picture.at(ANALYSIS_SIZE))
    )
    measured = Palette(
        swatches=tuple(
            Swatch(color.to_hex(one), color.color_name(one), round(float(area), 4), bool(accent))
            for one, area, accent in zip(lab, areas, accents, strict=True)
        ),
        scheme=scheme(lab, areas),
        temperature=round(temperature(lab, areas), 3),
        saturation=round(saturation(lab, areas), 3),
    )
    value, confidence = palette_words(lab, areas, accents, measured)
    yield Observation("palette", value, confidence, "pixels", measured)


def temperature(lab: Floats, areas: Floats) -> float:
    """-1 cool to 1 warm: how far the colorful area lies towards orange or azure."""
    chroma = color.chroma(lab)
    warmth = chroma * np.cos(np.radians(color.hue(lab) - WARM_HUE))
    return float((areas * warmth).sum() / (areas * (chroma + GRAY_CHROMA)).sum())


def saturation(lab: Floats, areas: Floats) -> float:
    """0 for gray, 1 for pure primaries: mean chroma of the area."""
    mean = float((areas * color.chroma(lab)).sum() / areas.sum())
    return min(1.0, mean / FULL_CHROMA)


def scheme(lab: Floats, areas: Floats) -> str:
    """How the hues go together, by the groups of hues that hold a twelfth of the color."""
    chroma = color.chroma(lab)
    if float((areas * chroma).sum() / areas.sum()) < GRAY_CHROMA * 0.6:
        return "achromatic"
    hues = _hue_groups(color.hue(lab), areas * np.maximum(chroma - GRAY_CHROMA / 2, 0))
    gaps = sorted(_apart(one, other) for i, one in enumerate(hues) for other in hues[i + 1 :])
    if not gaps:
        return "monochrome"
    return _relation(gaps, len(hues))


def _hue_groups(hues: Floats, weights: Floats) -> list[float]:
    """The hues of groups 30 degrees wide that weigh at least a twelfth, the heaviest first."""
    groups: list[tuple[float, float]] = []
    for place in np.argsort(-weights, kind="stable"):
        hue, weight = float(hues[place]), float(weights[place])
        near = [i for i, (middle, _) in enumerate(groups) if _apart(hue, middle) < 30]
        if near:
            groups[near[0]] = groups[near[0]][0], groups[near[0]][1] + weight
        else:
            groups.append((hue, weight))
    least = sum(weight for _, weight in groups) / 12
    return [hue for hue, weight in groups if weight >= least]


def _relation(gaps: list[float], groups: int) -> str:
    """The name of the relation between two or three hues, by the angles between them."""
    if gaps[-1] <= 75:
        return "analogous"
    if groups == 2:
        return "complementary" if gaps[0] >= 135 else "varied"
    if groups == 3 and gaps[0] >= 90:
        return "triadic"
    if groups == 3 and gaps[1] >= 125:
        return "split complementary" if gaps[0] > 35 else "complementary"
    return "varied"


def _apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


def color_family(lab: Floats) -> str:
    """The plain family of a color: black, gray, white, brown, beige, or a hue."""
    light, chroma, hue = float(lab[0]), float(color.chroma(lab)), float(color.hue(lab))
    rules = table("colors")["families"]
    if light < 0.2 or chroma < (GRAY_CHROMA if light > 0.35 else GRAY_CHROMA * 1.4):
        return "black" if light < 0.3 else "white" if light > 0.9 else "gray"
    if rules["beige"]["from"] <= hue < rules["beige"]["to"] and chroma < rules["beige"]["chroma"]:
        return "beige" if light > 0.72 else "brown"
    if rules["brown"]["from"] <= hue < rules["brown"]["to"] and light < 0.62 and chroma < 0.125:
        return "brown"
    return [str(row["name"]) for row in table("colors")["hues"] if row["from"] <= hue][-1]


def palette_words(
    lab: Floats, areas: Floats, accents: np.ndarray, measured: Palette
) -> tuple[str, float]:
    """The phrase of an art director, and how surely it covers the picture."""
    shares = _shares(lab, areas)
    body, covered = _body(shares, measured, float((lab[:, 0] * areas).sum() / areas.sum()))
    extra = [swatch.name for swatch in measured.swatches if swatch.accent][:1]
    clauses = [body, *(f"{name} accent colors" for name in extra if name not in body)]
    return ", ".join(clauses), round(0.55 + 0.4 * min(1.0, covered), 3)


def _shares(lab: Floats, areas: Floats) -> dict[str, tuple[float, int]]:
    """Each family's share of what strikes the eye, and its largest swatch; heaviest first."""
    weights = areas * (0.3 + np.minimum(color.chroma(lab) / 0.12, 1))
    weights = weights / weights.sum()
    found: dict[str, tuple[float, int]] = {}
    for place, weight in enumerate(weights):
        kind = color_family(lab[place])
        share, first = found.get(kind, (0.0, place))
        found[kind] = share + float(weight), first
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def _body(
    shares: dict[str, tuple[float, int]], measured: Palette, light: float
) -> tuple[str, float]:
    """The main clause and the share of the picture that it speaks of."""
    names = list(shares)
    neutral, earth = table("colors")["families"]["neutral"], table("colors")["families"]["earth"]
    share = sum(shares[name][0] for name in names if name in neutral)
    if share > 0.93:
        return _gray(shares, measured), share
    share = sum(shares[name][0] for name in names if name in earth)
    if share > 0.75 and len([name for name in names if name in earth]) > 1:
        return f"{_strength(measured, light, 'warm')} earth tones", share
    if shares[names[0]][0] > 0.75:
        return _single(names[0], measured, light), shares[names[0]][0]
    share = shares[names[0]][0] + shares[names[1]][0]
    if share > 0.6:
        pair = " and ".join(measured.swatches[shares[name][1]].name for name in names[:2])
        return f"{pair} palette", share
    return f"{_strength(measured, light)} multicolored palette".lstrip(), 0.8


def _gray(shares: dict[str, tuple[float, int]], measured: Palette) -> str:
    dark, bright = shares.get("black", (0.0, 0))[0], shares.get("white", (0.0, 0))[0]
    if min(dark * 3, bright) > 0.08:
        return "black and white tones"
    if measured.scheme != "achromatic" and abs(measured.temperature) > 0.12:
        return f"{'warm' if measured.temperature > 0 else 'cool'} gray tones"
    return "dark gray tones" if dark > 0.6 else "white tones" if bright > 0.8 else "gray tones"


def _single(name: str, measured: Palette, light: float) -> str:
    if name in table("colors")["families"]["neutral"]:
        return f"{name} tones"
    if measured.scheme == "monochrome":
        return f"monochrome {name} tones"
    return f"{_strength(measured, light)} {name} tones".lstrip()


def _strength(measured: Palette, light: float, otherwise: str = "") -> str:
    """The adjective for how colorful and how light it is; `otherwise` when it is neither."""
    if measured.saturation > 0.55:
        return "vivid"
    if light > 0.8 and measured.saturation > 0.1:
        return "pastel"
    if measured.saturation < 0.28:
        return "dark muted" if light < 0.35 else "muted"
    return "deep" if light < 0.35 else otherwise
