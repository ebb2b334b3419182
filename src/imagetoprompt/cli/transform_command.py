"""`imagetoprompt transform`: change facts of a picture and paint the result."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from imagetoprompt.cli.change_options import ChangeOptions, change_options
from imagetoprompt.errors import PlanError

if TYPE_CHECKING:
    from imagetoprompt.engines import Painting, Progress
    from imagetoprompt.pipeline import EngineChoice, TransformJob

EXAMPLES: Final = """\b
Examples:
  imagetoprompt transform photo.jpg --preset watercolor -o painted.png
  imagetoprompt transform photo.jpg --set palette="teal and amber palette" --strength 0.4
  imagetoprompt transform photo.jpg --preset night --sweep 0.2,0.4,0.6,0.8 -o night.png
  imagetoprompt transform photo.jpg --expand left=0.25,right=0.25
  imagetoprompt transform photo.jpg --preset oil-painting --engine diffusers --option model=FOLDER
"""
MAX_SWEEP_STEPS: Final = 12


def _numbers(_: click.Context, option: click.Parameter, text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(each) for each in text.split(",")) if text else ()
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is not a list of numbers such as 0.2,0.5.") from error
    if len(numbers) > MAX_SWEEP_STEPS:
        raise click.BadParameter(f"A sweep has at most {MAX_SWEEP_STEPS} strengths.")
    return numbers


def _pairs(_: click.Context, option: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    split = [value.partition("=") for value in values]
    if not all(name and sign for name, sign, _ in split):
        raise click.BadParameter("Write an option of the engine as name=value.")
    return {name.strip(): value.strip() for name, _, value in split}


@click.command(epilog=EXAMPLES, short_help="Change facts, and paint the result.")
@click.argument("picture", metavar="PICTURE")
@change_options
@click.option(
    "--sweep",
    default="",
    callback=_numbers,
    metavar="0.2,0.5,0.8",
    help="One contact sheet of several strengths.",
)
@click.option(
    "--engine",
    default="draft",
    show_default=True,
    help="Who paints: draft (on this machine, at once), diffusers, echo.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    callback=_pairs,
    metavar="NAME=VALUE",
    help="An option of the engine, such as model=FOLDER.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The PNG file to write; beside you, named after the picture, by default.",
)
def transform(
    picture: str,
    output: Path | None,
    sweep: tuple[float, ...],
    engine: str,
    options: dict[str, str],
    **given: object,
) -> None:
    """Change facts of the PICTURE and paint the result, with the prompt and plan in its metadata.

    An existing file is kept, and the new one gets a number. The name is printed.
    """
    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.output_files import write_new_file
    from imagetoprompt.pipeline import EngineChoice, edit_picture, transform_job

    change = ChangeOptions(**given)  # type: ignore[arg-type]
    choice = EngineChoice(engine, options=options)
    edits, plan_options = change.edits(), change.plan_options(picture)
    with spinner("looking at the picture"):
        opened, edited = edit_picture(
            picture, edits, plan_options, taken=change.taken(), excluded=change.exclude
        )
        job = transform_job(opened, edited, choice)
    data = _swept(job, choice, sweep) if sweep else _one(job, choice)
    ending = change.presets[0] if change.presets else "transformed"
    name = output or Path(f"{Path(picture).stem or 'picture'}.{ending}.png")
    click.echo(str(write_new_file(name, data)))


def _one(job: "TransformJob", choice: "EngineChoice") -> bytes:
    from imagetoprompt.png_metadata import encode_png

    painting = _painted(job, choice)
    _tell(job, painting)
    return encode_png(painting, job)


def _swept(job: "TransformJob", choice: "EngineChoice", strengths: tuple[float, ...]) -> bytes:
    """A contact sheet: the picture, then the painting of each strength."""
    import io

    from PIL import Image

    from imagetoprompt.evidence.contact_sheet import contact_sheet

    if not all(0 <= each <= 1 for each in strengths):
        raise PlanError("Strength goes from 0 (keep) to 1 (free).")
    cells = [("reference", Image.fromarray(job.picture.pixels))]
    for strength in strengths:
        plan = replace(job.plan, strength=strength)
        asked = replace(job, request=replace(job.request, plan=plan))
        painted = Image.fromarray(_painted(asked, choice).picture.pixels)
        cells.append((f"strength {strength:g}", painted))
    buffer = io.BytesIO()
    contact_sheet(cells).save(buffer, "PNG")
    return buffer.getvalue()


def _painted(job: "TransformJob", choice: "EngineChoice") -> "Painting":
    from imagetoprompt.engines import Painting
    from imagetoprompt.pipeline import paint

    for step in paint(job, choice):
        if isinstance(step, Painting):
            _show("")
            return step
        _show(_words(step))
    raise PlanError("The engine was stopped before it had painted anything.")


def _words(step: "Progress") -> str:
    return f"{step.phase}  {step.step} of {step.total}"


def _show(words: str) -> None:
    """The one line of progress, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{words}", nl=False, err=True)


def _tell(job: "TransformJob", painting: "Painting") -> None:
    """What was done and why, and what did not arrive, on standard error."""
    from imagetoprompt.compare import advise, compare
    from imagetoprompt.reports.compare_text import advice_sentence

    plan = job.plan
    click.echo(f"{plan.task}, strength {plan.strength:g}", err=True)
    for reason in (*plan.reasons.values(), *job.conflicts):
        click.echo(f"  {reason}", err=True)
    for advice in advise(compare(job.picture, painting.picture), plan):
        click.echo(f"  {advice_sentence(advice)}", err=True)
