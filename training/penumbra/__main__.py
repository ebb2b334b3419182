"""python -m training.penumbra: render pairs, learn from them, write the weights of the penumbra.

Needs `pip install -e '.[bench,lightbox]'`. Rendered scenes are kept in training/.cache.
"""

import argparse
from pathlib import Path

from training.lightbox import negatives
from training.penumbra.learning import learned
from training.penumbra.packing import packed
from training.penumbra.pairs import blocks
from training.penumbra.prints import prints

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "penumbra.onnx"
CACHE = Path(__file__).parents[1] / ".cache"
# Of bench/scenes, the same as the direction of light is learned from.
STAGED = 216
PAIRS, TIMES, EPOCHS, BATCH = 1248, 2, 26, 32


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.penumbra", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="scenes cast by our own rays")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    staged = negatives.blocks("staged", STAGED, CACHE / "lightbox")
    whole = prints(blocks(given.pairs, CACHE / "penumbra"), staged, TIMES)
    print(len(whole.seen), "pictures", flush=True)
    given.out.write_bytes(packed(learned(whole, given.epochs, BATCH)))


if __name__ == "__main__":
    main()
