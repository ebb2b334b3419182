"""The numbers about the source are counted right on a small tree."""

from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest
from bench.code_metrics import measure_source, outliers, source_metrics, trace

LONG = "def long():\n" + "    pass\n" * 60


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "__init__.py": "",
        "shapes.py": '''
            class Box:
                def area(self, width, height):
                    """A docstring does not count.

                    Nor do its further lines.
                    """
                    return width * height


            class _Box:
                pass
            ''',
        "other/__init__.py": "",
        "other/shapes.py": "class Box:\n    pass\n",
        "other/many.py": f"def many(a, b, c, d, e, f):\n    return a\n\n\n{LONG}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text).lstrip())
    return tmp_path


def test_files_functions_and_names_are_counted(tree: Path) -> None:
    size = measure_source(tree)
    assert size.files == 5
    assert size.modules["other/shapes.py"] == 2
    functions = {function.place.split()[1]: function for function in size.functions}
    assert (functions["area"].lines, functions["area"].parameters) == (2, 2)
    assert (functions["many"].lines, functions["many"].parameters) == (2, 6)
    assert functions["long"].lines == 61
    assert size.double_files == ("shapes.py",)
    assert size.double_classes == ("Box",)


def test_what_misses_a_goal_is_named(tree: Path) -> None:
    size = measure_source(tree)
    missed = {metric.name for metric in source_metrics(size) if metric.met is False}
    assert {"lines of a function, longest", "class names used twice"} <= missed
    assert "files" not in missed
    named = list(outliers(size))
    assert "other/many.py:5 long: 61 lines" in named
    assert "other/many.py:1 many: 6 parameters" in named
    assert "Box: the name of two classes" in named


def test_a_call_path_counts_files_and_every_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "traced_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "inner.py").write_text("def double(number):\n    return 2 * number\n")
    (package / "outer.py").write_text(
        "from traced_package.inner import double\n\n\n"
        "def run():\n    return (lambda number: double(number))(1)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = trace(import_module("traced_package.outer").run, package)
    assert path.files == ("inner.py", "outer.py")
    assert path.stack == ("outer.py:run", "outer.py:run.<locals>.<lambda>", "inner.py:double")
