"""What is done in worker processes: looking, drawing, painting, comparing.

Each task is a module-level generator whose values can be pickled; nothing that was uploaded is
decoded anywhere else.
"""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from imagetoprompt.facts.edits import Edit
from imagetoprompt.planning import PlanOptions

if TYPE_CHECKING:
    from imagetoprompt.core.scene import Scene
    from imagetoprompt.engines import Painting, Progress, TransformJob
    from imagetoprompt.images.picture import Picture

# Longer sides of the copies that the page shows: large on a wide screen, and a thumbnail.
SHOWN_SIDE: Final = 1280
SMALL_SIDE: Final = 240
PREVIEW_SIDE: Final = 640
CELL: Final = 96
"""Side of a preset's thumbnail in pixels."""
# A lossless picture of at most this many pixels stays lossless; larger ones weigh too much.
LOSSLESS: Final = 4_000_000
FLAT: Final = ("PNG", "GIF", "BMP", "TIFF")


@dataclass(frozen=True)
class PictureCopies:
    """A decoded picture as it is kept: encoded anew, without anything that its file said.

    size: of the original, upright. media_type: of `whole`; `shown` and `small` are JPEG.
    """

    digest: str
    size: tuple[int, int]
    media_type: str
    whole: bytes
    shown: bytes
    small: bytes


@dataclass(frozen=True)
class DescribeTask:
    """The facts so far as JSON; `whole` when all observers were heard."""

    scene: Mapping[str, Any]
    whole: bool


@dataclass(frozen=True)
class TransformTask:
    """What to paint: the facts, the edits, the plan options, the engine, and the pictures.

    files: bytes of each picture that the plan options name as a mask or reference, by that name.
    """

    scene: Mapping[str, Any]
    edits: Sequence[Edit]
    plan_options: PlanOptions
    engine: str
    options: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """How far a painting is; preview: JPEG, empty when there is nothing new to see."""

    step: int
    total: int
    phase: str
    preview: bytes = b""


@dataclass(frozen=True)
class TransformResult:
    """A painting as it is kept, its facts, and what became of the old ones.

    whole: PNG with the prompt and the plan in its notes. drift: what moved, by facet. advice: what
    did not arrive and what should bring it, in sentences. findings: both as data.
    """

    copies: PictureCopies
    scene: Mapping[str, Any]
    seed: int
    facts: Mapping[str, Any]
    drift: Mapping[str, Any]
    advice: tuple[str, ...]
    findings: Mapping[str, Any]


def warm() -> Iterator[None]:
    """Load every network once, so that the first visitor does not wait for them."""
    import numpy as np  # noqa: PLC0415

    from imagetoprompt.pipeline import describe  # noqa: PLC0415

    ramp = np.linspace(0, 255, 64 * 64 * 3).reshape(64, 64, 3).astype(np.uint8)
    describe(ramp)
    yield


def describe_task(
    data: bytes, facets: Sequence[str] = ()
) -> Iterator[PictureCopies | DescribeTask]:
    """The picture as it is kept, then its facts twice: what was measured, then all."""
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.pipeline import QUICK_OBSERVERS, describe_in_stages  # noqa: PLC0415

    picture = open_picture(data)
    yield make_copies(picture)
    scenes = list(QUICK_OBSERVERS)
    for number, scene in enumerate(describe_in_stages(picture, only=facets, first=scenes)):
        yield DescribeTask(scene.to_json(), number == 1)


def copy_task(data: bytes) -> Iterator[PictureCopies]:
    """The picture as it is kept, such as a mask, without looking at what it shows."""
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    yield make_copies(open_picture(data))


def control_task(kind: str, data: bytes) -> Iterator[bytes]:
    """The map that keeps structure of that kind, as PNG."""
    from imagetoprompt.controls import CONTROLS  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    yield _encoded(CONTROLS[kind].draw(open_picture(data)), "PNG", compress_level=1)


def sharpness_task(data: bytes) -> Iterator[bytes]:
    """Where the picture is sharp, as PNG: bright is sharp, dark blurred or flat."""
    from PIL import Image  # noqa: PLC0415

    from imagetoprompt.evidence.evidence_panel import sharpness_overlay  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    buffer = io.BytesIO()
    Image.fromarray(sharpness_overlay(open_picture(data))).save(buffer, "PNG")
    yield buffer.getvalue()


def thumbnails_task(names: Sequence[str], scene: Mapping[str, Any], data: bytes) -> Iterator[bytes]:
    """The picture under each preset, as one JPEG: square cells in a column, in order.

    A preset that the draft engine cannot paint shows the picture as it is.
    """
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from imagetoprompt.core.scene import Scene  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    square = open_picture(np.ascontiguousarray(_middle(open_picture(data).at(SMALL_SIDE))))
    before = replace(Scene.from_json(scene), size=square.size)
    column = Image.new("RGB", (CELL, CELL * len(names)))
    for number, name in enumerate(names):
        cell = Image.fromarray(_previewed(square, before, name))
        column.paste(cell.resize((CELL, CELL)), (0, number * CELL))
    buffer = io.BytesIO()
    column.save(buffer, "JPEG", quality=82)
    yield buffer.getvalue()


def _middle(pixels: Any) -> Any:  # noqa: ANN401 - pixels
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return pixels[top : top + side, left : left + side]


