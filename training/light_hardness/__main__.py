"""`python -m training.light_hardness`: render pairs, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. Rendered scenes are cached in training/.cache.
"""

import argparse
from pathlib import Path

from training.light_direction import linear_scenes
from training.light_hardness.network import train
from training.light_hardness.onnx_export import to_onnx
from training.light_hardness.scene_pairs import pair_blocks
from training.light_hardness.training_examples import hardness_examples

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "light_hardness.onnx"
CACHE = Path(__file__).parents[1] / ".cache"
# Number of scenes of bench/scenes, the same as for light direction.
STAGED_COUNT = 216
PAIR_COUNT, DEVELOPMENTS_PER_PAIR, EPOCH_COUNT, BATCH_SIZE = 1248, 2, 26, 32


def main() -> None:
    """Parse the arguments, render, train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.light_hardness", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIR_COUNT, help="scenes cast by our own rays")
    parser.add_argument("--epochs", type=int, default=EPOCH_COUNT)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    staged = linear_scenes.scene_blocks("staged", STAGED_COUNT, CACHE / "scenes")
    whole = hardness_examples(
        pair_blocks(arguments.pairs, CACHE / "pairs"), staged, DEVELOPMENTS_PER_PAIR
    )
    print(len(whole.seen), "pictures", flush=True)
    arguments.out.write_bytes(to_onnx(train(whole, arguments.epochs, BATCH_SIZE)))


if __name__ == "__main__":
    main()
