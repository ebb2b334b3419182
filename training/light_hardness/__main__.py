"""`python -m training.light_hardness`: render pairs, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. Rendered scenes are cached in training/.cache.
"""

import argparse
from pathlib import Path

from training.light_direction import linear_scenes
from training.light_hardness.network import train
from training.light_hardness.onnx_export import to_onnx
from training.light_hardness.scene_pairs import blocks
from training.light_hardness.training_examples import prints

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "light_hardness.onnx"
CACHE = Path(__file__).parents[1] / ".cache"
# Of bench/scenes, the same as the direction of light is learned from.
STAGED = 216
PAIRS, TIMES, EPOCHS, BATCH = 1248, 2, 26, 32


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.light_hardness", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="scenes cast by our own rays")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    staged = linear_scenes.blocks("staged", STAGED, CACHE / "scenes")
    whole = prints(blocks(given.pairs, CACHE / "penumbra"), staged, TIMES)
    print(len(whole.seen), "pictures", flush=True)
    given.out.write_bytes(to_onnx(train(whole, given.epochs, BATCH)))


if __name__ == "__main__":
    main()
