"""held_out(home, paths): the labeled pictures that are only reported on, as training splits."""

from collections.abc import Iterable
from pathlib import Path

from training.data import Sample, digest, near_duplicates


def held_out(home: Path, paths: Iterable[Path]) -> list[Path]:
    """Of the pictures of a set, one group of near-duplicates in five, by a hash of the content."""
    groups = near_duplicates(home)
    return [
        path
        for path in paths
        if Sample(
            path, home.name, groups.get(path.relative_to(home).as_posix()) or digest(path), {}
        ).held_out
    ]
