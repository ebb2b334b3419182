"""`python -m training.depth_of_field DATA`: render scenes, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. DATA is the folder of the labeled sets. Rendered
scenes are cached in training/.cache/scenes, and shared with training.light_direction.
"""

import argparse
from pathlib import Path

from training.depth_of_field.network import train
from training.depth_of_field.onnx_export import to_onnx
from training.depth_of_field.training_examples import (
    block_examples,
    composed_examples,
    distant_examples,
    joined_examples,
)
from training.geometry.textures import TextureSource
from training.light_direction.__main__ import CACHE
from training.light_direction.linear_scenes import scene_blocks

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "depth_of_field.onnx"
FAR_SETS = (
    *(f"scene15_gray/{name}" for name in ("Coast", "Mountain", "OpenCountry", "Highway")),
    *(f"scene15_gray/{name}" for name in ("TallBuilding", "Street", "InsideCity", "Suburb")),
    *(f"scene8_cmu/{name}" for name in ("airport", "desert", "football_field", "sky", "campus")),
    "aerial_ucm_captions/images",
)
"""Pictures of what is far away: deep by optics, whatever their texture. One in four is enough."""
FAR_STEP = 4
STAGED_COUNT, MINIATURE_COUNT, COMPOSED_COUNT = 216, 864, 2000
EPOCH_COUNT, BATCH_SIZE = 40, 32


def main() -> None:
    """Parse the arguments, render, train, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.depth_of_field", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labeled sets")
    parser.add_argument(
        "--staged", type=int, default=STAGED_COUNT, help="of bench/scenes, full size"
    )
    parser.add_argument(
        "--miniature", type=int, default=MINIATURE_COUNT, help="small, of bench/scenes"
    )
    parser.add_argument("--places", type=int, default=COMPOSED_COUNT, help="composed pictures")
    parser.add_argument("--epochs", type=int, default=EPOCH_COUNT)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    textures = TextureSource(tuple(sorted((arguments.data / "captions_vi/images").glob("*.jpg"))))
    far = [
        path
        for folder in FAR_SETS
        for path in sorted((arguments.data / folder).glob("*.*"))[::FAR_STEP]
    ]
    parts = [
        block_examples(scene_blocks("staged", arguments.staged, CACHE), 3),
        block_examples(scene_blocks("miniature", arguments.miniature, CACHE), 2),
        composed_examples(range(arguments.places), textures),
        distant_examples(far),
    ]
    arguments.out.write_bytes(to_onnx(train(joined_examples(parts), arguments.epochs, BATCH_SIZE)))


if __name__ == "__main__":
    main()
