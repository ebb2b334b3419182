"""`python -m bench.draft DATA`: what the draft engine's goals measure on fifty photographs.

    python -m bench.draft ../shared/data                     the goals, about three minutes
    python -m bench.draft DATA --pictures 12                 on fewer pictures
    python -m bench.draft --sheet out.png PICTURE…           every preset on these pictures
    python -m bench.draft --sheet out.png --only night PICTURE…

It only reports, and never fails. Whether a time of day arrived is judged by the observer `place`,
which does not know the request.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.pictures import enlarged
from bench.timing import machine
from imagetoprompt import open_picture
from imagetoprompt.analysis import linear_models
from imagetoprompt.core.plan import FacetChange, Mask, Plan, Request, Task
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.engines import ENGINES, Painting
from imagetoprompt.engines.draft.part_masks import indoor_probability
from imagetoprompt.engines.draft.recipes import supported_presets
from imagetoprompt.facts.edits import preset
from imagetoprompt.images import color
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import detect
from imagetoprompt.observers import place

PHOTOGRAPH_SETS: Final = ("captions_vi/images", "exif_photos/images", "weather4/*")
# The observer's words for these presets; it has none for dusk.
WORD_BY_PRESET: Final = {
    "dawn": "golden hour",
    "morning": "daytime",
    "midday": "daytime",
    "golden-hour": "golden hour",
    "sunset": "golden hour",
    "night": "night",
    "moonlight": "night",
}
TARGET_PALETTES: Final = (
    ("#0B1B3A", "#1F3F75", "#4A73B0", "#8FB0DA", "#DDE9F7"),
    ("#3B2A1E", "#6E4F37", "#8C7A4F", "#B58B62", "#D9C3A0"),
    ("#05261E", "#0B6B4F", "#14357F", "#8C1033", "#D9B36A"),
    ("#F2C9D0", "#CFE3F2", "#F7EBC3", "#CDE8D0", "#8E86B8"),
    ("#1B4D5C", "#2F8F9D", "#F2A65A", "#E0703A", "#F6E3C5"),
)
CELL_SIDE: Final = 240


def main() -> None:
    """Measure the goals, or draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if arguments.sheet:
        names = arguments.only.split(",") if arguments.only else supported_presets()
        return _draw(arguments.sheet, names, [open_picture(path) for path in arguments.paths])
    pictures = list(photographs(arguments.paths[0], arguments.pictures))
    print(f"{machine()}\n\n{len(pictures)} photographs taken outdoors\n")
    for line in (*_palettes(pictures), *_times(pictures), *_outside(pictures), *_speed()):
        print(line, flush=True)
    return None


