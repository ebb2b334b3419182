import json
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
        (["--set", "time="], "Give the words for the time"),
        (["--outpaint", "middle=1"], "The sides are left, top, right, bottom"),
        (["--preset", "night", "--engine", "dali"], "No engine named 'dali'"),
        (["--preset", "night", "--option", "model"], "An engine option is written as NAME=VALUE"),
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


@pytest.mark.parametrize(
    "options",
    [
        ["--set", "time=night", "--add", "mood=calm", "--lock", "palette", "--preset", "autumn"],
        ["--remove", "palette,mood", "--exclude", "people", "--strength", "0.7", "--seed", "3"],
        ["--mask", "0.1,0.2,0.3,0.4", "--set", "subject=a dog", "--keep", "none"],
        ["--expand", "left=0.5", "--size", "900x400"],
        ["--scale", "2", "--task", "upscale"],
        ["--reference", f"style={CAT}@0.5", "--take", f"palette={CAT}"],
    ],
)
def test_it_takes_what_edit_takes(options: list[str]) -> None:
    transformed = json.loads(run("--dry-run", *options).stdout)
    edit = CliRunner().invoke(app, ["edit", CAT, "--for", "sd", "--json", *options])
    edited = json.loads(edit.stdout)
    assert transformed["plan"] == edited["plan"]
    assert transformed["prompt"]["text"] == edited["targets"][0]["after"]["text"]


def test_a_dry_run_writes_no_file() -> None:
    result = run("--preset", "night", "--dry-run")
    assert json.loads(result.stdout)["plan"]["preset"] == "night"
    assert list(Path().iterdir()) == []


def test_older_names_of_options_are_accepted() -> None:
    old = run("--dry-run", "--outpaint", "left=0.5", "--style-from", CAT)
    new = run("--dry-run", "--expand", "left=0.5", "--reference", f"style={CAT}")
    assert old.stdout == new.stdout
