"""`python -m training.light_direction DATA`: render scenes, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. DATA is the folder of the labeled sets, whose
photographs teach the color cast. Rendered scenes are cached in training/.cache/scenes.
"""

import argparse
from pathlib import Path

from training.light_direction.linear_scenes import scene_blocks
from training.light_direction.network import train
from training.light_direction.onnx_export import to_onnx
from training.light_direction.training_examples import (
    joined_examples,
    photograph_examples,
    scene_examples,
)

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "light_direction.onnx"
CACHE = Path(__file__).parents[1] / ".cache" / "scenes"
# How often a scene is developed; those of bench/scenes are fewer, since they take longer.
DEVELOPMENTS_PER_SCENE = {"cast": 2, "miniature": 4, "staged": 4}
PHOTOGRAPH_PATTERNS = ("imagenet1000/images/*.jpg", "scene8_cmu/*/*.jpg")
RAY_TRACED_COUNT, MINIATURE_COUNT, STAGED_COUNT = 1752, 792, 216
EPOCH_COUNT, BATCH_SIZE = 32, 32


def main() -> None:
    """Parse the arguments, render, train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.light_direction", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labeled sets")
    parser.add_argument(
        "--cast", type=int, default=RAY_TRACED_COUNT, help="scenes cast by our own rays"
    )
    parser.add_argument(
        "--miniature", type=int, default=MINIATURE_COUNT, help="small, of bench/scenes"
    )
    parser.add_argument(
        "--staged", type=int, default=STAGED_COUNT, help="of bench/scenes, full size"
    )
    parser.add_argument("--epochs", type=int, default=EPOCH_COUNT)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    parts = [
        scene_examples(scene_blocks(kind, getattr(arguments, kind), CACHE), times)
        for kind, times in DEVELOPMENTS_PER_SCENE.items()
    ]
    photographs = [
        path for pattern in PHOTOGRAPH_PATTERNS for path in sorted(arguments.data.glob(pattern))
    ]
    whole = joined_examples([*parts, photograph_examples(photographs, 2)])
    print(len(whole.seen), "pictures", flush=True)
    arguments.out.write_bytes(to_onnx(train(whole, arguments.epochs, BATCH_SIZE)))


if __name__ == "__main__":
    main()
