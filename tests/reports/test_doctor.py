import json
from pathlib import Path

import pytest

from imagetoprompt.errors import MissingPartError
from imagetoprompt.reports import doctor
from imagetoprompt.reports.doctor import Check, answer, as_json, as_text, examine, healthy, remedy


def test_each_format_is_written_and_read() -> None:
    formats = [("format", name) for name in doctor.FORMATS]
    checks = examine(formats)
    assert [(check.name, check.detail) for check in checks] == [
        (name, "reads 640 x 480") for name in doctor.FORMATS
    ]


def test_a_failing_part_is_reported_with_its_remedy() -> None:
    said = answer("observer", "no such observer")
    assert said["works"] is False
    assert str(said["detail"]).startswith("UnknownNameError: No observer named")
    assert said["remedy"] == doctor.REINSTALL


def test_a_crashing_part_is_reported_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import os\nFACETS = ('mood',)\ndef observe(picture): os._exit(1)\n"
    (tmp_path / "crasher.py").write_text(code)
    (tmp_path / "crasher-1.dist-info").mkdir()
    (tmp_path / "crasher-1.dist-info" / "METADATA").write_text("Name: crasher\nVersion: 1\n")
    points = "[imagetoprompt.observers]\ncrasher = crasher\n"
    (tmp_path / "crasher-1.dist-info" / "entry_points.txt").write_text(points)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    checks = examine([("observer", "crasher"), ("format", "PNG")])
    assert [(check.name, check.works) for check in checks] == [("crasher", False), ("PNG", True)]
    assert checks[0].detail == doctor.CRASH_MESSAGE


@pytest.mark.parametrize(
    ("error", "command"),
    [
        (ModuleNotFoundError("gone", name="PIL.Image"), "pip install pillow"),
        (ModuleNotFoundError("gone", name="rapidocr"), "pip install rapidocr"),
        (ModuleNotFoundError("gone", name="imagetoprompt.core.scene"), doctor.REINSTALL),
        (MissingPartError("The file x is missing", "pip install 'y==1'"), "pip install 'y==1'"),
        (RuntimeError("broken"), doctor.REINSTALL),
    ],
)
def test_the_remedy_is_a_command(error: Exception, command: str) -> None:
    assert remedy(error) == command


def test_it_is_healthy_if_every_part_works() -> None:
    well, ill = Check("a", "b", True, "", 0.1), Check("a", "c", False, "", 0.1, "mend")
    assert healthy([well]) is True
    assert healthy([well, ill]) is False


def test_the_text_has_the_remedy_under_what_fails() -> None:
    lines = as_text([Check("observer", "text", False, "gone", 0.012, "pip install x")]).splitlines()
    assert lines[1].split() == ["FAILED", "observer", "text", "12", "ms", "gone"]
    assert lines[2].strip() == "fix it with:  pip install x"


def test_the_json_is_one_object_on_one_line() -> None:
    text = as_json([Check("format", "PNG", True, "reads", 0.5)])
    assert text.count("\n") == 1
    assert json.loads(text)["healthy"] is True
    assert json.loads(text)["checks"][0]["name"] == "PNG"


def test_each_control_and_engine_is_run() -> None:
    checks = examine([("control", "canny"), ("engine", "echo"), ("engine", "draft")])
    assert [(check.name, check.detail) for check in checks] == [
        ("canny", "draws 640 x 480"),
        ("echo", "paints 640 x 480"),
        ("draft", "paints 640 x 480"),
    ]


def test_a_missing_extra_is_reported_with_its_command_and_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(doctor.EXTRAS, "draft", ("a_module_that_nobody_has",))
    check = Check(**answer("extra", "draft"), seconds=0.0)  # type: ignore[arg-type]
    assert (check.works, check.detail) == (False, "not installed")
    assert check.remedy == "pip install 'imagetoprompt[draft]'"
    assert healthy([check])
    assert as_text([check]).splitlines()[1].startswith("absent  extra")
