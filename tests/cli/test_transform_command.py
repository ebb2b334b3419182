from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from imagetoprompt.cli.main import app, main

CAT = str(Path("examples/cat.jpg").resolve())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["transform", CAT, *arguments])


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["transform", CAT, *arguments])
    assert stopped.value.code == 2
    return capsys.readouterr().err


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_preset_paints_a_file_named_after_it() -> None:
    result = run("--preset", "night")
    assert result.stdout == "cat.night.png\n"
    with Image.open("cat.night.png") as image:
        assert image.size == (451, 300)


def test_a_file_that_is_there_stays() -> None:
    Path("out.png").write_bytes(b"mine")
    assert run("--preset", "night", "--engine", "echo", "-o", "out.png").stdout == "out-2.png\n"
    assert Path("out.png").read_bytes() == b"mine"


def test_the_reasons_stand_on_standard_error() -> None:
    result = run("--set", "palette=teal and amber palette", "--engine", "echo")
    assert result.stderr.startswith("recolor, strength 0.3\n")


def test_a_sweep_is_one_sheet() -> None:
    run("--preset", "night", "--sweep", "0.2,0.8", "-o", "sweep.png")
    with Image.open("sweep.png") as image:
        assert image.width > 3 * 400


def test_outpainting_reaches_beyond_the_frame() -> None:
    run("--outpaint", "left=0.5", "-o", "wide.png")
    with Image.open("wide.png") as image:
        assert image.width > 600


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "night", "--strength", "1.4"], "Strength goes from 0 (keep) to 1 (free)"),
        (["--preset", "night", "--sweep", "0.2,3"], "Strength goes from 0 (keep) to 1 (free)"),
        (["--preset", "night", "--sweep", "a"], "is not a list of numbers"),
        (["--preset", "cubist"], "No preset named 'cubist'"),
        (["--set", "dusk"], "write it as facet=words"),
        (["--set", "time="], "Say what the time is to be"),
        (["--outpaint", "middle=1"], "The sides are left, top, right, bottom"),
        (["--preset", "night", "--engine", "dali"], "No engine named 'dali'"),
        (["--preset", "night", "--option", "model"], "Write an option of the engine as name=value"),
        (["--preset", "3d-render"], "cannot paint '3D render'"),
    ],
)
def test_bad_input_is_one_line_and_no_file(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    said = refused(capsys, *arguments)
    assert words in said
    assert said.count("\n") == 1
    assert list(Path().iterdir()) == []
