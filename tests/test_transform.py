import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from imagetoprompt.compare import compare_pictures
from imagetoprompt.core.plan import Margins, Mask
from imagetoprompt.engines import EngineChoice, Painting, Progress, TransformJob
from imagetoprompt.errors import EditError, PlanError, UnknownNameError
from imagetoprompt.facts.edits import Edit
from imagetoprompt.images.picture import open_picture
from imagetoprompt.metadata import find_embedded_prompt
from imagetoprompt.pipeline import paint, prepare, transform
from imagetoprompt.planning import PlanOptions
from imagetoprompt.png_metadata import encode_png, infotext, run_record
from imagetoprompt.reports.compare_text import drift_sentences

CAT = Path("examples/cat.jpg")
ECHO = EngineChoice("echo")


@pytest.fixture(scope="module")
def job() -> TransformJob:
    return prepare(CAT, [], PlanOptions(presets=("night",), strength=0.4, seed=7), ECHO)


def test_progress_comes_before_one_painting() -> None:
    steps = list(transform(CAT, [Edit("time", "night")], PlanOptions(seed=1), ECHO))
    assert [type(step) for step in steps] == [Progress, Painting]


def test_the_prompt_is_of_the_facts_after(job: TransformJob) -> None:
    assert "night" in job.request.prompt.text
    assert not job.before.said("time") or job.before.said("time")[0].value != "night"


def test_the_same_job_paints_the_same(job: TransformJob) -> None:
    first, second = ([*paint(job, ECHO)][-1] for _ in range(2))
    assert isinstance(first, Painting)
    assert isinstance(second, Painting)
    assert np.array_equal(first.picture.pixels, second.picture.pixels)


def test_the_draft_engine_paints_at_the_size_of_the_picture() -> None:
    last = [*transform(CAT, [], PlanOptions(presets=("night",), strength=0.5))][-1]
    assert isinstance(last, Painting)
    assert last.picture.size == (451, 300)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"edits": [Edit("time")]}, EditError),
        ({"edits": [], "options": PlanOptions(strength=1.4)}, PlanError),
        ({"edits": [], "choice": EngineChoice("echo", "dali")}, UnknownNameError),
    ],
)
def test_what_makes_no_sense_is_refused_before_painting(
    wrong: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        prepare(CAT, **wrong)  # type: ignore[arg-type]


def test_an_unknown_engine_says_what_there_is(job: TransformJob) -> None:
    with pytest.raises(UnknownNameError, match="No engine named 'dali'"):
        list(paint(job, EngineChoice("dali")))


@pytest.fixture(scope="module")
def painting(job: TransformJob) -> Painting:
    last = [*paint(job, ECHO)][-1]
    assert isinstance(last, Painting)
    return last


def test_the_file_tells_how_it_was_made(
    job: TransformJob, painting: Painting, tmp_path: Path
) -> None:
    path = tmp_path / "made.png"
    path.write_bytes(encode_png(painting, job))
    with Image.open(path) as image:
        assert image.info["parameters"] == infotext(painting, job)
        assert json.loads(image.info["imagetoprompt"]) == json.loads(
            json.dumps(run_record(painting, job))
        )


def test_parameters_are_as_a1111_writes_them(job: TransformJob, painting: Painting) -> None:
    *prompt, settings = infotext(painting, job).split("\n")
    assert prompt == [job.request.prompt.text]
    assert settings.startswith("Seed: 7, Size: 451x300, Denoising strength: 0.4, Engine: echo")


def test_our_own_reader_finds_the_prompt_again(
    job: TransformJob, painting: Painting, tmp_path: Path
) -> None:
    path = tmp_path / "made.png"
    path.write_bytes(encode_png(painting, job))
    origin = find_embedded_prompt(open_picture(path))
    assert origin is not None
    assert (origin.prompt, origin.generator) == (job.request.prompt.text, "ImageToPrompt")


def test_conflicting_facts_are_reported() -> None:
    edits = [Edit("time", "night"), Edit("light", "hard sunlight")]
    (conflict,) = prepare(CAT, edits, choice=ECHO).conflicts
    assert "there is no sun at night" in conflict


def test_a_photograph_of_a_camera_is_painted_at_full_size(tmp_path: Path) -> None:
    # JPEG files of this size are decoded at half their size to be looked at.
    grain = np.random.default_rng(0).integers(0, 256, (2440, 3260), dtype=np.uint8)
    Image.fromarray(grain).convert("RGB").save(tmp_path / "photo.jpg", quality=90)
    mask = Image.new("L", (3260, 2440), 0)
    mask.paste(255, (1001, 701, 1402, 1102))
    mask.save(tmp_path / "mask.png")
    options = PlanOptions(presets=("night",), mask=Mask(source=str(tmp_path / "mask.png")))

    last = [*transform(tmp_path / "photo.jpg", [], options)][-1]

    assert isinstance(last, Painting)
    with Image.open(tmp_path / "photo.jpg") as image:
        changed = (np.asarray(image) != last.picture.pixels).any(axis=2)
    assert changed[701:1102, 1001:1402].mean() > 0.9
    changed[701:1102, 1001:1402] = False
    assert not changed.any()


def cutout() -> Image.Image:
    """A picture that is transparent around a disc."""
    image = Image.open(CAT).convert("RGBA")
    alpha = Image.new("L", image.size, 0)
    ImageDraw.Draw(alpha).ellipse((100, 50, 350, 250), fill=255)
    image.putalpha(alpha)
    return image


@pytest.mark.parametrize(
    "options", [PlanOptions(scale=2), PlanOptions(presets=("night",))], ids=["upscale", "relight"]
)
def test_transparency_stays(options: PlanOptions) -> None:
    picture = open_picture(cutout())
    job = prepare(picture, [], options)

    last = [*paint(job)][-1]

    assert isinstance(last, Painting)
    with Image.open(io.BytesIO(encode_png(last, job))) as image:
        assert image.mode == "RGBA"
        alpha = np.asarray(image.getchannel("A").resize(picture.size))
    assert np.abs(alpha.astype(int) - np.asarray(cutout().getchannel("A"))).mean() < 1


def test_transparency_that_cannot_stay_is_a_finding() -> None:
    picture = open_picture(cutout())
    last = [*transform(picture, [], PlanOptions(margins=Margins(left=0.2)))][-1]

    assert isinstance(last, Painting)
    drift = compare_pictures(picture, last.picture)
    assert "The reference is transparent in part, and the result is not." in drift_sentences(drift)
