"""Trials: the scores of a head for pictures that it was not trained on.

within   pictures of sets that it knows: four folds, each scored by a head of the other three
across   pictures of a set that it has never seen, scored by a head of all the other sets
final    held-out pictures, scored by the head that is shipped
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.data import Sample
from training.fitting import TEMPERATURES, Linear, Rows, fit, log_softmax, negative_log_likelihood

# Sets with fewer labeled pictures are too small to be worth leaving out.
MIN_SET_SIZE: Final = 40


@dataclass(frozen=True)
class Trial:
    """Samples and the scores that a head gave to each, columns in the order of `labels`."""

    kind: str
    samples: tuple[Sample, ...]
    labels: tuple[str, ...]
    scores: Rows

    def shares(self, temperature: float) -> list[dict[str, float]]:
        """The probabilities per label of each sample, at a temperature."""
        table = np.exp(log_softmax(self.scores / temperature))
        return [dict(zip(self.labels, map(float, row), strict=True)) for row in table]


@dataclass(frozen=True)
class TrainingSet:
    """The samples with a label of one head, and their features: samples x variants x features."""

    head: str
    samples: tuple[Sample, ...]
    rows: Rows

    def part(self, wanted: Sequence[bool]) -> "TrainingSet":
        """Only the samples where `wanted` is true."""
        indices = np.flatnonzero(np.asarray(wanted))
        return TrainingSet(self.head, tuple(self.samples[n] for n in indices), self.rows[indices])

    def fitted(self) -> Linear:
        """A head trained on all of it."""
        labels = [sample.labels[self.head] for sample in self.samples]
        return fit(self.rows, labels, [sample.source for sample in self.samples])

    def tried(self, head: Linear, kind: str) -> Trial:
        """The head's scores for the unaltered pictures."""
        return Trial(kind, self.samples, head.labels, head.scores(self.rows[:, 0]))


def trials_within_sets(whole: TrainingSet) -> Iterator[Trial]:
    """Each of four folds of the training pictures, by a head of the other three."""
    for fold in range(4):
        inside = [sample.fold == fold for sample in whole.samples]
        head = whole.part([not in_fold for in_fold in inside]).fitted()
        yield whole.part(inside).tried(head, "within")


def trials_across_sets(whole: TrainingSet) -> Iterator[Trial]:
    """Each set, training and held-out pictures alike, by a head that never saw the set."""
    sources = [sample.source for sample in whole.samples]
    for source in sorted(set(sources)):
        if sources.count(source) < MIN_SET_SIZE:
            continue
        others = whole.part([s.source != source and not s.held_out for s in whole.samples])
        tested = whole.part([s.source == source for s in whole.samples])
        if len({sample.labels[whole.head] for sample in others.samples}) > 1:
            yield tested.tried(others.fitted(), "across")


def temperature(head: str, trials: Sequence[Trial]) -> float:
    """The temperature that makes the true labels likeliest, of pictures that are not held out."""
    parts = [part for trial in trials for part in _known(head, trial)]
    losses = [
        sum(negative_log_likelihood(*part, candidate) for part in parts)
        for candidate in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _known(head: str, trial: Trial) -> Iterator[tuple[Rows, list[int]]]:
    """The scores of samples whose label the trial's head knew, and the column of that label."""
    truths = [sample.labels[head] for sample in trial.samples]
    usable = [
        n
        for n, sample in enumerate(trial.samples)
        if not sample.held_out and truths[n] in trial.labels
    ]
    if usable:
        yield trial.scores[usable], [trial.labels.index(truths[n]) for n in usable]
