"""The tasks of worker processes: describe, draw control maps and thumbnails, transform, compare.

Each task is a module-level generator whose values can be pickled. Uploads are decoded nowhere
else.
"""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from imagetoprompt.facts.edits import Edit
from imagetoprompt.planning import PlanOptions

if TYPE_CHECKING:
    from PIL import Image

    from imagetoprompt.core.scene import Scene
    from imagetoprompt.engines import Painting, Progress, TransformJob
    from imagetoprompt.images.picture import Picture

# Longer sides in pixels: of the copy that the page shows, its thumbnail, and a job's previews.
SHOWN_SIDE: Final = 1280
THUMBNAIL_SIDE: Final = 240
PREVIEW_SIDE: Final = 640
PRESET_CELL_SIDE: Final = 96
"""Side of a preset's thumbnail, in pixels."""
# Lossless pictures of at most this many pixels stay lossless; larger files would be too big.
MAX_LOSSLESS_PIXELS: Final = 4_000_000
LOSSLESS_FORMATS: Final = ("PNG", "GIF", "BMP", "TIFF")


@dataclass(frozen=True)
class PictureCopies:
    """A picture re-encoded for storage, without the metadata of its file.

    size: width and height of the upright original. media_type: of `whole`, the full size; `shown`
    (SHOWN_SIDE) and `small` (THUMBNAIL_SIDE) are JPEG.
    """

    digest: str
    size: tuple[int, int]
    media_type: str
    whole: bytes
    shown: bytes
    small: bytes


@dataclass(frozen=True)
class DescribeStage:
    """The facts so far as JSON; `complete` when all observers have run."""

    scene: Mapping[str, Any]
    complete: bool


@dataclass(frozen=True)
class TransformTask:
    """What to paint: the facts, the edits, the plan options, and the engine with its options.

    taken: scenes that facets are taken from, by facet. files: the bytes of each picture that the
    plan options name as a mask or reference, by that name.
    """

    scene: Mapping[str, Any]
    edits: Sequence[Edit]
    plan_options: PlanOptions
    engine: str
    options: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class TransformStep:
    """How far a transform is. preview: JPEG, empty if there is none at this step."""

    step: int
    total: int
    phase: str
    preview: bytes = b""


