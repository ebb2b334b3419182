"""Name the hex colors that a user wrote into the palette of a scene."""

import re
from collections.abc import Mapping
from dataclasses import replace

from imagetoprompt.core.measurements import HEX_COLOR, Palette, Swatch, hex_codes
from imagetoprompt.core.scene import Fact, Scene


def name_hex_colors(scene: Scene, /) -> Scene:
    """The scene with each hex color in its palette replaced by a plain name.

    Many generators read color names only; the swatches of the palette keep the codes.
    """
    return replace(scene, facts=tuple(_with_names(fact) for fact in scene))


def _with_names(fact: Fact) -> Fact:
    palette = fact.measurement
    codes = hex_codes(fact.value) if fact.facet == "palette" else ()
    if not codes or not isinstance(palette, Palette):
        return fact
    names = {code: _color_name(code) for code in codes}
    swatches = tuple(_renamed(swatch, names) for swatch in palette.swatches)
    return replace(
        fact,
        value=_worded(fact.value, names),
        measurement=replace(palette, swatches=swatches),
    )


def _worded(text: str, names: Mapping[str, str]) -> str:
    """The text with names for codes; a bare list of codes becomes "red, navy and gold palette"."""
    if re.search(r"[a-z]{2}", HEX_COLOR.sub("", text).replace("and", "")):
        return HEX_COLOR.sub(lambda code: names[code[0].upper()], text)
    plain = list(dict.fromkeys(names.values()))
    return f"{' and '.join(filter(None, (', '.join(plain[:-1]), plain[-1])))} palette"


def _renamed(swatch: Swatch, names: Mapping[str, str]) -> Swatch:
    return replace(swatch, name=names.get(swatch.hex, swatch.name))


def _color_name(code: str) -> str:
    # Imported here so that editing without hex colors loads neither numpy nor OpenCV.
    from imagetoprompt.images.color import color_name, from_hex  # noqa: PLC0415

    return color_name(from_hex(code))
