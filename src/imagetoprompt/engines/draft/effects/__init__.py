"""The effects that recipes of the draft engine are made of: they change the pixels of a canvas.

EFFECTS lists them under the names that recipes.toml uses.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from imagetoprompt.engines.draft.canvas import Canvas, EffectOptions
from imagetoprompt.engines.draft.effects import (
    atmosphere,
    grading,
    lens,
    line_drawing,
    mosaic,
    painterly,
    printing,
    relight,
    style_transfer,
)
from imagetoprompt.images.picture import Pixels

Effect: TypeAlias = Callable[[Canvas, EffectOptions], Pixels]

EFFECTS: Final[Mapping[str, Effect]] = {
    "grade": grading.grade,
    "repalette": grading.repalette,
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
    "shine": relight.shine,
    "spotlight": relight.spotlight,
    "rays": relight.rays,
    "pool": relight.pool,
    "stars": relight.stars,
    "sun": relight.sun,
    "sky_ramp": relight.sky_ramp,
    "clarity": lens.clarity,
    "shallow": lens.shallow,
    "crisp": lens.crisp,
    "closer": lens.closer,
    "watercolor": painterly.watercolor,
    "oil": painterly.oil,
    "gouache": painterly.gouache,
    "pastel": painterly.pastel,
    "ink_wash": painterly.ink_wash,
    "storybook": painterly.storybook,
    "pencil": line_drawing.pencil,
    "charcoal": line_drawing.charcoal,
    "ink": line_drawing.ink,
    "comic": line_drawing.comic,
    "anime": line_drawing.anime,
    "animation": line_drawing.animation,
    "linocut": printing.linocut,
    "woodblock": printing.woodblock,
    "flat_vector": printing.flat_vector,
    "paper_cut": printing.paper_cut,
    "pixel_art": mosaic.pixel_art,
    "mosaic": mosaic.mosaic,
    "stained_glass": mosaic.stained_glass,
    "low_poly": mosaic.low_poly,
    "embroidery": mosaic.embroidery,
    "instant": lens.instant,
    "neural": style_transfer.style_transfer,
    "vary": grading.vary,
}
