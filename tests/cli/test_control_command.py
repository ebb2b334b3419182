from pathlib import Path

import pytest
from PIL import Image

from imagetoprompt.cli.main import main

CAT = str(Path("examples/cat.jpg").absolute())


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return int(stopped.value.code or 0)


def test_maps_are_named_after_the_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("control", CAT, "--kind", "canny,tile", "--kind", "recolor", "-o", f"{tmp_path}/m")
    names = sorted(path.name for path in (tmp_path / "m").iterdir())
    assert (code, names) == (0, ["cat.canny.png", "cat.recolor.png", "cat.tile.png"])
    assert capsys.readouterr().out.splitlines()[0] == f"{tmp_path}/m/cat.canny.png"


def test_other_names_are_understood(tmp_path: Path) -> None:
    run("control", CAT, "--kind", "edges,luminance,canny", "-o", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cat.canny.png",
        "cat.recolor.png",
    ]


def test_a_map_is_a_picture_that_says_what_it_is(tmp_path: Path) -> None:
    run("control", CAT, "--kind", "canny", "-o", str(tmp_path))
    with Image.open(tmp_path / "cat.canny.png") as image:
        assert (image.size, image.info) == (
            (451, 300),
            {"Software": "ImageToPrompt", "control": "canny"},
        )


def test_a_map_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "cat.canny.png").write_bytes(b"mine")
    run("control", CAT, "--kind", "canny", "-o", str(tmp_path))
    assert (tmp_path / "cat.canny.png").read_bytes() == b"mine"
    assert (tmp_path / "cat.canny-2.png").stat().st_size > 1000


def test_a_rough_depth_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("control", CAT, "--kind", "depth", "-o", str(tmp_path))
    assert (
        "cat.depth.png is a rough estimate from ground, objects and focus"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("control", CAT, "--kind", "canni"), "No control named 'canni'. There are: canny,"),
        (("control", "missing.jpg", "--kind", "canny"), "missing.jpg"),
        (("control", CAT, "--kind", "canny", "-o", CAT), "is a file"),
        (("control", CAT), "Missing option '--kind'"),
    ],
)
def test_bad_usage_is_one_line(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(*arguments), capsys.readouterr().err
    assert (code, said.count("\n"), sentence in said) == (2, 1, True)


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("a/b/photo.final.jpg", "photo.final"),
        ("https://example.org/x/photo.jpg?size=2", "photo"),
        ("https://example.org/", "picture"),
        ("-", "picture"),
    ],
)
def test_the_stem_of_a_source(source: str, stem: str) -> None:
    from imagetoprompt.cli.control_command import stem_of  # noqa: PLC0415

    assert stem_of(source) == stem
