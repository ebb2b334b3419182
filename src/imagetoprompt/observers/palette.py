"""`palette`: the dominant colors, the color scheme, temperature and saturation, and words for them.

Arrays: `lab` holds one OKLab color per swatch, (N, 3); `areas` their shares of the picture, (N,).
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np

from imagetoprompt.analysis.dominant_colors import Floats, dominant_colors
from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.scene import Observation
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.lexicon.english import join_words

FACETS: Final = ("palette",)
# Longer side of the copy that is measured; swatches of the full size differ by less than 1 dE00.
ANALYSIS_SIZE: Final = 128
# Chroma of the least colorful primary of sRGB: a poster of pure primaries has saturation 1.
FULL_CHROMA: Final = 0.25
# A color of less chroma looks gray; its hue means nothing.
GRAY_CHROMA: Final = 0.022
# Hue of orange in OKLCh, in degrees: the warmest, opposite to azure, the coolest.
WARM_HUE: Final = 60.0
# Hues closer than this (degrees) form a group, which counts if it has a twelfth of the color.
HUE_GROUP_WIDTH: Final = 30
MIN_HUE_GROUP_SHARE: Final = 1 / 12
# Two families that have this share between them name the palette; else three are named.
MIN_PAIR_SHARE: Final = 0.6
# From this chroma, and this share of the area, a color is seen at once in a gray picture.
MIN_GRAY_ACCENT_CHROMA: Final = 0.07
MIN_GRAY_ACCENT_AREA: Final = 0.01


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield one observation: the palette in words, and all swatches as its measurement."""
    lab, areas, accents = picture.once(
        "dominant_colors", lambda: dominant_colors(picture.at(ANALYSIS_SIZE))
    )
    measured = Palette(
        swatches=tuple(
            Swatch(
                color.to_hex(lab_color),
                color.color_name(lab_color),
                round(float(area), 4),
                bool(accent),
            )
            for lab_color, area, accent in zip(lab, areas, accents, strict=True)
        ),
        scheme=scheme(lab, areas),
        temperature=round(temperature(lab, areas), 3),
        saturation=round(saturation(lab, areas), 3),
    )
    value, confidence = palette_words(lab, areas, accents, measured)
    yield Observation("palette", value, confidence, "pixels", measured)


def temperature(lab: Floats, areas: Floats) -> float:
    """-1 (cool) to 1 (warm): how close the colors are to azure or to orange, by area and chroma."""
    chroma = color.chroma(lab)
    warmth = chroma * np.cos(np.radians(color.hue(lab) - WARM_HUE))
    return float((areas * warmth).sum() / (areas * (chroma + GRAY_CHROMA)).sum())


def saturation(lab: Floats, areas: Floats) -> float:
    """0 (gray) to 1 (pure primaries): mean chroma by area."""
    mean = float((areas * color.chroma(lab)).sum() / areas.sum())
    return min(1.0, mean / FULL_CHROMA)


def scheme(lab: Floats, areas: Floats) -> str:
    """The color scheme, such as "complementary": how the hues relate to one another."""
    chroma = color.chroma(lab)
    if float((areas * chroma).sum() / areas.sum()) < GRAY_CHROMA * 0.6:
        return "achromatic"
    hues = _hue_groups(color.hue(lab), areas * np.maximum(chroma - GRAY_CHROMA / 2, 0))
    gaps = sorted(_hue_distance(first, second) for first, second in combinations(hues, 2))
    if not gaps:
        return "monochrome"
    return _relation(gaps, len(hues))


def _hue_groups(hues: Floats, weights: Floats) -> list[float]:
    """The hues of the groups that count, the heaviest first; `weights` (N,) of the hues."""
    groups: list[tuple[float, float]] = []
    for index in np.argsort(-weights, kind="stable"):
        hue, weight = float(hues[index]), float(weights[index])
        near = [
            i
            for i, (middle, _) in enumerate(groups)
            if _hue_distance(hue, middle) < HUE_GROUP_WIDTH
        ]
        if near:
            groups[near[0]] = groups[near[0]][0], groups[near[0]][1] + weight
        else:
            groups.append((hue, weight))
    min_weight = sum(weight for _, weight in groups) * MIN_HUE_GROUP_SHARE
    return [hue for hue, weight in groups if weight >= min_weight]


def _relation(gaps: list[float], groups: int) -> str:
    """The scheme of two or more hue groups; gaps: the angles between all pairs, ascending."""
    if gaps[-1] <= 75:
        return "analogous"
    if groups == 2:
        return "complementary" if gaps[0] >= 135 else "varied"
    if groups == 3 and gaps[0] >= 90:
        return "triadic"
    if groups == 3 and gaps[1] >= 125:
        return "split complementary" if gaps[0] > 35 else "complementary"
    return "varied"


def _hue_distance(first: float, second: float) -> float:
    """The angle between two hues, 0 to 180 degrees."""
    return abs((first - second + 180) % 360 - 180)


