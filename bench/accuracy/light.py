"""Scores of `light` on rendered scenes: direction, facing, hardness, color."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import DescribedPicture
from bench.accuracy.scores import Goal, Score, middle, share, turned
from bench.scenes.illuminant import temperature_class

MIN_OPPOSITE_ERROR: Final = 120.0
"""Degrees of error from which a direction is taken for the opposite one."""

MIN_HARDNESS: Final = 0.5
"""The hardness from which light is called hard."""


def scores(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    """All of the facet; a scene whose light was not measured counts as wrong."""
    yield from _azimuth(seen)
    yield share("light", "hard or soft", _hardness(seen), Goal(90))
    yield share("light", "back-lit or front-lit", _facing(seen), Goal(85))
    yield share("light", "warm, neutral or cool", _temperature(seen), Goal(90))


def _azimuth(seen: Sequence[DescribedPicture]) -> Iterator[Score]:
    asked = [picture for picture in seen if picture.truth["light"]["azimuth"] is not None]
    errors = [
        turned(picture.truth["light"]["azimuth"], answer)
        for picture in asked
        if (answer := _value(picture, "azimuth")) is not None
    ]
    yield middle("light", "azimuth: median error where told", errors, "°", Goal(20, most=True))
    yield Score(
        "light",
        "azimuth: share told",
        100 * len(errors) / len(asked) if asked else None,
        len(asked),
        "%",
        Goal(70),
    )
    opposite = [error > MIN_OPPOSITE_ERROR for error in errors]
    yield share("light", "azimuth: told opposite (over 120°)", opposite, Goal(3, most=True))
    still = [picture for picture in seen if picture.truth["light"]["frontal"] is None]
    answer = [_value(picture, "azimuth") is not None for picture in still]
    yield share("light", "azimuth: told under an even sky, where there is none", answer)


def _hardness(seen: Sequence[DescribedPicture]) -> list[bool]:
    return [
        (value := _value(picture, "hardness")) is not None
        and ("hard" if value >= MIN_HARDNESS else "soft") == picture.truth["light"]["hardness"]
        for picture in seen
    ]


def _facing(seen: Sequence[DescribedPicture]) -> list[bool]:
    asked = [picture for picture in seen if picture.truth["light"]["facing"] in ("front", "back")]
    return [
        (value := _value(picture, "frontal")) is not None
        and ("front" if value > 0 else "back") == picture.truth["light"]["facing"]
        for picture in asked
    ]


def _temperature(seen: Sequence[DescribedPicture]) -> list[bool]:
    asked = [picture for picture in seen if picture.truth["light"]["temperature"] is not None]
    return [cast_told(picture) == picture.truth["light"]["temperature"] for picture in asked]


def cast_told(seen: DescribedPicture) -> str | None:
    """Warm, neutral or cool by the measured kelvin; None when nothing was measured."""
    value = _value(seen, "kelvin")
    return None if value is None else temperature_class(value)


def _value(seen: DescribedPicture, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("light")
    return None if measured is None else measured.get(name)
