import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imagetoprompt.cli.main import main
from imagetoprompt.core.plan import FacetChange, Plan

COFFEE = "examples/coffee.jpg"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return int(stopped.value.code or 0)


def test_the_same_picture(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run("compare", COFFEE, COFFEE), capsys.readouterr().out.splitlines()
    assert (code, lines[0], lines[3].split()) == (
        0,
        "No visible difference.",
        ["whole", "100", "%", "0", "0.0", "0.0", "1.00", "1.00"],
    )


def test_a_mask_tells_inside_from_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = np.zeros((400, 600), np.uint8)
    mask[:100] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    run("compare", COFFEE, COFFEE, "--mask", str(tmp_path / "mask.png"))
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[3:6]]
    assert rows == [["whole", "100"], ["inside", "25"], ["outside", "75"]]


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    run("compare", COFFEE, COFFEE, "--json")
    assert json.loads(capsys.readouterr().out)["words"] == []


def test_a_wrong_mask_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = run("compare", COFFEE, COFFEE, "--mask", "examples/cat.jpg")
    assert (code, capsys.readouterr().err) == (
        2,
        "imagetoprompt: The mask is 451 x 300 pixels and the picture 600 x 400: "
        "give a mask of the picture's size.\n",
    )


def test_a_result_with_its_plan_gets_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = Plan("recolor", 0.3, (600, 400), changes=(FacetChange("palette", "", "vivid teal"),))
    notes = PngInfo()
    notes.add_itxt("imagetoprompt", json.dumps({"plan": plan.to_json()}))
    with Image.open(COFFEE) as image:
        image.save(tmp_path / "same.png", pnginfo=notes)
    run("compare", COFFEE, str(tmp_path / "same.png"))
    assert capsys.readouterr().out.splitlines()[:3] == [
        "No visible difference.",
        "",
        "The requested palette, vivid teal, is missing: raise the strength from 0.3 to 0.45.",
    ]
