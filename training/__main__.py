"""python -m training DATA: train every head, write src/imagetoprompt/weights and docs/heads.md.

Takes about a quarter of an hour on two cores the first time, most of it looking at the pictures.
"""

import argparse
from pathlib import Path

import numpy as np

from imagetoprompt.lexicon import table
from training.cards import Card, lines, written
from training.data import HEADS, Sample, samples
from training.fitting import Linear
from training.trials import Course, across, temperature, within
from training.vectors import vectors

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "src" / "imagetoprompt" / "weights"


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labelled sets")
    parser.add_argument("--cache", type=Path, default=ROOT / "training" / ".cache")
    parser.add_argument("--only", nargs="*", default=HEADS, help="train only these heads")
    given = parser.parse_args()
    found = samples(given.data)
    rows = dict(
        zip([s.path for s in found], vectors([s.path for s in found], given.cache), strict=True)
    )
    cards = [_trained(head, found, rows) for head in given.only]
    if tuple(given.only) == HEADS:
        (ROOT / "docs" / "heads.md").write_text(written(cards), encoding="utf-8")


def _trained(head: str, found: list[Sample], rows: dict[Path, np.ndarray]) -> Card:
    known = tuple(sample for sample in found if head in sample.labels)
    course = Course(head, known, np.stack([rows[sample.path] for sample in known]))
    train = course.part([not sample.held_out for sample in known])
    fitted = train.fitted()
    trials = [*within(train), *across(course)]
    heat = temperature(head, trials)
    _save(head, fitted.cooled(heat))
    held = course.part([sample.held_out for sample in known]).tried(fitted, "final")
    sure = table("facets")[head]["threshold"]
    card = Card(head, known, (*trials, held), heat, sure)
    print(*lines(card), sep="\n")
    return card


def _save(name: str, head: Linear) -> None:
    """As half floats: 11 bits are far finer than what the probabilities are worth."""
    WEIGHTS.mkdir(exist_ok=True)
    np.savez(
        WEIGHTS / f"{name}.npz",
        labels=np.array(head.labels),
        weights=head.weights.astype(np.float16),
        offsets=head.offsets.astype(np.float32),
    )


if __name__ == "__main__":
    main()
