"""Parse the options of the diffusers engine: values as they are, or as text of a command line."""

from collections.abc import Mapping
from typing import Final

from imagetoprompt.errors import PlanError

_YES_OR_NO: Final = {
    "yes": True,
    "true": True,
    "on": True,
    "no": False,
    "false": False,
    "off": False,
}


def parse_integer(name: str, value: object) -> int:
    """A whole number of 0 or more; PlanError for anything else."""
    return int(parse_number(name, value, "a whole number from 0", whole_only=True))


def parse_number(
    name: str, value: object, what: str = "a number from 0", *, whole_only: bool = False
) -> float:
    """A number of 0 or more; PlanError for anything else."""
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf") or (whole_only and not number.is_integer()):
        raise PlanError(f"The option {name} is '{value}'; give {what}.")
    return number


def parse_yes_no(name: str, value: object) -> bool | None:
    """True or False, or None for None; PlanError for anything else."""
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() not in _YES_OR_NO:
        raise PlanError(f"The option {name} is '{value}'; give yes or no.")
    return _YES_OR_NO[str(value).lower()]


def parse_pairs(name: str, value: "Mapping[str, str] | str") -> Mapping[str, str]:
    """A mapping, also when written as kind=model,kind=model; PlanError for anything else."""
    if not isinstance(value, str):
        return value
    split = [pair.partition("=") for pair in value.split(",") if pair.strip()]
    if not all(kind.strip() and model.strip() for kind, _, model in split):
        raise PlanError(f"The option {name} is '{value}'; write it as kind=model,kind=model.")
    return {kind.strip(): model.strip() for kind, _, model in split}
