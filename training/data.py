"""samples(folder): every labeled picture, with its set, its group and a label for each head.

Labels come from the folders of the sets (folders.toml) and from a table of labels given by eye
(labels/by_eye.csv). The pictures are not opened.
"""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from imagetoprompt.analysis.linear_models import OTHER

PACKAGE_FOLDER: Final = Path(__file__).parent
HEADS: Final = ("setting", "time", "weather", "season", "medium")
# In the table by eye: the label of the folder is wrong, and no other is certain.
DROPPED_LABEL: Final = "drop"
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")

# The labels of pictures that show nothing.
NOISE_LABELS: Final = dict.fromkeys(HEADS, OTHER)

# One group in five is held out of training and tuning; results are measured on these.
HELD_OUT: Final = 5


@dataclass(frozen=True)
class Sample:
    """A picture: its path, the set it is from, its near-duplicates' name, its label per head."""

    path: Path
    source: str
    group: str
    labels: Mapping[str, str]

    @property
    def held_out(self) -> bool:
        """Whether the picture is used for reporting only; near-duplicates go together."""
        return int(self.group[:8], 16) % HELD_OUT == 0

    @property
    def fold(self) -> int:
        """0 to 3, the part of the training pictures that it belongs to."""
        return int(self.group[8:16], 16) % 4


def samples(folder: Path) -> list[Sample]:
    """Every picture below `folder` that has a label of at least one head, by path."""
    by_eye = _by_eye()
    by_folder = tomllib.loads((PACKAGE_FOLDER / "folders.toml").read_text(encoding="utf-8"))
    labeled = []
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        groups = near_duplicates(source)
        for path in sorted(source.rglob("*")):
            name = path.relative_to(folder).as_posix()
            merged = {**_of_folder(name, by_folder), **by_eye.get(name, {})}
            labels = {
                head: label for head, label in merged.items() if label not in ("", DROPPED_LABEL)
            }
            if labels and path.suffix.lower() in SUFFIXES:
                group = groups.get(path.relative_to(source).as_posix()) or digest(path)
                labeled.append(Sample(path, source.name, group, labels))
    return labeled


def _of_folder(name: str, table: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The labels of the folders above a file, the inner ones overriding the outer."""
    parents = ["/".join(name.split("/")[:depth]) for depth in range(1, name.count("/") + 1)]
    return {head: label for parent in parents for head, label in table.get(parent, {}).items()}


def _by_eye() -> dict[str, dict[str, str]]:
    with (PACKAGE_FOLDER / "labels" / "by_eye.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {row["file"]: {h: row[h] for h in HEADS if row[h]} for row in rows}


def near_duplicates(source: Path) -> dict[str, str]:
    """File name to the digest of its group of near-duplicates, for files that have some."""
    if not (source / "neardup_groups.json").is_file():
        return {}
    listed = json.loads((source / "neardup_groups.json").read_text(encoding="utf-8"))
    return dict(_named(listed["groups"]))


def _named(groups: list[list[str]]) -> Iterator[tuple[str, str]]:
    for group in groups:
        name = sha256("\n".join(sorted(group)).encode()).hexdigest()
        yield from ((file, name) for file in group)


def digest(path: Path) -> str:
    """SHA-256 of a file's content: the name of a group of one."""
    return sha256(path.read_bytes()).hexdigest()


def noise_sample(name: str) -> Sample:
    """The sample of a picture that shows nothing, named by the digest of its pixels."""
    return Sample(Path(name), "nonsense", name, NOISE_LABELS)