def _previewed(square: "Picture", before: "Scene", name: str) -> Any:  # noqa: ANN401 - pixels
    from imagetoprompt.engines import EngineChoice, Painting  # noqa: PLC0415
    from imagetoprompt.errors import ImageToPromptError  # noqa: PLC0415
    from imagetoprompt.pipeline import edit, transform_job  # noqa: PLC0415
    from imagetoprompt.pipeline import paint as painted  # noqa: PLC0415

    try:
        asked = transform_job(
            square, edit(before, (), PlanOptions(presets=(name,))), EngineChoice()
        )
        done = [step for step in painted(asked) if isinstance(step, Painting)]
    except ImageToPromptError:
        done = []
    return done[-1].picture.pixels if done else square.pixels


def compare_task(reference: bytes, result: bytes, mask: bytes = b"") -> Iterator[Mapping[str, Any]]:
    """What moved between a picture and its result, by facet."""
    from imagetoprompt.compare import compare_pictures  # noqa: PLC0415
    from imagetoprompt.reports.compare_text import drift_to_json  # noqa: PLC0415

    yield drift_to_json(compare_pictures(reference, result, mask=mask or None))


def transform_task(order: TransformTask, data: bytes) -> Iterator[Step | TransformResult]:
    """Progress, then what was made; closing it stops the engine at its next step."""
    from imagetoprompt.engines import EngineChoice, Progress  # noqa: PLC0415
    from imagetoprompt.pipeline import paint as painted  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="imagetoprompt-") as folder:
        job = _transform_job(order, data, Path(folder))
        for step in painted(job, EngineChoice(order.engine, options=dict(order.options))):
            if isinstance(step, Progress):
                yield _step(step)
            else:
                yield _made(step, job)


def _transform_job(order: TransformTask, data: bytes, folder: Path) -> "TransformJob":
    from imagetoprompt.core.scene import Scene  # noqa: PLC0415
    from imagetoprompt.engines import EngineChoice  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.pipeline import edit, transform_job  # noqa: PLC0415

    taken = {facet: Scene.from_json(scene) for facet, scene in order.taken.items()}
    plan_options = _filed(order.plan_options, order.files, folder)
    edited = edit(Scene.from_json(order.scene), order.edits, plan_options, taken=taken)
    return transform_job(open_picture(data), edited, EngineChoice(order.engine))


def _filed(plan_options: PlanOptions, files: Mapping[str, bytes], folder: Path) -> PlanOptions:
    """The plan options with each picture in a file of the folder, where engines look for it."""
    places = {}
    for number, (name, data) in enumerate(files.items()):
        places[name] = str(folder / f"{number}")
        Path(places[name]).write_bytes(data)
    mask = plan_options.mask
    if mask is not None and mask.source:
        mask = replace(mask, source=places[mask.source])
    references = tuple(
        replace(reference, source=places[reference.source]) for reference in plan_options.references
    )
    return replace(plan_options, mask=mask, references=references)


def _step(step: "Progress") -> Step:
    preview = b"" if step.preview is None else _jpeg(step.preview, PREVIEW_SIDE)
    return Step(step.step, step.total, step.phase, preview)


def _made(painting: "Painting", job: "TransformJob") -> TransformResult:
    from imagetoprompt.compare import advise, compare_pictures  # noqa: PLC0415
    from imagetoprompt.png_metadata import encode_png  # noqa: PLC0415
    from imagetoprompt.reports.compare_text import (  # noqa: PLC0415
        advice_sentence,
        drift_to_json,
        findings_to_json,
    )

    mask = job.plan.mask
    source = mask.source if mask else ""
    found = compare_pictures(job.picture, painting.picture, mask=source or None)
    advice = advise(found, job.plan)
    kept = make_copies(painting.picture)
    return TransformResult(
        copies=replace(kept, media_type="image/png", whole=encode_png(painting, job)),
        scene=found.after.to_json(),
        seed=painting.seed,
        facts=dict(painting.facts),
        drift=drift_to_json(found),
        advice=tuple(advice_sentence(item) for item in advice),
        findings=findings_to_json(found, advice),
    )


def make_copies(picture: "Picture") -> PictureCopies:
    """The picture encoded anew, whole and in two smaller sizes."""
    flat = picture.metadata.format in FLAT or not picture.metadata.format
    lossless = flat and picture.pixels.shape[0] * picture.pixels.shape[1] <= LOSSLESS
    return PictureCopies(
        digest=picture.digest,
        size=picture.size,
        media_type="image/png" if lossless else "image/jpeg",
        whole=_encoded(picture, "PNG", compress_level=1) if lossless else _jpeg(picture, 0, 95),
        shown=_jpeg(picture, SHOWN_SIDE),
        small=_jpeg(picture, SMALL_SIDE),
    )


def _jpeg(picture: "Picture", longest: int, quality: int = 85) -> bytes:
    """JPEG; longest: of the longer side in pixels, 0 for all there are."""
    pixels = picture.at(longest) if longest else picture.pixels
    # Without subsampling where it is what later work begins from.
    sampling = 0 if quality > 90 else 2
    return _encoded(picture, "JPEG", pixels, quality=quality, subsampling=sampling)


def _encoded(picture: "Picture", form: str, pixels: Any = None, **how: int) -> bytes:  # noqa: ANN401
    from PIL import Image  # noqa: PLC0415

    buffer = io.BytesIO()
    Image.fromarray(picture.pixels if pixels is None else pixels).save(buffer, form, **how)
    return buffer.getvalue()
