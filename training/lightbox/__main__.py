"""python -m training.lightbox: render scenes, learn from them, write the weights of the shading.

Needs `pip install -e '.[bench,lightbox]'`. About forty minutes on two cores; rendered scenes are
kept in training/.cache/lightbox.
"""

import argparse
from pathlib import Path

import numpy as np

from training.lightbox.finishing import finished
from training.lightbox.learning import learned
from training.lightbox.lessons import Lesson, gathered
from training.lightbox.packing import packed

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "shading.onnx"
# Epochs and size of a batch of each round.
ROUNDS = ((32, 64), (10, 32), (20, 32), (60, 32))
CACHE = Path(__file__).parents[1] / ".cache" / "lightbox"


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.lightbox", description=__doc__)
    parser.add_argument("--scenes", type=int, default=2400, help="cast by our own rays")
    parser.add_argument("--staged", type=int, default=350, help="of bench/scenes, each seen twice")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    kinds = [gathered("cast", given.scenes, CACHE), *[gathered("staged", given.staged, CACHE)] * 2]
    lesson = Lesson(
        np.concatenate([each.seen for each in kinds]),
        np.concatenate([each.wanted for each in kinds]),
    )
    given.out.write_bytes(packed(finished(learned(lesson, ROUNDS), lesson)))


if __name__ == "__main__":
    main()
