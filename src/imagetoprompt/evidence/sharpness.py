"""sharp(picture) -> where it is sharp, as a small gray picture.

It does not know how sharpness is measured.
"""

from typing import Final

import numpy as np

from imagetoprompt.analysis.blur import blur_map
from imagetoprompt.images.picture import Picture, Pixels

# Edges this blurred, in pixels of a 512 pixel copy, are drawn as dark as it gets.
BLURRED: Final = 5.0


def sharp(picture: Picture) -> Pixels:
    """One sample a cell: bright is sharp, dark is blurred, flat ground tells nothing."""
    cells = blur_map(picture)
    shown = np.clip(1 - cells.blur / BLURRED, 0.08, 1) * np.clip(cells.weight / 4, 0.15, 1)
    return np.asarray(255 * shown, np.uint8)
