"""Scores across data sets: each set is classified by heads that never saw a picture of it.

The heads are trained as those of the package, by `training`, but without the set. Only its held-out
pictures count, since the labels that need a higher threshold were chosen on the others. The answers
are cached in a file named by the digest of all that they depend on.
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

DEPENDENCIES: Final = (
    *(f"training/{name}.py" for name in ("augmentation", "cross_validation", "data", "evaluation")),
    *(
        f"training/{name}.py"
        for name in ("experiments", "feature_cache", "fitting", "noise_images")
    ),
    "training/labels/by_eye.csv",
    "training/folders.toml",
    "src/imagetoprompt/analysis/linear_models.py",
    "src/imagetoprompt/facts/hedging.py",
    "src/imagetoprompt/lexicon/facets.toml",
    "src/imagetoprompt/observers/medium.toml",
    "src/imagetoprompt/observers/place.toml",
)
"""Files that the answers depend on, beside the pictures."""


@dataclass(frozen=True)
class UnseenSetAnswer:
    """The answer for a picture of an unseen set; known: another set has pictures with its label.

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
    by_head = answers(folder, cache)
    for head in HEADS:
        yield from judged(head, by_head[head])


def judged(head: str, results: list[UnseenSetAnswer]) -> Iterator[Score | Claim]:
    """Scores and claims of one head, from its answers about sets that it never saw."""
    where = "sets never seen"
    right = [result.answer.right for result in results if result.said]
    yield share(head, f"right, of what is said ({where})", right, Goal(90))
    sayable = [result for result in results if result.answer.truth != OTHER]
    said = [result.said for result in sayable]
    yield share(head, f"said, where there is something to say ({where})", said, Goal(60))
    taught = [result.said for result in sayable if result.known]
    yield share(head, f"said, where another set teaches the label ({where})", taught)
    for result in results:
        answer = result.answer
        if answer.confidence >= MIN_GUESS_PROBABILITY:
            yield Claim(head, where, answer.confidence, answer.right, result.said)


def answers(folder: Path, cache: Path) -> dict[str, list[UnseenSetAnswer]]:
    """Of each head the answers about held-out pictures; read from the cache when it has them."""
    path = cache / f"sets-{_digest(samples(folder))}.json"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rows = {head: [asdict(result) for result in made] for head, made in _trained(folder)}
        path.write_text(json.dumps(rows))
    kept = json.loads(path.read_text())
    return {
        head: [UnseenSetAnswer(Answer(**row["answer"]), row["known"], row["sure"]) for row in rows]
        for head, rows in kept.items()
    }


def _trained(folder: Path) -> Iterator[tuple[str, list[UnseenSetAnswer]]]:
    """Each head trained anew without each of the sets: minutes."""
    # Here, since what was kept is read without scikit-learn.
    from training.experiments import evaluate, labeled_features, taught_elsewhere, training_set  # noqa: PLC0415

    labeled, rows = labeled_features(folder)
    for head in HEADS:
        whole = training_set(head, labeled, rows)
        card = evaluate(whole)
        taught = dict(zip((s.path for s in whole.samples), taught_elsewhere(whole), strict=True))
        asked = [
            sample
            for trial in card.trials
            if trial.kind == "across"
            for sample in trial.samples
            if sample.held_out
        ]
        answered = card.answers("across", held_out=True)
        print(f"{head}: asked about sets never seen")
        pairs = zip(asked, answered, strict=True)
        yield head, [UnseenSetAnswer(answer, taught[s.path], card.threshold) for s, answer in pairs]


def _digest(labeled: list[Sample]) -> str:
    whole = sha256()
    for pattern in DEPENDENCIES:
        for path in sorted(ROOT.glob(pattern)):
            whole.update(path.read_bytes())
    for sample in labeled:
        whole.update(f"{sample.source}/{sample.path.name} {sample.group}".encode())
    return whole.hexdigest()[:12]
