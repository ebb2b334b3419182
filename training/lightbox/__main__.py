"""python -m training.lightbox: render scenes, learn from them, write the weights of the shading.

Needs jax (`pip install -e '.[train]'`). About two hours on two cores as it stands.
"""

import argparse
from pathlib import Path

import numpy as np

from imagetoprompt.shading import prepared
from training.lightbox.learning import Lesson, learned, wanted
from training.lightbox.scenes import scene

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "shading.npz"


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.lightbox", description=__doc__)
    parser.add_argument("--scenes", type=int, default=8000)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    lit = [scene(seed) for seed in range(given.scenes)]
    seen = np.stack([prepared(pixels).astype(np.float16) for pixels, _ in lit])
    weights = learned(Lesson(seen, np.stack([wanted(truth) for _, truth in lit])), given.epochs)
    halves = {f"arr_{i}": each.astype(np.float16) for i, each in enumerate(weights)}
    np.savez(given.out, **halves)


if __name__ == "__main__":
    main()
