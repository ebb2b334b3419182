"""python -m training DATA: train every head, write src/imagetoprompt/weights and docs/heads.md.

Takes about a quarter of an hour on two cores the first time, most of it looking at the pictures.
"""

import argparse
from hashlib import sha256
from pathlib import Path

import numpy as np

from imagetoprompt.lexicon import table
from training.cards import Card, lines, written
from training.data import HEADS, Sample, meaningless, samples
from training.fitting import Linear, Rows
from training.nonsense import nonsense
from training.trials import Course, across, temperature, within
from training.vectors import looked_at, vectors

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "src" / "imagetoprompt" / "weights"


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labelled sets")
    parser.add_argument("--cache", type=Path, default=ROOT / "training" / ".cache")
    parser.add_argument("--only", nargs="*", default=HEADS, help="train only these heads")
    given = parser.parse_args()
    found, rows = looked_at_all(given.data, given.cache)
    cards = [_trained(head, found, rows) for head in given.only]
    if tuple(given.only) == HEADS:
        (ROOT / "docs" / "heads.md").write_text(written(cards), encoding="utf-8")


def looked_at_all(data: Path, cache: Path) -> tuple[list[Sample], dict[Path, Rows]]:
    """Every labelled picture, and pictures of nothing, with the rows of each."""
    found = samples(data)
    paths = [sample.path for sample in found]
    rows = dict(zip(paths, vectors(paths, cache), strict=True))
    for pixels in nonsense():
        sample = meaningless(sha256(pixels.tobytes()).hexdigest())
        rows[sample.path] = looked_at(pixels, sample.group)
        found.append(sample)
    return found, rows


def _trained(head: str, found: list[Sample], rows: dict[Path, Rows]) -> Card:
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
