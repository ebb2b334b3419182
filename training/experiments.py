"""courses: what each head is trained on, and a head tried on sets that it has never seen.

    data ──▶ looked_at_all ──▶ course ──▶ fitted, tried

It writes nothing but the cache of what was looked at.
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
from training.data import Sample, meaningless, samples
from training.feature_cache import looked_at, vectors
from training.fitting import Rows
from training.model_cards import ModelCard
from training.noise_images import noise_images

CACHE: Final = Path(__file__).parent / ".cache"


def labeled_features(data: Path, cache: Path = CACHE) -> tuple[list[Sample], dict[Path, Rows]]:
    """Every labelled picture, and pictures of nothing, with the rows of each."""
    found = samples(data)
    paths = [sample.path for sample in found]
    rows = dict(zip(paths, vectors(paths, cache), strict=True))
    for pixels in noise_images():
        sample = meaningless(sha256(pixels.tobytes()).hexdigest())
        rows[sample.path] = looked_at(pixels, sample.group)
        found.append(sample)
    return found, rows


def training_set(head: str, found: Sequence[Sample], rows: dict[Path, Rows]) -> TrainingSet:
    """What the head is trained on and asked about: the samples that have a label of it."""
    known = tuple(sample for sample in found if head in sample.labels)
    return TrainingSet(head, known, np.stack([rows[sample.path] for sample in known]))


def evaluate(whole: TrainingSet) -> ModelCard:
    """The head on folds and sets that it was not trained on, and the temperature they ask for."""
    train = whole.part([not sample.held_out for sample in whole.samples])
    trials = (*trials_within_sets(train), *trials_across_sets(whole))
    heat = temperature(whole.head, trials)
    return ModelCard(
        whole.head, whole.samples, trials, heat, table("facets")[whole.head]["threshold"]
    )


def taught_elsewhere(whole: TrainingSet) -> Iterator[bool]:
    """Of each sample, whether training pictures of another set have its label."""
    taught = {(s.source, s.labels[whole.head]) for s in whole.samples if not s.held_out}
    for sample in whole.samples:
        label = sample.labels[whole.head]
        yield any(each == label and source != sample.source for source, each in taught)
