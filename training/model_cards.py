"""Model cards (docs/heads.md): what each head was trained on, and how accurate it is.

Every number comes from the trials of the same run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imagetoprompt.analysis.linear_models import OTHER
from imagetoprompt.facts.hedging import ClassWords
from imagetoprompt.lexicon import table
from training.cross_validation import Trial
from training.data import Sample
from training.evaluation import Answer, Summary, answer, confusions, reliability, summary

INTRODUCTION: Final = Path(__file__).with_name("model_card_introduction.md")

CONFUSION_COUNT: Final = 6


@dataclass(frozen=True)
class ModelCard:
    """Head, pictures, trials, temperature, and the confidence from which its labels are said."""

    head: str
    samples: tuple[Sample, ...]
    trials: tuple[Trial, ...]
    temperature: float
    threshold: float

    @property
    def words(self) -> ClassWords:
        """The words of the head's labels."""
        return words(self.head)

    def answers(self, kind: str, *, held_out: bool) -> list[Answer]:
        """What would be said in the trials of that kind."""
        return [
            answer(sample.source, sample.labels[self.head], shares, self.words, self.threshold)
            for trial in self.trials
            if trial.kind == kind
            for sample, shares in zip(trial.samples, trial.shares(self.temperature), strict=True)
            if sample.held_out == held_out
        ]


def words(head: str) -> ClassWords:
    """The table of the head's labels."""
    name = "medium" if head == "medium" else "place"
    return table(name, "imagetoprompt.observers")[head]  # type: ignore[no-any-return]


def model_cards_page(cards: Sequence[ModelCard]) -> str:
    """The page, in Markdown."""
    start = INTRODUCTION.read_text(encoding="utf-8")
    return "\n".join([start, *(line for card in cards for line in lines(card))])


def lines(card: ModelCard) -> Iterator[str]:
    """One head's part of the page."""
    labels = Counter(sample.labels[card.head] for sample in card.samples)
    held = sum(sample.held_out for sample in card.samples)
    yield f"## {card.head}"
    yield ""
    yield f"{len(card.samples)} pictures, {held} of them held out. Labels: " + _counts(labels)
    yield ""
    yield f"Said from {card.threshold:.2f} on; temperature {card.temperature:.2f}."
    yield ""
    final, unseen = card.answers("final", held_out=True), card.answers("across", held_out=True)
    tuned = card.answers("within", held_out=False), card.answers("across", held_out=False)
    yield "| pictures | count | likeliest label right | said | right of what is said | ECE |"
    yield "|---|---|---|---|---|---|"
    yield _row("held out", summary(final, card.threshold))
    yield _row("held out, with something to say", summary(_speakable(final), card.threshold))
    yield _row("of a set never seen, held out", summary(unseen, card.threshold))
    yield _row("the same, with something to say", summary(_speakable(unseen), card.threshold))
    yield _row("four folds of the training pictures", summary(tuned[0], card.threshold))
    yield _row("of a set never seen, training pictures", summary(tuned[1], card.threshold))
    for source in sorted({row.source for row in final}):
        here = [row for row in final if row.source == source]
        yield _row(f"held out, of {source}", summary(here, card.threshold))
    yield ""
    yield "Confidence against the share that was right (held out): " + _curve(final)
    yield ""
    yield "Taken for another: " + _mistakes([*final, *tuned[0]])
    yield ""


def _row(name: str, numbers: Summary) -> str:
    shares = numbers.accuracy, numbers.said, numbers.precision, numbers.error
    return f"| {name} | {numbers.count} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def _speakable(answers: Iterable[Answer]) -> list[Answer]:
    return [row for row in answers if row.truth != OTHER]


def _counts(labels: Counter[str]) -> str:
    return ", ".join(f"{label} {count}" for label, count in sorted(labels.items())) + "."


def _curve(answers: Sequence[Answer]) -> str:
    points = reliability(answers)
    cells = (f"{confidence:.2f}: {right:.2f} of {count}" for confidence, right, count in points)
    return ", ".join(cells) + "."


def _mistakes(answers: Sequence[Answer]) -> str:
    worst = confusions(answers)[:CONFUSION_COUNT]
    return ", ".join(f"{truth} for {taken} ({count})" for count, truth, taken in worst) + "."
