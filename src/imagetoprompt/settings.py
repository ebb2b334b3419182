"""Settings of the package, read once from environment variables."""

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from imagetoprompt.errors import SettingError

SettingKind = TypeVar("SettingKind")


@dataclass(frozen=True)
class Settings:
    """Each field is set by the variable IMAGETOPROMPT_<NAME>.

    max_megapixels, max_megabytes: what a picture may have; above 178 megapixels Pillow itself
    refuses. fetch_seconds: how long a URL may
    take. threads: of each network; 0 means one per core, but at most two. depth_model: path of an
    ONNX network that gives depth maps; without one they are rough.
    """

    max_megapixels: float = 100.0
    max_megabytes: float = 50.0
    fetch_seconds: float = 20.0
    threads: int = 0
    depth_model: str = ""


@cache
def settings() -> Settings:
    """The settings of this process; SettingError when a number is not one above 0."""
    return read_settings(Settings)


def read_settings(kind: type[SettingKind], /) -> SettingKind:
    """A frozen dataclass with each field that the environment sets, the others as they are.

    Fields are str, float (above 0), int (0 or more), or tuple[str, ...], given as a list with
    commas. SettingError names the variable and the values that it takes.
    """
    given = {
        field.name: _parsed(field.name, field.type, os.environ[variable(field.name)])
        for field in fields(kind)  # type: ignore[arg-type]
        if variable(field.name) in os.environ
    }
    return kind(**given)


def variable(name: str) -> str:
    """The environment variable that sets the field."""
    return f"IMAGETOPROMPT_{name.upper()}"


def _parsed(name: str, kind: object, text: str) -> Any:  # noqa: ANN401 - a field of any kind
    if kind is float or kind is int:
        return _number(name, text, kind)
    if kind is str:
        return text.strip()
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _number(name: str, text: str, kind: Any) -> float:  # noqa: ANN401 - int or float itself
    try:
        value: float = kind(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf") or (value == 0 and kind is float):
        raise SettingError(f"{variable(name)} is '{text}'; give a number above 0.")
    return value
