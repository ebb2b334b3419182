"""English words as data: the TOML tables beside this file, each read once.

`table` also reads the tables of other packages: one that has a single reader lies beside it.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str, package: str = __name__) -> dict[str, Any]:
    """Return `name`.toml of a package, parsed. It is shared: the caller must not change it.

    package: dotted name of the package that holds the file, this one by default.
    """
    text = files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
