"""Scores of `light` on rendered scenes: direction, facing, hardness, color."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.accuracy.described_pictures import Seen
from bench.accuracy.scores import Goal, Score, middle, share, turned
from bench.scenes.illuminant import temperature_class

OPPOSITE: Final = 120.0
"""Degrees of error from which a direction is taken for the opposite one."""

HARD: Final = 0.5
"""The hardness from which light is called hard."""


def scores(seen: Sequence[Seen]) -> Iterator[Score]:
    """All of the facet; a scene whose light was not measured counts as wrong."""
    yield from _azimuth(seen)
    yield share("light", "hard or soft", _hardness(seen), Goal(90))
    yield share("light", "back-lit or front-lit", _facing(seen), Goal(85))
    yield share("light", "warm, neutral or cool", _temperature(seen), Goal(90))


def _azimuth(seen: Sequence[Seen]) -> Iterator[Score]:
    asked = [each for each in seen if each.truth["light"]["azimuth"] is not None]
    errors = [
        turned(each.truth["light"]["azimuth"], told)
        for each in asked
        if (told := _value(each, "azimuth")) is not None
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
    opposite = [error > OPPOSITE for error in errors]
    yield share("light", "azimuth: told opposite (over 120°)", opposite, Goal(3, most=True))
    still = [each for each in seen if each.truth["light"]["frontal"] is None]
    told = [_value(each, "azimuth") is not None for each in still]
    yield share("light", "azimuth: told under an even sky, where there is none", told)


def _hardness(seen: Sequence[Seen]) -> list[bool]:
    return [
        (value := _value(each, "hardness")) is not None
        and ("hard" if value >= HARD else "soft") == each.truth["light"]["hardness"]
        for each in seen
    ]


def _facing(seen: Sequence[Seen]) -> list[bool]:
    asked = [each for each in seen if each.truth["light"]["facing"] in ("front", "back")]
    return [
        (value := _value(each, "frontal")) is not None
        and ("front" if value > 0 else "back") == each.truth["light"]["facing"]
        for each in asked
    ]


def _temperature(seen: Sequence[Seen]) -> list[bool]:
    asked = [each for each in seen if each.truth["light"]["temperature"] is not None]
    return [cast_told(each) == each.truth["light"]["temperature"] for each in asked]


def cast_told(seen: Seen) -> str | None:
    """Warm, neutral or cool by the measured kelvin; None when nothing was measured."""
    value = _value(seen, "kelvin")
    return None if value is None else temperature_class(value)


def _value(seen: Seen, name: str) -> Any:  # noqa: ANN401 (a JSON value)
    measured = seen.measured("light")
    return None if measured is None else measured.get(name)
