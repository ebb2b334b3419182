"""The plugins of CONTRIBUTING.md work as they stand there."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the modules are installed with their entry points, and two pictures."""
    made = tmp_path_factory.mktemp("plugins")
    for block in blocks("python"):
        name = re.match(r"# (\S+\.py)\n", block)
        assert name is not None
        (made / name[1]).parent.mkdir(exist_ok=True)
        (made / name[1]).write_text(block, encoding="utf-8")
    (table,) = blocks("toml")
    groups = tomllib.loads(table)["project"]["entry-points"]
    lines = [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {module}" for name, module in points.items()))
    ]
    info = made / "my_plugins-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-plugins\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    Image.new("RGB", (96, 64), (200, 200, 200)).save(made / "fog.png")
    Image.new("RGB", (96, 64), (250, 20, 30)).save(made / "red.png")
    return made


def run(folder: Path, *arguments: str) -> str:
    path = os.pathsep.join((str(ROOT / "src"), str(folder)))
    done = subprocess.run(
        [sys.executable, "-m", "imagetoprompt", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_observer_and_the_target_are_described(folder: Path) -> None:
    data = json.loads(run(folder, "fog.png", "--for", "ex", "--json"))
    assert "fog" in json.dumps(data)
    assert "example_service" in json.dumps(data)


def test_edit_asks_every_target(folder: Path) -> None:
    out = run(folder, "edit", "fog.png", "--preset", "watercolor", "--json")
    targets = [row["after"]["target"] for row in json.loads(out)["targets"]]
    assert targets[-1] == "example_service"
    assert len(targets) == 8


def test_the_control_draws_its_map(folder: Path) -> None:
    run(folder, "control", "fog.png", "--kind", "threshold")
    with Image.open(next(folder.glob("*threshold*.png"))) as drawn:
        assert drawn.size == (96, 64)


def test_the_control_keeps_structure(folder: Path) -> None:
    edit = ("edit", "fog.png", "--preset", "watercolor", "--keep", "threshold", "--json")
    plan = json.loads(run(folder, *edit))["plan"]
    assert [control["kind"] for control in plan["controls"]] == ["threshold"]


def test_the_engine_paints(folder: Path) -> None:
    changes = ("--set", "palette=gray", "--task", "recolor", "--strength", "1")
    run(folder, "transform", "red.png", *changes, "--engine", "grayscale", "-o", "gray.png")
    with Image.open(folder / "gray.png") as painted:
        red, green, blue = painted.convert("RGB").resize((1, 1)).tobytes()
    assert red == green == blue


def test_tasks_name_the_plugins_that_can(folder: Path) -> None:
    recolor = run(folder, "tasks").partition("recolor:")[2].partition("vary:")[0]
    assert "example_service" in recolor
    assert "grayscale" in recolor
