"""Scores across data sets: each set asked about by heads that never saw a picture of it.

The heads are trained as those that are shipped, by `training`, but without the set; only its
held-out pictures count, since the words that need more certainty were chosen on the others. What
was answered is kept in a file named by the digest of all that it depends on.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from training.data import Sample, samples
from training.evaluation import Answer

from bench.accuracy.scores import Claim, Goal, Score, share
from imagetoprompt.analysis.linear_models import OTHER
from imagetoprompt.facts.hedging import MIN_GUESS_PROBABILITY

ROOT: Final = Path(__file__).parent.parent.parent
HEADS: Final = ("setting", "time", "weather", "medium")

MADE_BY: Final = (
    *(f"training/{name}.py" for name in ("courses", "data", "fitting", "nonsense", "reporting")),
    *(f"training/{name}.py" for name in ("trials", "variants", "vectors")),
    "training/labels/by_eye.csv",
    "training/folders.toml",
    "src/imagetoprompt/appearance.py",
    "src/imagetoprompt/heads.py",
    "src/imagetoprompt/hedging.py",
    "src/imagetoprompt/lexicon/facets.toml",
    "src/imagetoprompt/observers/medium.toml",
    "src/imagetoprompt/observers/place.toml",
)
"""The answers depend on these files and on the pictures."""


@dataclass(frozen=True)
class Strange:
    """An answer about a picture of a set never seen; known: another set has pictures so labelled.

    `sure` is the confidence from which the facet is said.
    """

    answer: Answer
    known: bool
    sure: float

    @property
    def said(self) -> bool:
        """Whether it is sure enough to be said."""
        return self.answer.confidence >= self.sure


def scores(folder: Path, cache: Path) -> Iterator[Score | Claim]:
    """Precision, share said, and every claim, of each head."""
    found = answers(folder, cache)
    for head in HEADS:
        yield from judged(head, found[head])


def judged(head: str, found: list[Strange]) -> Iterator[Score | Claim]:
    """Scores and claims of one head, from its answers about sets that it never saw."""
    where = "sets never seen"
    right = [each.answer.right for each in found if each.said]
    yield share(head, f"right, of what is said ({where})", right, Goal(90))
    there = [each for each in found if each.answer.truth != OTHER]
    said = [each.said for each in there]
    yield share(head, f"said, where there is something to say ({where})", said, Goal(60))
    taught = [each.said for each in there if each.known]
    yield share(head, f"said, where another set teaches the label ({where})", taught)
    for each in found:
        if each.answer.confidence >= MIN_GUESS_PROBABILITY:
            yield Claim(head, where, each.answer.confidence, each.answer.right, each.said)


def answers(folder: Path, cache: Path) -> dict[str, list[Strange]]:
    """Of each head the answers about held-out pictures; read from the cache when it has them."""
    place = cache / f"sets-{_digest(samples(folder))}.json"
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        found = {head: [asdict(each) for each in made] for head, made in _trained(folder)}
        place.write_text(json.dumps(found))
    kept = json.loads(place.read_text())
    return {
        head: [Strange(Answer(**row["answer"]), row["known"], row["sure"]) for row in rows]
        for head, rows in kept.items()
    }


def _trained(folder: Path) -> Iterator[tuple[str, list[Strange]]]:
    """Each head trained anew without each of the sets: minutes."""
    # Here, since what was kept is read without scikit-learn.
    from training.experiments import evaluate, labeled_features, taught_elsewhere, training_set  # noqa: PLC0415

    found, rows = labeled_features(folder)
    for head in HEADS:
        whole = training_set(head, found, rows)
        card = evaluate(whole)
        taught = dict(zip((s.path for s in whole.samples), taught_elsewhere(whole), strict=True))
        asked = [
            sample
            for trial in card.trials
            if trial.kind == "across"
            for sample in trial.samples
            if sample.held_out
        ]
        told = card.answers("across", held_out=True)
        print(f"{head}: asked about sets never seen")
        pairs = zip(asked, told, strict=True)
        yield head, [Strange(answer, taught[s.path], card.threshold) for s, answer in pairs]


def _digest(found: list[Sample]) -> str:
    whole = sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            whole.update(path.read_bytes())
    for each in found:
        whole.update(f"{each.source}/{each.path.name} {each.group}".encode())
    return whole.hexdigest()[:12]