@dataclass(frozen=True)
class TransformResult:
    """A painting ready to be stored, its facts, and how they differ from those before.

    copies.whole: PNG with the prompt and the plan in its text chunks. facts: what the engine
    reports, such as its strength. drift: the comparison with the original, as JSON. advice:
    sentences on what is missing and how to get it. findings: the codes and numbers behind both.
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
) -> Iterator[PictureCopies | DescribeStage]:
    """The copies to store, then the facts in two stages: of the quick observers, then of all."""
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.pipeline import QUICK_OBSERVERS, describe_in_stages  # noqa: PLC0415

    picture = open_picture(data)
    yield make_copies(picture)
    stages = describe_in_stages(picture, only=facets, first=list(QUICK_OBSERVERS))
    for number, scene in enumerate(stages):
        yield DescribeStage(scene.to_json(), complete=number == 1)


def copy_task(data: bytes) -> Iterator[PictureCopies]:
    """The copies of a picture that is only stored, such as a mask."""
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    yield make_copies(open_picture(data))


def control_task(kind: str, data: bytes) -> Iterator[bytes]:
    """The control map of a kind, as PNG."""
    from imagetoprompt.controls import CONTROLS  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    yield _encode(CONTROLS[kind].draw(open_picture(data)).to_image(), "PNG", compress_level=1)


def sharpness_task(data: bytes) -> Iterator[bytes]:
    """The sharpness map as PNG: bright where sharp, dark where blurred or flat."""
    from PIL import Image  # noqa: PLC0415

    from imagetoprompt.evidence.evidence_panel import sharpness_overlay  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    buffer = io.BytesIO()
    Image.fromarray(sharpness_overlay(open_picture(data))).save(buffer, "PNG")
    yield buffer.getvalue()


def thumbnails_task(names: Sequence[str], scene: Mapping[str, Any], data: bytes) -> Iterator[bytes]:
    """The picture under each preset, as one JPEG: square cells in a column, in task.

    A preset that the draft engine cannot paint shows the picture as it is.
    """
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from imagetoprompt.core.scene import Scene  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415

    square = open_picture(
        np.ascontiguousarray(_center_square(open_picture(data).at(THUMBNAIL_SIDE)))
    )
    before = replace(Scene.from_json(scene), size=square.size)
    column = Image.new("RGB", (PRESET_CELL_SIDE, PRESET_CELL_SIDE * len(names)))
    for number, name in enumerate(names):
        cell = Image.fromarray(_preset_preview(square, before, name))
        column.paste(
            cell.resize((PRESET_CELL_SIDE, PRESET_CELL_SIDE)), (0, number * PRESET_CELL_SIDE)
        )
    buffer = io.BytesIO()
    column.save(buffer, "JPEG", quality=82)
    yield buffer.getvalue()


def _center_square(pixels: Any) -> Any:  # noqa: ANN401 - pixels
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return pixels[top : top + side, left : left + side]


def _preset_preview(square: "Picture", before: "Scene", name: str) -> Any:  # noqa: ANN401 - pixels
    from imagetoprompt.engines import EngineChoice, Painting  # noqa: PLC0415
    from imagetoprompt.errors import ImageToPromptError  # noqa: PLC0415
    from imagetoprompt.pipeline import edit, paint, transform_job  # noqa: PLC0415

    try:
        edited = edit(before, (), PlanOptions(presets=(name,)))
        job = transform_job(square, edited, EngineChoice())
        paintings = [step for step in paint(job) if isinstance(step, Painting)]
    except ImageToPromptError:
        paintings = []
    return paintings[-1].picture.pixels if paintings else square.pixels


def compare_task(reference: bytes, result: bytes, mask: bytes = b"") -> Iterator[Mapping[str, Any]]:
    """The differences between a picture and its result, as JSON."""
    from imagetoprompt.compare import compare_pictures  # noqa: PLC0415
    from imagetoprompt.reports.compare_text import drift_to_json  # noqa: PLC0415

    yield drift_to_json(compare_pictures(reference, result, mask=mask or None))


def transform_task(task: TransformTask, data: bytes) -> Iterator[TransformStep | TransformResult]:
    """Progress, then the result; closing the generator stops the engine at its next step."""
    from imagetoprompt.engines import EngineChoice, Progress  # noqa: PLC0415
    from imagetoprompt.pipeline import paint  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="imagetoprompt-") as folder:
        job = _transform_job(task, data, Path(folder))
        for step in paint(job, EngineChoice(task.engine, options=dict(task.options))):
            if isinstance(step, Progress):
                yield _step(step)
            else:
                yield _result(step, job)


def _transform_job(task: TransformTask, data: bytes, folder: Path) -> "TransformJob":
    from imagetoprompt.core.scene import Scene  # noqa: PLC0415
    from imagetoprompt.engines import EngineChoice  # noqa: PLC0415
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.pipeline import edit, transform_job  # noqa: PLC0415

    taken = {facet: Scene.from_json(scene) for facet, scene in task.taken.items()}
    plan_options = _with_files(task.plan_options, task.files, folder)
    edited = edit(Scene.from_json(task.scene), task.edits, plan_options, taken=taken)
    return transform_job(open_picture(data), edited, EngineChoice(task.engine))


def _with_files(plan_options: PlanOptions, files: Mapping[str, bytes], folder: Path) -> PlanOptions:
    """The plan options with each picture written to a file of the folder and named by its path."""
    paths = {}
    for number, (name, data) in enumerate(files.items()):
        paths[name] = str(folder / f"{number}")
        Path(paths[name]).write_bytes(data)
    mask = plan_options.mask
    if mask is not None and mask.source:
        mask = replace(mask, source=paths[mask.source])
    references = tuple(
        replace(reference, source=paths[reference.source]) for reference in plan_options.references
    )
    return replace(plan_options, mask=mask, references=references)


def _step(step: "Progress") -> TransformStep:
    preview = b"" if step.preview is None else _jpeg(step.preview, PREVIEW_SIDE)
    return TransformStep(step.step, step.total, step.phase, preview)


def _result(painting: "Painting", job: "TransformJob") -> TransformResult:
    from imagetoprompt.compare import advise, compare_pictures  # noqa: PLC0415
    from imagetoprompt.png_metadata import encode_png  # noqa: PLC0415
    from imagetoprompt.reports.compare_text import (  # noqa: PLC0415
        advice_sentence,
        drift_to_json,
        findings_to_json,
    )

    mask = job.plan.mask
    source = mask.source if mask else ""
    drift = compare_pictures(job.picture, painting.picture, mask=source or None)
    advice = advise(drift, job.plan)
    return TransformResult(
        copies=_copies(painting.picture, "image/png", encode_png(painting, job)),
        scene=drift.after.to_json(),
        seed=painting.seed,
        facts=dict(painting.facts),
        drift=drift_to_json(drift),
        advice=tuple(advice_sentence(item) for item in advice),
        findings=findings_to_json(drift, advice),
    )


def make_copies(picture: "Picture") -> PictureCopies:
    """The picture re-encoded, in full and in two smaller sizes."""
    was_lossless = picture.metadata.format in LOSSLESS_FORMATS or not picture.metadata.format
    lossless = picture.alpha is not None or (
        was_lossless and prod(picture.size) <= MAX_LOSSLESS_PIXELS
    )
    return _copies(picture, "image/png" if lossless else "image/jpeg", _full(picture, lossless))


def _copies(picture: "Picture", media_type: str, whole: bytes) -> PictureCopies:
    return PictureCopies(
        digest=picture.digest,
        size=picture.size,
        media_type=media_type,
        whole=whole,
        shown=_jpeg(picture, SHOWN_SIDE),
        small=_jpeg(picture, THUMBNAIL_SIDE),
    )


def _full(picture: "Picture", lossless: bool) -> bytes:
    """The picture at full size, without the metadata of its file."""
    if lossless:
        return _encode(picture.to_image(), "PNG", compress_level=1)
    # Full chroma resolution, since later transforms start from this copy.
    return _encode(picture.to_image(), "JPEG", quality=95, subsampling=0)


def _jpeg(picture: "Picture", longest: int) -> bytes:
    """A JPEG to look at. longest: pixels of the longer side."""
    from PIL import Image  # noqa: PLC0415

    return _encode(Image.fromarray(picture.at(longest)), "JPEG", quality=85)


def _encode(image: "Image.Image", file_format: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()
