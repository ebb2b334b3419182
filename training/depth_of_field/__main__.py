"""`python -m training.depth_of_field DATA`: render scenes, train the network, write its weights.

Needs `pip install -e '.[bench,train-networks]'`. DATA is the folder of the labeled sets. Rendered
scenes are cached in training/.cache/scenes, and shared with training.light_direction.
"""

import argparse
from pathlib import Path

from training.depth_of_field.network import train
from training.depth_of_field.onnx_export import to_onnx
from training.depth_of_field.training_examples import joined, of_blocks, of_far, of_places
from training.geometry.textures import Swatchbook
from training.light_direction.__main__ import CACHE
from training.light_direction.linear_scenes import blocks

WEIGHTS = Path(__file__).parents[2] / "src" / "imagetoprompt" / "weights" / "depth_of_field.onnx"
FAR_SETS = (
    *(f"scene15_gray/{name}" for name in ("Coast", "Mountain", "OpenCountry", "Highway")),
    *(f"scene15_gray/{name}" for name in ("TallBuilding", "Street", "InsideCity", "Suburb")),
    *(f"scene8_cmu/{name}" for name in ("airport", "desert", "football_field", "sky", "campus")),
    "aerial_ucm_captions/images",
)
"""Pictures of what is far away: deep by optics, whatever their texture. One in four is enough."""
FAR_STEP = 4
STAGED, MINIATURE, PLACES = 216, 864, 2000
EPOCHS, BATCH = 40, 32


def main() -> None:
    """Read the arguments, render, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m training.depth_of_field", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of the labelled sets")
    parser.add_argument("--staged", type=int, default=STAGED, help="of bench/scenes, full size")
    parser.add_argument("--miniature", type=int, default=MINIATURE, help="small, of bench/scenes")
    parser.add_argument("--places", type=int, default=PLACES, help="composed pictures")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    book = Swatchbook(tuple(sorted((given.data / "captions_vi/images").glob("*.jpg"))))
    far = [p for each in FAR_SETS for p in sorted((given.data / each).glob("*.*"))[::FAR_STEP]]
    parts = [
        of_blocks(blocks("staged", given.staged, CACHE), 3),
        of_blocks(blocks("miniature", given.miniature, CACHE), 2),
        of_places(range(given.places), book),
        of_far(far),
    ]
    given.out.write_bytes(to_onnx(train(joined(parts), given.epochs, BATCH)))


if __name__ == "__main__":
    main()
