import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import imagetoprompt

COFFEE = str(Path(__file__).parents[2] / "examples" / "coffee.jpg")


def run(*arguments: str, folder: Path, limit: int = 0) -> "subprocess.CompletedProcess[str]":
    """The command line in this folder; limit: largest file that it may write, in bytes."""

    def limited() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "imagetoprompt", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(imagetoprompt.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("out.jpg", "end it with .png"),
        ("o" * 260 + ".png", "too long a name"),
        ("folder.png", "is a folder"),
        ("file/out.png", "is not a folder"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_picture_is_opened(
    tmp_path: Path, output: str, said: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "file").touch()
    done = run("transform", "missing.jpg", "--preset", "night", "-o", output, folder=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.png"]


def test_a_figure_never_overwrites_nor_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_bytes(b"mine")
    (tmp_path / "link.png").symlink_to("mine.png")
    assert run("explain", COFFEE, "-o", "link.png", folder=tmp_path).stdout == "link-2.png\n"
    done = run("explain", COFFEE, "-o", "link.png", "--force", folder=tmp_path)
    assert done.stdout == "link.png\n"
    assert (tmp_path / "mine.png").read_bytes() == b"mine"
    with Image.open(tmp_path / "link.png") as image:
        assert (image.format, (tmp_path / "link.png").is_symlink()) == ("PNG", False)


def test_a_full_disk_leaves_no_part_of_a_figure(tmp_path: Path) -> None:
    done = run("explain", COFFEE, "-o", "figure.png", folder=tmp_path, limit=20_000)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "File too large" in done.stderr
