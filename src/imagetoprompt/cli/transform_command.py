"""`imagetoprompt transform`: change facts of a picture and paint the result."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from imagetoprompt.cli.change_options import ChangeOptions, change_options, output_file
from imagetoprompt.cli.terminal import show_progress, spinner
from imagetoprompt.engines import DEFAULT_ENGINE, ENGINES
from imagetoprompt.errors import PlanError

if TYPE_CHECKING:
    from imagetoprompt.engines import EngineChoice, Painting, Progress, TransformJob

EXAMPLES: Final = """\b
Examples:
  imagetoprompt transform photo.jpg --preset watercolor -o painted.png
  imagetoprompt transform photo.jpg --set palette="teal and amber palette" --strength 0.4
  imagetoprompt transform photo.jpg --preset night --sweep 0.2,0.4,0.6,0.8 -o night.png
  imagetoprompt transform photo.jpg --expand left=0.25,right=0.25
  imagetoprompt transform photo.jpg --preset oil-painting --engine diffusers --option model=FOLDER
"""
MAX_SWEEP_STEPS: Final = 12


def _strengths(_: click.Context, option: click.Parameter, text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(",")) if text else ()
    except ValueError as error:
        raise click.BadParameter(
            f"'{text}' is not a list of numbers: write it as 0.2,0.5."
        ) from error
    if len(numbers) > MAX_SWEEP_STEPS:
        raise click.BadParameter(f"A sweep has at most {MAX_SWEEP_STEPS} strengths.")
    return numbers


def _pairs(_: click.Context, option: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if not all(name and sign for name, sign, _ in pairs):
        raise click.BadParameter("An engine option is written as NAME=VALUE.")
    return {name.strip(): value.strip() for name, _, value in pairs}


@click.command(epilog=EXAMPLES, short_help="Change facts, and paint the result.")
@click.argument("picture", metavar="PICTURE")
@change_options
@click.option(
    "--sweep",
    default="",
    callback=_strengths,
    metavar="0.2,0.5,0.8",
    help="Paint a contact sheet of several strengths.",
)
@click.option(
    "--engine",
    default=DEFAULT_ENGINE,
    show_default=True,
    help=f"The engine that paints: {', '.join(ENGINES.names())}.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    callback=_pairs,
    metavar="NAME=VALUE",
    help="An option of the engine, such as model=FOLDER.",
)
@click.option("--dry-run", is_flag=True, help="Print plan and prompt as JSON, and paint nothing.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=output_file(".png"),
    metavar="FILE",
    help="The PNG file to write; in the current folder and named after the picture by default.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def transform(
    picture: str,
    output: Path | None,
    sweep: tuple[float, ...],
    dry_run: bool,
    **values: Any,  # noqa: ANN401 - as click passes them
) -> None:
    """Change facts of the PICTURE and paint the result, with the prompt and plan in its metadata.

    Without --force, an existing file stays and the new one gets a number. Its name is printed.
    """
    from imagetoprompt.engines import EngineChoice
    from imagetoprompt.output_files import write_new_file

    force = values.pop("force")
    choice = EngineChoice(values.pop("engine"), options=values.pop("options"))
    change = ChangeOptions(**values)
    with spinner("looking at the picture"):
        job = _job(picture, change, choice)
    if dry_run:
        click.echo(json.dumps(_dry_run_values(job)))
        return
    data = _contact_sheet(job, choice, sweep) if sweep else _painted_png(job, choice)
    suffix = change.presets[0] if change.presets else "transformed"
    name = output or Path(f"{Path(picture).stem or 'picture'}.{suffix}.png")
    click.echo(str(write_new_file(name, data, overwrite=force)))


def _job(picture: str, change: ChangeOptions, choice: "EngineChoice") -> "TransformJob":
    from imagetoprompt.pipeline import edit_picture, transform_job

    edits, options = change.edits(), change.plan_options(picture)
    opened, edited = edit_picture(
        picture, edits, options, taken=change.taken(), excluded=change.exclude
    )
    return transform_job(opened, edited, choice)


def _dry_run_values(job: "TransformJob") -> dict[str, object]:
    """What would be painted, as JSON values; plan and prompt have their published schemas."""
    return {
        "engine": job.request.target,
        "plan": job.plan.to_json(),
        "prompt": job.request.prompt.to_json(),
        "conflicts": list(job.conflicts),
    }


def _painted_png(job: "TransformJob", choice: "EngineChoice") -> bytes:
    from imagetoprompt.png_metadata import encode_png

    painting = _paint(job, choice)
    _print_outcome(job, painting)
    return encode_png(painting, job)


def _contact_sheet(
    job: "TransformJob", choice: "EngineChoice", strengths: tuple[float, ...]
) -> bytes:
    """The picture, then what is painted at each strength, as one PNG."""
    import io

    from PIL import Image

    from imagetoprompt.evidence.drawing import contact_sheet

    if not all(0 <= strength <= 1 for strength in strengths):
        raise PlanError("Strength goes from 0 (keep) to 1 (free).")
    cells = [("reference", Image.fromarray(job.picture.pixels))]
    for strength in strengths:
        request = replace(job.request, plan=replace(job.plan, strength=strength))
        painting = _paint(replace(job, request=request), choice)
        cells.append((f"strength {strength:g}", Image.fromarray(painting.picture.pixels)))
    buffer = io.BytesIO()
    contact_sheet(cells).save(buffer, "PNG")
    return buffer.getvalue()


def _paint(job: "TransformJob", choice: "EngineChoice") -> "Painting":
    from imagetoprompt.engines import Painting
    from imagetoprompt.pipeline import paint

    for step in paint(job, choice):
        if isinstance(step, Painting):
            show_progress("")
            return step
        show_progress(_progress_text(step))
    raise PlanError("The engine stopped without a result: try again, or use another engine.")


def _progress_text(step: "Progress") -> str:
    return f"{step.phase}  {step.step} of {step.total}"


def _print_outcome(job: "TransformJob", painting: "Painting") -> None:
    """Print on standard error what was done and why, and what is missing from the result."""
    from imagetoprompt.compare import advise, compare_pictures
    from imagetoprompt.reports.compare_text import PICTURE_SENTENCES, advice_sentence

    plan = job.plan
    click.echo(f"{plan.task}, strength {plan.strength:g}", err=True)
    for reason in (*plan.reasons.values(), *job.conflicts):
        click.echo(f"  {reason}", err=True)
    drift = compare_pictures(job.picture, painting.picture)
    if drift.transparency_lost:
        click.echo(f"  {PICTURE_SENTENCES['transparency_lost']}", err=True)
    for advice in advise(drift, plan):
        click.echo(f"  {advice_sentence(advice)}", err=True)
