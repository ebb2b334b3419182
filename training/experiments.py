"""The training set of each head, and its evaluation on folds and sets that it was not trained on.

Only the cache of features is written.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from imagetoprompt.lexicon import table
from training.cross_validation import (
    TrainingSet,
    temperature,
    trials_across_sets,
    trials_within_sets,
)
from training.data import Sample, noise_sample, samples
from training.feature_cache import cached_features, variant_features
from training.fitting import Rows
from training.model_cards import ModelCard
from training.noise_images import noise_images

CACHE: Final = Path(__file__).parent / ".cache"


def labeled_features(data: Path, cache: Path = CACHE) -> tuple[list[Sample], dict[Path, Rows]]:
    """Every labeled picture and the noise images, and the feature rows of each by path."""
    labeled = samples(data)
    paths = [sample.path for sample in labeled]
    rows = dict(zip(paths, cached_features(paths, cache), strict=True))
    for pixels in noise_images():
        sample = noise_sample(sha256(pixels.tobytes()).hexdigest())
        rows[sample.path] = variant_features(pixels, sample.group)
        labeled.append(sample)
    return labeled, rows


def training_set(head: str, labeled: Sequence[Sample], rows: dict[Path, Rows]) -> TrainingSet:
    """The samples that have a label of the head, for training and evaluation."""
    known = tuple(sample for sample in labeled if head in sample.labels)
    return TrainingSet(head, known, np.stack([rows[sample.path] for sample in known]))


def evaluate(whole: TrainingSet) -> ModelCard:
    """The head on folds and sets that it was not trained on, and the temperature that fits them."""
    train = whole.part([not sample.held_out for sample in whole.samples])
    trials = (*trials_within_sets(train), *trials_across_sets(whole))
    best_temperature = temperature(whole.head, trials)
    return ModelCard(
        whole.head,
        whole.samples,
        trials,
        best_temperature,
        table("facets")[whole.head]["threshold"],
    )


def taught_elsewhere(whole: TrainingSet) -> Iterator[bool]:
    """For each sample, whether training pictures of another set have its label."""
    taught = {(s.source, s.labels[whole.head]) for s in whole.samples if not s.held_out}
    for sample in whole.samples:
        label = sample.labels[whole.head]
        yield any(known == label and source != sample.source for source, known in taught)
