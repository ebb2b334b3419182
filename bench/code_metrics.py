"""`python -m bench.code_metrics`: size and call-path numbers of the source beside their goals.

    python -m bench.code_metrics            the package and its call paths; half a minute
    python -m bench.code_metrics FOLDER     sizes and names of another source tree, no call paths

Prints a Markdown table, and below it what misses a goal. The exit status is always 0.
"""

import ast
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

from bench.pictures import EXAMPLES

PACKAGE: Final = Path(__file__).parents[1] / "src" / "imagetoprompt"

MAX_FILES: Final = 250
MIN_MEDIAN_FILE_LINES: Final = 100
MAX_FILE_LINES: Final = 500
MAX_MEDIAN_FUNCTION_LINES: Final = 10
MAX_P90_FUNCTION_LINES: Final = 25
MAX_FUNCTION_LINES: Final = 50
MAX_PARAMETERS: Final = 5
# (files, frames): what a reader opens, and how deep, to follow one call from end to end.
MAX_DESCRIBE_PATH: Final = (40, 12)
MAX_WRITE_PATH: Final = (10, 9)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class FunctionSize:
    """One function: where it is, its lines without the docstring, and its parameters."""

    place: str
    lines: int
    parameters: int


@dataclass(frozen=True)
class SourceSize:
    """A source tree: lines of each module, its functions, and names that stand for two things.

    `modules` leaves out `__init__.py` and `__main__.py`, which `files` counts.
    """

    files: int
    modules: dict[str, int]
    functions: tuple[FunctionSize, ...]
    double_files: tuple[str, ...]
    double_classes: tuple[str, ...]


@dataclass(frozen=True)
class CallPath:
    """The files of the package that one call runs through, and its deepest stack of frames."""

    files: tuple[str, ...]
    stack: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """One row of the table; `met` is None where there is no goal."""

    name: str
    value: str
    goal: str
    met: bool | None = None


def main() -> None:
    """Print the table for the folder on the command line, or for the package."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE
    size = measure_source(folder)
    metrics = [*source_metrics(size)]
    if folder == PACKAGE:
        metrics += call_path_metrics()
    print("| | measured | goal | |\n|---|---|---|---|")
    for metric in metrics:
        mark = "" if metric.met is None else "met" if metric.met else "missed"
        print(f"| {metric.name} | {metric.value} | {metric.goal} | {mark} |")
    print("", *outliers(size), sep="\n")


def measure_source(folder: Path) -> SourceSize:
    """The sizes and names of all Python files below the folder; SyntaxError if one has none."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    trees = {path: ast.parse(text, str(path)) for path, text in sources.items()}
    modules = {
        path: text.count("\n")
        for path, text in sources.items()
        if path.name not in {"__init__.py", "__main__.py"}
    }
    return SourceSize(
        files=len(sources),
        modules={str(path.relative_to(folder)): lines for path, lines in modules.items()},
        functions=tuple(
            function
            for path, tree in trees.items()
            for function in _functions(str(path.relative_to(folder)), tree)
        ),
        double_files=_doubles(path.name for path in modules),
        double_classes=_doubles(name for tree in trees.values() for name in _public_classes(tree)),
    )


def _functions(file: str, tree: ast.Module) -> Iterator[FunctionSize]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            place = f"{file}:{node.lineno} {node.name}"
            yield FunctionSize(place, _function_lines(node), _parameter_count(node))


def _function_lines(node: Function) -> int:
    """The `def` line and the body without the docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return 1 + (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 1


def _parameter_count(node: Function) -> int:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return sum(argument.arg not in {"self", "cls"} for argument in arguments)


def _public_classes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def _doubles(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name, count in Counter(names).items() if count > 1))


def source_metrics(size: SourceSize) -> Iterator[Metric]:
    """The rows about files, functions and names."""
    lines = sorted(size.modules.values())
    functions = sorted(function.lines for function in size.functions)
    yield _at_most("files", size.files, MAX_FILES)
    median = round(statistics.median(lines))
    goal = f"at least {MIN_MEDIAN_FILE_LINES}"
    yield Metric("lines of a file, median", str(median), goal, median >= MIN_MEDIAN_FILE_LINES)
    yield _at_most("lines of a file, longest", lines[-1], MAX_FILE_LINES)
    median = round(statistics.median(functions))
    yield _at_most("lines of a function, median", median, MAX_MEDIAN_FUNCTION_LINES)
    p90 = functions[int(0.9 * len(functions))]
    yield _at_most("lines of a function, p90", p90, MAX_P90_FUNCTION_LINES)
    yield _at_most("lines of a function, longest", functions[-1], MAX_FUNCTION_LINES)
    parameters = max(function.parameters for function in size.functions)
    yield _at_most("parameters of a function, most", parameters, MAX_PARAMETERS)
    yield _at_most("file names used twice", len(size.double_files), 0)
    yield _at_most("class names used twice", len(size.double_classes), 0)


def _at_most(name: str, value: int, goal: int) -> Metric:
    return Metric(name, str(value), f"at most {goal}", value <= goal)


def call_path_metrics() -> Iterator[Metric]:
    """The rows about describing each example picture, and about writing one Flux prompt."""
    from imagetoprompt import describe, write  # noqa: PLC0415

    for picture in sorted(EXAMPLES.glob("*.jpg")):
        path = trace(partial(describe, str(picture)), PACKAGE)
        yield _path_metric(f"describe {picture.name}", path, MAX_DESCRIBE_PATH)
    scene = describe(str(EXAMPLES / "coffee.jpg"))
    path = trace(partial(write, scene, "flux"), PACKAGE)
    yield _path_metric("write one Flux prompt", path, MAX_WRITE_PATH)


def _path_metric(name: str, path: CallPath, goal: tuple[int, int]) -> Metric:
    files, depth = len(path.files), len(path.stack)
    met = files <= goal[0] and depth <= goal[1]
    value = f"{files} files, {depth} frames deep"
    return Metric(name, value, f"at most {goal[0]} and {goal[1]}", met)


def trace(call: Callable[[], object], package: Path) -> CallPath:
    """The files and the deepest stack of a warm call: it runs twice, the second time traced.

    Every Python frame of the package counts, lambdas and comprehensions too, in all threads that
    the call starts. Importing a module does not.
    """
    call()
    root, files, deepest = f"{package}/", set[str](), list[str]()

    def profile(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(root) or code.co_name == "<module>":
            return
        files.add(code.co_filename.removeprefix(root))
        stack = _stack(frame, root)
        if len(stack) > len(deepest):
            deepest[:] = stack

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return CallPath(tuple(sorted(files)), tuple(deepest))


def _stack(innermost: FrameType, root: str) -> list[str]:
    """The frames of the package around this one, the outermost first."""
    stack = list[str]()
    frame: FrameType | None = innermost
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(root):
            stack.append(f"{code.co_filename.removeprefix(root)}:{code.co_qualname}")
        frame = frame.f_back
    return stack[::-1]


def outliers(size: SourceSize) -> Iterator[str]:
    """One line for each file, function and name that misses a goal."""
    for file, lines in size.modules.items():
        if lines > MAX_FILE_LINES:
            yield f"{file}: {lines} lines"
    for function in size.functions:
        if function.lines > MAX_FUNCTION_LINES:
            yield f"{function.place}: {function.lines} lines"
        if function.parameters > MAX_PARAMETERS:
            yield f"{function.place}: {function.parameters} parameters"
    yield from (f"{name}: the name of two files" for name in size.double_files)
    yield from (f"{name}: the name of two classes" for name in size.double_classes)


if __name__ == "__main__":
    main()
