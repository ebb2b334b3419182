"""written(cards) -> docs/heads.md: what each head was trained on and what it is worth.

Every number in it comes from the trials of the same run.
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

MOST_CONFUSED: Final = 6


@dataclass(frozen=True)
class ModelCard:
    """A head's name, its pictures, its trials, its temperature, from where on it speaks."""

    head: str
    samples: tuple[Sample, ...]
    trials: tuple[Trial, ...]
    heat: float
    sure: float

    @property
    def words(self) -> ClassWords:
        """The words of the head's labels."""
        return words(self.head)

    def answers(self, kind: str, *, held_out: bool) -> list[Answer]:
        """What would be said in the trials of that kind."""
        return [
            answer(sample.source, sample.labels[self.head], shares, self.words, self.sure)
            for trial in self.trials
            if trial.kind == kind
            for sample, shares in zip(trial.samples, trial.shares(self.heat), strict=True)
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
    yield f"Said from {card.sure:.2f} on; temperature {card.heat:.2f}."
    yield ""
    final, strange = card.answers("final", held_out=True), card.answers("across", held_out=True)
    tuned = card.answers("within", held_out=False), card.answers("across", held_out=False)
    yield "| pictures | count | likeliest label right | said | right of what is said | ECE |"
    yield "|---|---|---|---|---|---|"
    yield _row("held out", summary(final, card.sure))
    yield _row("held out, with something to say", summary(_speakable(final), card.sure))
    yield _row("of a set never seen, held out", summary(strange, card.sure))
    yield _row("the same, with something to say", summary(_speakable(strange), card.sure))
    yield _row("four folds of the training pictures", summary(tuned[0], card.sure))
    yield _row("of a set never seen, training pictures", summary(tuned[1], card.sure))
    for source in sorted({each.source for each in final}):
        here = [each for each in final if each.source == source]
        yield _row(f"held out, of {source}", summary(here, card.sure))
    yield ""
    yield "Confidence against the share that was right (held out): " + _curve(final)
    yield ""
    yield "Taken for another: " + _mistakes([*final, *tuned[0]])
    yield ""


def _row(name: str, numbers: Summary) -> str:
    shares = numbers.accuracy, numbers.said, numbers.precision, numbers.error
    return f"| {name} | {numbers.count} | " + " | ".join(f"{each:.3f}" for each in shares) + " |"


def _speakable(answers: Iterable[Answer]) -> list[Answer]:
    return [each for each in answers if each.truth != OTHER]


def _counts(labels: Counter[str]) -> str:
    return ", ".join(f"{label} {count}" for label, count in sorted(labels.items())) + "."


def _curve(answers: Sequence[Answer]) -> str:
    points = reliability(answers)
    return ", ".join(f"{sure:.2f}: {right:.2f} of {count}" for sure, right, count in points) + "."


def _mistakes(answers: Sequence[Answer]) -> str:
    worst = confusions(answers)[:MOST_CONFUSED]
    return ", ".join(f"{truth} for {taken} ({count})" for count, truth, taken in worst) + "."
