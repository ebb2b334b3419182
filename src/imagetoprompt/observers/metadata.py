"""Facts from the file: the camera's clock and exposure (EXIF), and an embedded prompt.

The pixels are only checked for color. Where file and pixels disagree, both are reported.
"""

import re
from collections.abc import Iterator
from functools import cache
from math import log2
from typing import Any, Final

import numpy as np

from imagetoprompt.core.scene import Observation
from imagetoprompt.images.picture import Picture
from imagetoprompt.lexicon import table
from imagetoprompt.metadata import find_embedded_prompt

FACETS: Final = ("time", "weather", "season", "medium", "style")

# Exposure values at ISO 100 (EV100, ISO 2720): from 11 on it is daylight outdoors, since lit rooms
# have 5 to 9; below 7 nothing is lit by the sun.
MIN_DAYLIGHT_EV: Final = 11.0
MAX_DIM_EV: Final = 7.0
# How often each rule was right on 60 photographs from many cameras, judged by eye: exposure of
# daylight while the sun is high; exposure of daylight at another or an unknown hour; the clock
# alone; the clock at night in dim light (one clock in three was plainly wrong).
HIGH_SUN_CONFIDENCE: Final = 0.8
DAYLIGHT_CONFIDENCE: Final = 0.65
CLOCK_DAY_CONFIDENCE: Final = 0.6
CLOCK_NIGHT_CONFIDENCE: Final = 0.55
# A file with an exposure time was photographed, though it may show a painting.
PHOTOGRAPH_CONFIDENCE: Final = 0.9
# Mean of the largest minus the smallest of R, G, B below which a picture has no color.
MAX_GRAY_DIFFERENCE: Final = 4.0

_FLASH_FIRED: Final = 1  # the lowest bit of the EXIF tag Flash
_CLOCK: Final = re.compile(r"[12]\d{3}:\d\d:\d\d (\d\d):(\d\d):(\d\d)")


def observe(picture: Picture, /) -> Iterator[Observation]:
    """Yield facts from the camera's tags (source "exif") and from the embedded prompt."""
    yield from _from_camera(picture)
    embedded = find_embedded_prompt(picture)
    if embedded is not None and embedded.prompt:
        yield from _from_prompt(embedded.prompt)


def _from_camera(picture: Picture) -> Iterator[Observation]:
    exif = picture.metadata.exif
    if "ExposureTime" not in exif or not ("Model" in exif or "Make" in exif):
        return
    gray = float(np.ptp(picture.at(64).astype(np.int16), axis=2).mean()) < MAX_GRAY_DIFFERENCE
    medium = "black-and-white photograph" if gray else "photograph"
    yield Observation("medium", medium, PHOTOGRAPH_CONFIDENCE, "exif")
    time, confidence = _time(_hour(exif), exposure_value(exif), _flash(exif))
    if time:
        yield Observation("time", time, confidence, "exif")


def _time(hour: int | None, exposure: float | None, flash: bool) -> tuple[str, float]:
    """The time of day from clock and exposure, and its confidence; "" if unknown."""
    if exposure is not None and exposure >= MIN_DAYLIGHT_EV and not flash:
        return "daytime", HIGH_SUN_CONFIDENCE if hour in range(10, 15) else DAYLIGHT_CONFIDENCE
    if hour is None:
        return "", 0.0
    if 9 <= hour < 16 and not flash:
        return "daytime", CLOCK_DAY_CONFIDENCE
    if (hour >= 21 or hour < 4) and (exposure is None or exposure < MAX_DIM_EV):
        return "night", CLOCK_NIGHT_CONFIDENCE
    return "", 0.0


def exposure_value(exif: Any) -> float | None:  # noqa: ANN401 (tags are numbers or tuples)
    """The exposure value at ISO 100, from f-number, shutter and sensitivity; None without them."""
    numbers = [_number(exif.get(name)) for name in ("FNumber", "ExposureTime", "ISOSpeedRatings")]
    if not all(numbers):
        return None
    aperture, shutter, iso = numbers
    return log2(aperture * aperture / shutter) - log2(iso / 100)


def _number(value: object) -> float:
    """The tag, or the first number of it; 0 if it is not a positive number."""
    number = value[0] if isinstance(value, tuple) and value else value
    return float(number) if isinstance(number, int | float) and number > 0 else 0.0


def _hour(exif: Any) -> int | None:  # noqa: ANN401
    """The hour of capture; None when the clock was never set, which shows as midnight sharp."""
    clock = _CLOCK.match(str(exif.get("DateTimeOriginal", "")))
    if clock is None or clock.groups() == ("00", "00", "00"):
        return None
    return int(clock[1])


def _flash(exif: Any) -> bool:  # noqa: ANN401
    flash = exif.get("Flash")
    return isinstance(flash, int) and bool(flash & _FLASH_FIRED)


def _from_prompt(prompt: str) -> Iterator[Observation]:
    text = _unquoted(prompt)
    trust = table("prompt_trust", __package__)
    for facet, words in _prompt_words().items():
        values = _mentioned(words, text)
        if len(values) == 1:
            yield Observation(facet, values[0], trust[facet], "file's prompt")


def _unquoted(prompt: str) -> str:
    """The prompt in lower case, without quoted words, which are text to be drawn."""
    return re.sub(r"[\"“][^\"“”]{0,200}[\"”]", " ", prompt[:20_000].casefold())


def _mentioned(words: "dict[str, str]", text: str) -> list[str]:
    """The values that the text mentions, each once; longer phrases match first."""
    return list(dict.fromkeys(words[match[1]] for match in _pattern(tuple(words)).finditer(text)))


@cache
def _prompt_words() -> dict[str, dict[str, str]]:
    """By facet: each word or phrase, and the value that it stands for."""
    return {
        facet: {word: fact for fact, words in facts.items() for word in words}
        for facet, facts in table("prompt_words", __package__).items()
    }


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=lambda word: (-len(word), word))
    either = "|".join(map(re.escape, longest))
    return re.compile(rf"(?<![\w-])(?<!no )(?<!not )(?<!without )({either})(?![\w-])")
