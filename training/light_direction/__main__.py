"""`python -m training.light_direction DATA`: render scenes, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. DATA is the folder of the labeled sets, whose
photographs teach the color cast. Rendered scenes are cached in training/.cache/scenes.
"""

import argparse
from pathlib import Path

from training.light_direction.linear_scenes import blocks
from training.light_direction.network import train
from training.light_direction.onnx_export import to_onnx
from training.light_direction.training_examples import joined, lesson, of_photographs

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "light_direction.onnx"
CACHE = Path(__file__).parents[1] / ".cache" / "scenes"
# How often a scene is developed: those of bench/scenes are fewer, and dearer.
TIMES = {"cast": 2, "miniature": 4, "staged": 4}
PHOTOGRAPHS = ("imagenet1000/images/*.jpg", "scene8_cmu/*/*.jpg")
CAST, MINIATURE, STAGED = 1752, 792, 216
EPOCHS, BATCH = 32, 32


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.light_direction", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labelled sets")
    parser.add_argument("--cast", type=int, default=CAST, help="scenes cast by our own rays")
    parser.add_argument("--miniature", type=int, default=MINIATURE, help="small, of bench/scenes")
    parser.add_argument("--staged", type=int, default=STAGED, help="of bench/scenes, full size")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    lessons = [
        lesson(blocks(kind, getattr(given, kind), CACHE), times) for kind, times in TIMES.items()
    ]
    photographs = [path for each in PHOTOGRAPHS for path in sorted(given.data.glob(each))]
    whole = joined([*lessons, of_photographs(photographs, 2)])
    print(len(whole.seen), "pictures", flush=True)
    given.out.write_bytes(to_onnx(train(whole, given.epochs, BATCH)))


if __name__ == "__main__":
    main()
