import io
import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.plan import Control, FacetChange, Plan
from imagetoprompt.images.picture import Picture, open_picture
from imagetoprompt.png_metadata import read_plan

TEAL = Palette((Swatch("#008080", "teal", 1.0),), "custom", 0.0, 0.0)
PLAN = Plan(
    "recolor",
    0.35,
    (40, 30),
    changes=(FacetChange("palette", "red tones", "#008080", TEAL), FacetChange("mood", "", "calm")),
    controls=(Control("tile", 0.8),),
)


def painted(note: str) -> Picture:
    notes, buffer = PngInfo(), io.BytesIO()
    notes.add_itxt("imagetoprompt", note)
    Image.fromarray(np.zeros((30, 40, 3), np.uint8)).save(buffer, "PNG", pnginfo=notes)
    return open_picture(buffer.getvalue())


def test_the_plan_comes_back_as_it_was_written() -> None:
    assert read_plan(painted(json.dumps({"plan": PLAN.to_json()}))) == PLAN


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[]",
        "{}",
        '{"plan": null}',
        '{"plan": {"task": "explode"}}',
        json.dumps({"plan": {**PLAN.to_json(), "size": [1]}}),
        json.dumps({"plan": {**PLAN.to_json(), "strength": "much"}}),
        json.dumps({"plan": {**PLAN.to_json(), "controls": [{}]}}),
        json.dumps({"plan": {**PLAN.to_json(), "changes": [{"facet": "palette"}]}}),
        "[" * 5000,
    ],
)
def test_notes_of_another_shape_are_no_plan(note: str) -> None:
    assert read_plan(painted(note)) is None


def test_a_photograph_has_no_plan() -> None:
    assert read_plan(open_picture("examples/cat.jpg")) is None
