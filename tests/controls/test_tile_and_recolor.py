import numpy as np

from imagetoprompt.controls import recolor, tile
from imagetoprompt.images.picture import open_picture


def test_tile_keeps_colors_and_loses_detail() -> None:
    checks = np.indices((400, 600)).sum(axis=0) % 2 * 255
    pixels = np.repeat(checks[:, :, None], 3, axis=2).astype(np.uint8)
    pixels[:, :300, 2] = 0
    drawn = tile.draw(open_picture(pixels)).pixels.astype(int)
    spread = int(drawn[100:300, 50:250].std(axis=(0, 1)).max())
    assert (drawn[200, 100].tolist(), spread) == ([128, 128, 0], 0)


def test_recolor_keeps_lightness_alone() -> None:
    pixels = np.zeros((40, 90, 3), np.uint8)
    pixels[:, 30:60], pixels[:, 60:] = (255, 0, 0), (255, 255, 255)
    row = recolor.draw(open_picture(pixels)).pixels[20]
    # Pure red has an L* of 53.2 of 100.
    assert [row[15].tolist(), row[45].tolist(), row[75].tolist()] == [[0] * 3, [136] * 3, [255] * 3]