def photographs(data: Path, count: int) -> Iterator[Picture]:
    """As many outdoor photographs of each set, evenly chosen by name."""
    for pattern in PHOTOGRAPH_SETS:
        files = sorted(
            path for path in data.glob(f"{pattern}/*") if path.suffix.lower() in _SUFFIXES
        )
        left = round(count / len(PHOTOGRAPH_SETS))
        for path in files[:: max(1, len(files) // (left * 3))]:
            picture = open_picture(path)
            if left and _suits(picture):
                left -= 1
                yield picture


_SUFFIXES: Final = {".jpg", ".jpeg", ".png"}


def _suits(picture: Picture) -> bool:
    """Whether it is a photograph, taken outdoors, and no thumbnail."""
    photo = linear_models.probe_probabilities(picture, "medium")["photo"]
    return min(picture.size) >= 150 and photo > 0.5 and indoor_probability(picture) < 0.35


def paint(picture: Picture, task: Task = "restyle", **fields: Any) -> Picture:  # noqa: ANN401
    """The draft engine's picture; `fields` are those of the plan."""
    size = picture.pixels.shape[1], picture.pixels.shape[0]
    plan = Plan(**{"task": task, "strength": 1.0, "size": size, **fields})
    request = Request("draft", "", "settings", {}, Prompt("draft", "", ""), plan)
    with ENGINES.open("draft") as engine:
        steps = [step for step in engine.paint(request, picture) if isinstance(step, Painting)]
    return steps[0].picture


def _palettes(pictures: Sequence[Picture]) -> Iterator[str]:
    """How near the colors come to an asked palette, and which edges stay."""
    before, after, edges = [], [], []
    for number, picture in enumerate(pictures):
        asked = TARGET_PALETTES[number % len(TARGET_PALETTES)]
        change = FacetChange("palette", "", " ".join(asked))
        made = paint(picture, "recolor", changes=(change,), strength=0.3)
        before.append(to_palette(picture, asked))
        after.append(to_palette(made, asked))
        edges.append(edge_f1(picture, made))
    halved = sum(b <= a / 2 for a, b in zip(before, after, strict=True))
    yield (
        f"palette: mean dE00 to the asked colors {mean(before):.1f} -> {mean(after):.1f} "
        f"({mean(after) / mean(before):.2f} of it; at least halved in {halved} of {len(before)})"
    )
    least = f"{min(edges):.3f}"
    yield f"palette: edges F1 median {median(edges):.3f}, mean {mean(edges):.3f}, least {least}"


def to_palette(picture: Picture, asked: Sequence[str]) -> float:
    """The mean over all pixels of the CIEDE2000 to the nearest asked color."""
    lab = color.cielab(color.to_linear(picture.at(128))).reshape(-1, 1, 3)
    goals = color.cielab(np.stack([color.from_oklab(color.from_hex(code)) for code in asked]))
    return float(color.ciede2000(lab, goals[None]).min(axis=1).mean())


def edge_f1(first: Picture, second: Picture) -> float:
    """F1 of Canny edges within two pixels, thresholds set by each picture's own contrast."""
    a, b = (_edges(picture) for picture in (first, second))
    near = np.ones((5, 5), np.uint8)
    kept = float((a & cv2.dilate(b, near)).sum()) / max(1, int(a.sum()))
    true = float((b & cv2.dilate(a, near)).sum()) / max(1, int(b.sum()))
    return 2 * kept * true / max(kept + true, 1e-9)


def _edges(picture: Picture) -> NDArray[np.uint8]:
    light = cv2.cvtColor(picture.at(512), cv2.COLOR_RGB2LAB)[..., 0]
    soft = cv2.GaussianBlur(light, (0, 0), 1.2)
    slope = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    high = float(np.quantile(slope, 0.92))
    return np.asarray(cv2.Canny(soft, high * 0.5, high, L2gradient=True) > 0, np.uint8)


def _times(pictures: Sequence[Picture]) -> Iterator[str]:
    """How often our own observer reads the asked time of day."""
    total = 0
    for name, word in WORD_BY_PRESET.items():
        strength = preset(name).strength
        made = (paint(picture, "relight", preset=name, strength=strength) for picture in pictures)
        read = [told_time(picture) for picture in made]
        was = sum(told_time(picture) == word for picture in pictures)
        total += sum(answer == word for answer in read)
        yield f"time: {name} read as {word} {read.count(word)} of {len(read)} (before {was})"
    yield f"time: all {total} of {len(WORD_BY_PRESET) * len(pictures)}"


def told_time(picture: Picture) -> str:
    """The time of day that our observer claims; "" when it is surest of none."""
    return next(fact.value for fact in place.observe(picture) if fact.facet == "time")


def _outside(pictures: Sequence[Picture]) -> Iterator[str]:
    """The largest difference outside a mask, over tasks of every kind."""
    worst = 0
    mask = Mask(boxes=((0.3, 0.3, 0.3, 0.4),), feather=0.02)
    for picture in pictures[:12]:
        height, width = picture.pixels.shape[:2]
        kept = np.ones((height, width), bool)
        kept[round(0.3 * height) : round(0.7 * height), round(0.3 * width) : round(0.6 * width)] = 0
        for task, name in (("inpaint", ""), ("restyle", "watercolor"), ("relight", "night")):
            made = paint(picture, cast(Task, task), mask=mask, preset=name)
            apart = np.abs(made.pixels.astype(int) - picture.pixels)[kept]
            worst = max(worst, int(apart.max()))
    yield f"mask: largest difference outside {worst}"


def _speed() -> Iterator[str]:
    """Seconds of every preset at one megapixel, the first run left out."""
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = enlarged(Path(folder), 1.0)[1]
        times: dict[str, list[float]] = {"medium": [], "grading": []}
        slow: dict[str, float] = {}
        for name in supported_presets():
            took = min(_seconds(path, name) for _ in range(2))
            kind = "medium" if preset(name).kind in ("medium", "style") else "grading"
            times[kind].append(took)
            slow[name] = took
    for kind, seconds in times.items():
        slowest = max(seconds)
        name = max((preset for preset in slow if slow[preset] in seconds), key=slow.__getitem__)
        summary = f"median {median(seconds):.2f} s, slowest {name} {slowest:.2f} s"
        yield f"speed at 1 MP: {kind} {summary}"


def _seconds(path: Path, name: str) -> float:
    """Of painting alone: what describe has asked its networks is known by then."""
    picture = open_picture(path)
    linear_models.probe_probabilities(picture, "setting")
    detect(picture)
    started = perf_counter()
    paint(picture, preset=name)
    return perf_counter() - started


def _draw(path: Path, names: Sequence[str], pictures: Sequence[Picture]) -> None:
    """Every preset in a row of its own, at its own strength, the pictures beside one another."""
    rows = [_row("original", [picture.pixels for picture in pictures])]
    for name in names:
        strength = preset(name).strength
        made = [paint(picture, preset=name, strength=strength).pixels for picture in pictures]
        rows.append(_row(name, made))
        print(name, flush=True)
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1])


def _row(name: str, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    cells = np.full((CELL_SIDE + 22, CELL_SIDE * len(pictures), 3), 255, np.uint8)
    cv2.putText(cells, name, (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    for number, pixels in enumerate(pictures):
        scale = CELL_SIDE / max(pixels.shape[:2])
        size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        left = number * CELL_SIDE
        cells[22 : 22 + size[1], left : left + size[0]] = small
    return cells


if __name__ == "__main__":
    main()
