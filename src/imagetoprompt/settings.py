"""Limits and places that a user may set, read once from the environment.

It does not know who uses them.
"""

import os
from dataclasses import dataclass, fields
from functools import cache

from imagetoprompt.errors import SettingError


@dataclass(frozen=True)
class Settings:
    """Each field is set by the variable IMAGETOPROMPT_<NAME>.

    max_megapixels, max_megabytes: what a picture may have; above 178 megapixels Pillow itself
    refuses. fetch_seconds: how long a URL may
    take. threads: of one describe; 0 means as many as there are cores. depth_model: path of an ONNX
    network that gives depth maps; without one they are rough.
    """

    max_megapixels: float = 100.0
    max_megabytes: float = 50.0
    fetch_seconds: float = 20.0
    threads: int = 0
    depth_model: str = ""


@cache
def settings() -> Settings:
    """The settings of this process; SettingError when a number is not one above 0."""
    given = {
        field.name: _value(field.name, os.environ[variable(field.name)])
        for field in fields(Settings)
        if variable(field.name) in os.environ
    }
    return Settings(**given)  # type: ignore[arg-type]


def variable(name: str) -> str:
    """The environment variable that sets the field."""
    return f"IMAGETOPROMPT_{name.upper()}"


def _value(name: str, text: str) -> float | str:
    return text if name == "depth_model" else _number(name, text)


def _number(name: str, text: str) -> float:
    kind = int if name == "threads" else float
    try:
        value = kind(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf") or (value == 0 and name != "threads"):
        raise SettingError(f"{variable(name)} is '{text}'; give a number above 0.")
    return value
