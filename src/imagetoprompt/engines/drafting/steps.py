"""STEPS: every step of the draft engine by the name that lexicon/draft.toml gives it.

It does not know which preset takes which.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from imagetoprompt.engines.drafting import (
    atmosphere,
    drawing,
    film,
    grading,
    lens,
    neural,
    painting,
    printing,
    relighting,
    repalette,
    tiling,
    varying,
)
from imagetoprompt.engines.drafting.canvas import Canvas, Options
from imagetoprompt.picture import Pixels

Step: TypeAlias = Callable[[Canvas, Options], Pixels]

STEPS: Final[Mapping[str, Step]] = {
    "grade": grading.grade,
    "repalette": repalette.repalette,
    "haze": atmosphere.haze,
    "glow": atmosphere.glow,
    "vignette": atmosphere.vignette,
    "grain": atmosphere.grain,
    "lamps": atmosphere.lamps,
    "snow_cover": atmosphere.snow_cover,
    "flakes": atmosphere.flakes,
    "rainfall": atmosphere.rainfall,
    "wet": atmosphere.wet,
    "blur": atmosphere.blurred,
    "shine": relighting.shine,
    "spotlight": relighting.spotlight,
    "rays": relighting.rays,
    "pool": relighting.pool,
    "stars": relighting.stars,
    "sun": relighting.sun,
    "sky_ramp": relighting.sky_ramp,
    "clarity": lens.clarity,
    "shallow": lens.shallow,
    "crisp": lens.crisp,
    "closer": lens.closer,
    "watercolor": painting.watercolor,
    "oil": painting.oil,
    "gouache": painting.gouache,
    "pastel": painting.pastel,
    "ink_wash": painting.ink_wash,
    "storybook": painting.storybook,
    "pencil": drawing.pencil,
    "charcoal": drawing.charcoal,
    "ink": drawing.ink,
    "comic": drawing.comic,
    "anime": drawing.anime,
    "animation": drawing.animation,
    "linocut": printing.linocut,
    "woodblock": printing.woodblock,
    "flat_vector": printing.flat_vector,
    "paper_cut": printing.paper_cut,
    "pixel_art": tiling.pixel_art,
    "mosaic": tiling.mosaic,
    "stained_glass": tiling.stained_glass,
    "low_poly": tiling.low_poly,
    "embroidery": tiling.embroidery,
    "instant": film.instant,
    "neural": neural.neural,
    "vary": varying.vary,
}
