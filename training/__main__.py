"""python -m training DATA: train every head, write src/imagetoprompt/weights and docs/heads.md.

Takes about a quarter of an hour on two cores the first time, most of it computing features.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.cross_validation import TrainingSet
from training.data import HEADS
from training.experiments import CACHE, evaluate, labeled_features, training_set
from training.fitting import Linear
from training.model_cards import ModelCard, lines, model_cards_page

ROOT = Path(__file__).parent.parent
WEIGHTS = ROOT / "src" / "imagetoprompt" / "weights"


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labeled sets")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--only", nargs="*", default=HEADS, help="train only these heads")
    arguments = parser.parse_args()
    samples, rows = labeled_features(arguments.data, arguments.cache)
    cards = [_trained(training_set(head, samples, rows)) for head in arguments.only]
    if tuple(arguments.only) == HEADS:
        (ROOT / "docs" / "heads.md").write_text(model_cards_page(cards), encoding="utf-8")


def _trained(whole: TrainingSet) -> ModelCard:
    fitted = whole.part([not sample.held_out for sample in whole.samples]).fitted()
    card = evaluate(whole)
    _save(whole.head, fitted.cooled(card.temperature))
    held = whole.part([sample.held_out for sample in whole.samples]).tried(fitted, "final")
    card = replace(card, trials=(*card.trials, held))
    print(*lines(card), sep="\n")
    return card


def _save(name: str, head: Linear) -> None:
    """Write the head with weights in half precision, far finer than the probabilities are exact."""
    WEIGHTS.mkdir(exist_ok=True)
    np.savez(
        WEIGHTS / f"{name}.npz",
        labels=np.array(head.labels),
        weights=head.weights.astype(np.float16),
        offsets=head.offsets.astype(np.float32),
    )


if __name__ == "__main__":
    main()