def color_family(lab: Floats) -> str:
    """The family of one OKLab color, (3,): black, gray, white, brown, beige, or a hue."""
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
    """The palette in words, and the confidence that they cover the picture, 0.55 to 0.95."""
    shares = _family_shares(lab, areas)
    tones, covered = _main_tones(shares, measured, float((lab[:, 0] * areas).sum() / areas.sum()))
    accent = [swatch.name for swatch in measured.swatches if swatch.accent]
    if not accent and tones.endswith("gray tones"):
        accent = _colors_among_grays(lab, areas, measured)
    clauses = [tones, *(f"{name} accent colors" for name in accent[:1] if name not in tones)]
    return ", ".join(clauses), round(0.55 + 0.4 * min(1.0, covered), 3)


def _family_shares(lab: Floats, areas: Floats) -> dict[str, tuple[float, int]]:
    """By color family: its share, weighted by chroma, and the index of its first swatch.

    The largest share comes first.
    """
    weights = areas * (0.3 + np.minimum(color.chroma(lab) / 0.12, 1))
    weights = weights / weights.sum()
    shares: dict[str, tuple[float, int]] = {}
    for index, weight in enumerate(weights):
        family = color_family(lab[index])
        share, first = shares.get(family, (0.0, index))
        shares[family] = share + float(weight), first
    return dict(sorted(shares.items(), key=lambda item: -item[1][0]))


def _main_tones(
    shares: dict[str, tuple[float, int]], measured: Palette, light: float
) -> tuple[str, float]:
    """The main clause and the share of the picture that it describes."""
    names = list(shares)
    neutral, earth = table("colors")["families"]["neutral"], table("colors")["families"]["earth"]
    share = sum(shares[name][0] for name in names if name in neutral)
    if share > 0.93:
        return _gray_tones(shares, measured), share
    share = sum(shares[name][0] for name in names if name in earth)
    if share > 0.75 and len([name for name in names if name in earth]) > 1:
        # Black only sets off the other colors.
        earthy = sorted((name for name in names if name in earth), key="black".__eq__)
        colors = _joined_colors(earthy, shares, measured, 2)
        return f"{_without_echo(_intensity(measured, light, 'warm'), colors)} {colors} tones", share
    if shares[names[0]][0] > 0.75:
        return _single_tone(names[0], measured, light), shares[names[0]][0]
    share = shares[names[0]][0] + shares[names[1]][0]
    if share > MIN_PAIR_SHARE:
        return f"{_joined_colors(names, shares, measured, 2)} palette", share
    return f"{_joined_colors(names, shares, measured, 3)} palette", 0.8


def _joined_colors(
    families: list[str], shares: dict[str, tuple[float, int]], measured: Palette, count: int
) -> str:
    """The names of so many colors, one of each family: 'rust and cream', 'rust, gold, and teal'."""
    names = [measured.swatches[shares[family][1]].name for family in families]
    return join_words(list(dict.fromkeys(names))[:count])


def _without_echo(intensity: str, colors: str) -> str:
    """The adjectives without those of the first color: no 'dark muted dark brown'."""
    repeated = colors.partition(" ")[0]
    return " ".join(word for word in intensity.split() if word != repeated)


def _gray_tones(shares: dict[str, tuple[float, int]], measured: Palette) -> str:
    dark, bright = shares.get("black", (0.0, 0))[0], shares.get("white", (0.0, 0))[0]
    if min(dark * 3, bright) > 0.08:
        return "black and white tones"
    if measured.scheme != "achromatic" and abs(measured.temperature) > 0.12:
        return f"{'warm' if measured.temperature > 0 else 'cool'} gray tones"
    return "dark gray tones" if dark > 0.6 else "white tones" if bright > 0.8 else "gray tones"


def _colors_among_grays(lab: Floats, areas: Floats, measured: Palette) -> list[str]:
    """The names of the colors in a gray picture that the eye goes to first, the largest first."""
    vivid = (color.chroma(lab) >= MIN_GRAY_ACCENT_CHROMA) & (areas >= MIN_GRAY_ACCENT_AREA)
    return [measured.swatches[index].name for index in np.flatnonzero(vivid)]


def _single_tone(name: str, measured: Palette, light: float) -> str:
    if name in table("colors")["families"]["neutral"]:
        return f"{name} tones"
    if measured.scheme == "monochrome":
        return f"monochrome {name} tones"
    return f"{_intensity(measured, light)} {name} tones".lstrip()


def _intensity(measured: Palette, light: float, otherwise: str = "") -> str:
    """The adjective for saturation and lightness; `otherwise` if neither stands out."""
    if measured.saturation > 0.55:
        return "vivid"
    if light > 0.8 and measured.saturation > 0.1:
        return "pastel"
    if measured.saturation < 0.28:
        return "dark muted" if light < 0.35 else "muted"
    return "deep" if light < 0.35 else otherwise
