import numpy as np

from imagetoprompt.controls import segments
from imagetoprompt.images.picture import open_picture


def test_each_part_has_one_flat_color() -> None:
    flag = np.zeros((120, 180, 3), np.uint8)
    flag[:, :60], flag[:, 60:120], flag[:, 120:] = (0, 40, 160), (250, 250, 250), (210, 20, 40)
    drawn = segments.draw(open_picture(flag)).pixels
    parts = [drawn[:, first : first + 50].reshape(-1, 3) for first in (5, 65, 125)]
    flat = [len(np.unique(part, axis=0)) for part in parts]
    assert (flat, len(np.unique(drawn.reshape(-1, 3), axis=0))) == ([1, 1, 1], 3)


def test_colors_are_never_alike() -> None:
    colors = segments.distinct_colors(40).astype(int)
    apart = np.abs(colors[:, None] - colors[None]).sum(axis=2) + 999 * np.eye(40, dtype=int)
    assert int(apart.min()) == 56
