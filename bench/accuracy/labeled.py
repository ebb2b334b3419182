"""Scores on real pictures with labels: setting, time, weather, season, medium, and action.

The labels and what is held out of training are those of `training.data`; a picture that a head was
trained or tuned on is never asked about.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from training.data import samples

from bench.accuracy.described_pictures import DescribedPicture, Question, describe_all
from bench.accuracy.scores import Claim, Goal, Score, share
from bench.accuracy.split import held_out
from bench.accuracy.text import false_words
from imagetoprompt.facts.hedging import ancestors
from imagetoprompt.lexicon import table

PLACES: Final = ("setting", "time", "weather", "season")
HEADS: Final = {**dict.fromkeys(PLACES, "place"), "medium": "medium"}
"""The facets with heads, and the lexicon table that words their labels."""

HEADS_WITHOUT_GOAL: Final = ("season",)
"""Facets with too few labeled pictures for a goal."""

TEXTLESS_FOLDERS: Final = (
    "bamboo_forest",
    "desert",
    "sky",
    "Forest",
    "OpenCountry",
    "Mountain",
    "Coast",
)
"""Folders of pictures that hold no writing."""

ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Natarajasana": ("standing on one leg", "standing"),
    "Vrukshasana": ("standing on one leg", "standing"),
    "Veerabhadrasana": ("lunging", "standing"),
    "Triangle": ("bending sideways", "bent over", "standing"),
    "ArdhaChandrasana": ("standing on one leg", "bending sideways", "bent over", "standing"),
    "BaddhaKonasana": ("sitting",),
    "UtkataKonasana": ("crouching", "squatting"),
    "Downward_dog": ("bent over",),
}
"""The stances that each asana may be called by; several are two things at once."""

STANCES: Final = (
    *("standing on one leg", "standing", "sitting", "lying", "crouching", "squatting", "lunging"),
    *("kneeling", "bent over", "bending sideways", "walking", "running", "jumping"),
)


PICTURE_SUFFIXES: Final = (".jpg", ".jpeg", ".png")


def scores(folder: Path, count: int) -> Iterator[Score | Claim]:
    """Every score on at most `count` held-out pictures of each set, spread evenly over it."""
    questions = _questions(folder, count)
    seen = describe_all(questions, "labelled")
    for facet in HEADS:
        yield from _head(facet, seen)
    blank = [picture for picture in seen if picture.truth["textless"]]
    yield from false_words(blank, "real")


def _questions(folder: Path, count: int) -> list[Question]:
    by_set: dict[str, list[Question]] = {}
    for sample in samples(folder):
        if sample.held_out:
            textless = sample.path.parent.name in TEXTLESS_FOLDERS
            facets = (*HEADS, "text") if textless else tuple(HEADS)
            truth = {"labels": dict(sample.labels), "textless": textless}
            by_set.setdefault(sample.source, []).append(Question(sample.path, facets, truth))
    return [picture for group in by_set.values() for picture in thinned(group, count)]


def thinned(group: Sequence[Question], count: int) -> list[Question]:
    """At most `count`, evenly spread."""
    step = max(1.0, len(group) / count)
    return [group[int(number * step)] for number in range(min(count, len(group)))]


def _head(facet: str, seen: Sequence[DescribedPicture]) -> Iterator[Score | Claim]:
    """Precision of what is said, the share said where there is something to say, every claim."""
    asked = [picture for picture in seen if facet in picture.truth["labels"]]
    claims = [
        Claim(facet, "real, held out", fact["confidence"], right, fact["said"])
        for picture in asked
        for fact in picture.facts(facet)
        if fact["value"]
        and (right := judge(facet, fact["value"], picture.truth["labels"][facet])) is not None
    ]
    yield from claims
    said_right, thin = [claim.right for claim in claims if claim.said], facet in HEADS_WITHOUT_GOAL
    name = "right, of what is said (real, held out)"
    yield share(facet, name, said_right, None if thin else Goal(90))
    said = [
        bool(picture.said(facet)) for picture in asked if picture.truth["labels"][facet] != "other"
    ]
    yield share(facet, "said, where it can be (real, held out)", said, None if thin else Goal(60))


def judge(facet: str, value: str, label: str) -> bool | None:
    """Whether the words fit the label; None when they are more exact than the label can tell."""
    words: Mapping[str, Mapping[str, Any]] = table(HEADS[facet], "imagetoprompt.observers")[facet]
    first = value.partition(",")[0].removeprefix("black-and-white ").strip()
    name = next((word for word, row in words.items() if row["value"] == first), None)
    if name is None or label == "other":
        return False
    if name in (label, *ancestors(label, words)):
        return True
    return None if label in ancestors(name, words) else False


def actions(folder: Path) -> Iterator[Score | Claim]:
    """Posture of people in known asanas; what names no posture (where one faces) is not judged."""
    home = folder / "yoga_poses"
    poses = [path for path in sorted(home.glob("*/*")) if path.suffix.lower() in PICTURE_SUFFIXES]
    asked = [
        Question(path, ("action",), {"accepted": ACTIONS[path.parent.name]})
        for path in held_out(home, poses)
        if path.parent.name in ACTIONS
    ]
    seen = describe_all(asked, "poses")
    claims = [
        Claim("action", "real, held out", fact["confidence"], right, fact["said"])
        for picture in seen
        for fact in picture.facts("action")
        if (stance := stance_of(fact["value"]))
        for right in [stance in picture.truth["accepted"]]
    ]
    yield from claims
    right = [claim.right for claim in claims if claim.said]
    yield share("action", "right, of what is said (real, held out)", right, Goal(90))
    yield share(
        "action", "said (real, held out)", [bool(picture.said("action")) for picture in seen]
    )


def stance_of(value: str) -> str | None:
    """The stance that an action begins with; None when it tells of arms or facing alone."""
    return next((stance for stance in STANCES if value.startswith(stance)), None)
