"""How values of the command line's options are read, for every command alike."""

from collections.abc import Sequence

import click


def comma_separated(
    _: click.Context, __: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    """Repeats and comma lists as one list, without doubles."""
    words = (word.strip() for value in values for word in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
