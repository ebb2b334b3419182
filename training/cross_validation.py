"""Trials: what a head says of pictures that it was not trained on.

within   pictures of sets that it knows: four folds, each scored by a head of the other three
across   pictures of a set that it has never seen, scored by a head of all the other sets
final    held-out pictures, scored by the head that is shipped
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.data import Sample
from training.fitting import TEMPERATURES, Linear, Rows, fit, log_shares, surprise

# A set with fewer pictures of a head says too little to leave it out for.
LEAST: Final = 40


@dataclass(frozen=True)
class Trial:
    """Samples and the scores that a head gave to each, columns in the order of `labels`."""

    kind: str
    samples: tuple[Sample, ...]
    labels: tuple[str, ...]
    scores: Rows

    def shares(self, temperature: float) -> list[dict[str, float]]:
        """The probabilities per label of each sample, at a temperature."""
        table = np.exp(log_shares(self.scores / temperature))
        return [dict(zip(self.labels, map(float, row), strict=True)) for row in table]


@dataclass(frozen=True)
class TrainingSet:
    """What one head is trained on: samples that have its label, and their rows of all variants."""

    head: str
    samples: tuple[Sample, ...]
    rows: Rows

    def part(self, wanted: Sequence[bool]) -> "TrainingSet":
        """Only the samples that are wanted."""
        kept = np.flatnonzero(np.asarray(wanted))
        return TrainingSet(self.head, tuple(self.samples[n] for n in kept), self.rows[kept])

    def fitted(self) -> Linear:
        """A head trained on all of it."""
        labels = [sample.labels[self.head] for sample in self.samples]
        return fit(self.rows, labels, [sample.source for sample in self.samples])

    def tried(self, head: Linear, kind: str) -> Trial:
        """What the head says of the unaltered pictures."""
        return Trial(kind, self.samples, head.labels, head.scores(self.rows[:, 0]))


def trials_within_sets(course: TrainingSet) -> Iterator[Trial]:
    """Each of four folds of the training pictures, by a head of the other three."""
    for fold in range(4):
        inside = [sample.fold == fold for sample in course.samples]
        head = course.part([not each for each in inside]).fitted()
        yield course.part(inside).tried(head, "trials_within_sets")


def trials_across_sets(course: TrainingSet) -> Iterator[Trial]:
    """Each set, training and held-out pictures alike, by a head that never saw the set."""
    sources = [sample.source for sample in course.samples]
    for source in sorted(set(sources)):
        if sources.count(source) < LEAST:
            continue
        others = course.part([s.source != source and not s.held_out for s in course.samples])
        left = course.part([s.source == source for s in course.samples])
        if len({sample.labels[course.head] for sample in others.samples}) > 1:
            yield left.tried(others.fitted(), "trials_across_sets")


def temperature(head: str, trials: Sequence[Trial]) -> float:
    """What scores are divided by for the likeliest labels; from pictures that are not held out."""
    parts = [part for trial in trials for part in _known(head, trial)]
    losses = [sum(surprise(*part, each) for part in parts) for each in TEMPERATURES]
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
