"""`imagetoprompt transform`: change facts of a picture and paint the result."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from imagetoprompt.cli.options import comma_separated
from imagetoprompt.errors import EditError, PlanError

if TYPE_CHECKING:
    from imagetoprompt.engines import Painting, Progress
    from imagetoprompt.facts.edits import Edit
    from imagetoprompt.pipeline import EngineChoice, TransformJob
    from imagetoprompt.planning import PlanOptions

EXAMPLES: Final = """\b
Examples:
  imagetoprompt transform photo.jpg --preset watercolor -o painted.png
  imagetoprompt transform photo.jpg --set palette="teal and amber palette" --strength 0.4
  imagetoprompt transform photo.jpg --preset night --sweep 0.2,0.4,0.6,0.8 -o night.png
  imagetoprompt transform photo.jpg --outpaint left=0.25,right=0.25
  imagetoprompt transform photo.jpg --preset oil-painting --engine diffusers --option model=FOLDER
"""
SIDES: Final = ("left", "top", "right", "bottom")
MAX_SWEEP_STEPS: Final = 12


@dataclass(frozen=True)
class TransformOptions:
    """What was asked for on the command line, parsed."""

    presets: tuple[str, ...]
    sets: tuple[str, ...]
    removes: tuple[str, ...]
    strength: float | None
    keep: tuple[str, ...]
    mask: str | None
    outpaint: dict[str, float]
    scale: int
    style_from: str | None
    seed: int | None
    engine: str
    options: dict[str, str]


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


def _margins(_: click.Context, option: click.Parameter, text: str) -> dict[str, float]:
    parts = [part.partition("=") for part in text.split(",")] if text else []
    try:
        sides = {name.strip(): float(value) for name, _, value in parts}
    except ValueError as error:
        raise click.BadParameter("Write margins as left=0.25,right=0.25.") from error
    if not set(sides) <= set(SIDES):
        raise click.BadParameter(f"The sides are {', '.join(SIDES)}.")
    return sides


@click.command(epilog=EXAMPLES, short_help="Change facts, and paint the result.")
@click.argument("picture", metavar="PICTURE")
@click.option(
    "--preset",
    "presets",
    multiple=True,
    callback=comma_separated,
    metavar="NAME[,NAME]",
    help="Named changes; 'imagetoprompt presets' lists them.",
)
@click.option("--set", "sets", multiple=True, metavar="FACET=WORDS", help="What a facet is to say.")
@click.option(
    "--remove",
    "removes",
    multiple=True,
    callback=comma_separated,
    metavar="FACET[,FACET]",
    help="Facets to say nothing of.",
)
@click.option("--strength", type=float, help="0 keeps the picture, 1 frees it. Chosen by default.")
@click.option(
    "--sweep",
    default="",
    callback=_numbers,
    metavar="0.2,0.5,0.8",
    help="One contact sheet of several strengths.",
)
@click.option(
    "--keep",
    multiple=True,
    callback=comma_separated,
    metavar="KIND[,KIND]",
    help="Structure to keep: pose, edges, depth and so on.",
)
@click.option("--mask", metavar="PICTURE", help="White where to paint; the rest stays as it is.")
@click.option(
    "--outpaint",
    default="",
    callback=_margins,
    metavar="left=0.25,…",
    help="Go beyond the frame, by fractions of the picture.",
)
@click.option("--scale", type=int, default=1, help="How many times larger.")
@click.option("--style-from", metavar="PICTURE", help="Take the style of another picture.")
@click.option("--seed", type=int, help="The same seed gives the same picture.")
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
def transform(picture: str, output: Path | None, sweep: tuple[float, ...], **given: object) -> None:
    """Change facts of the PICTURE and paint the result, with the prompt and plan in its notes.

    A file that is there already stays, and the new one gets a number. The name is printed.
    """
    from imagetoprompt.cli.progress import spinner
    from imagetoprompt.output_files import write_new_file
    from imagetoprompt.pipeline import EngineChoice, prepare

    asked = TransformOptions(**given)  # type: ignore[arg-type]
    choice = EngineChoice(asked.engine, options=asked.options)
    edits, wishes = tuple(_edits(asked)), _wishes(picture, asked)
    with spinner("looking at the picture"):
        commission = prepare(picture, edits, wishes, choice)
    data = _swept(commission, choice, sweep) if sweep else _one(commission, choice)
    name = output or Path(f"{Path(picture).stem or 'picture'}.{_ending(asked)}.png")
    click.echo(str(write_new_file(name, data)))


def _ending(asked: TransformOptions) -> str:
    return asked.presets[0] if asked.presets else "transformed"


def _edits(asked: TransformOptions) -> "Iterator[Edit]":
    from imagetoprompt.facts.edits import Edit, parse_edit

    for text in asked.sets:
        edit = parse_edit(text)
        if not edit.value:
            raise EditError(f"Say what the {edit.facet} is to be: --set {edit.facet}=words.")
        yield edit
    yield from (Edit(facet, how="remove") for facet in asked.removes)


def _wishes(picture: str, asked: TransformOptions) -> "PlanOptions":
    from imagetoprompt.core.plan import Margins, Mask, Reference
    from imagetoprompt.planning import PlanOptions

    style = asked.style_from
    return PlanOptions(
        strength=asked.strength,
        mask=Mask(source=asked.mask) if asked.mask else None,
        keep=asked.keep,
        references=(Reference("style", style),) if style else (),
        margins=Margins(**asked.outpaint) if asked.outpaint else None,
        scale=asked.scale,
        seed=asked.seed,
        presets=asked.presets,
        picture=picture,
    )


def _one(commission: "TransformJob", choice: "EngineChoice") -> bytes:
    from imagetoprompt.png_metadata import encode_png

    painting = _painted(commission, choice)
    _tell(commission, painting)
    return encode_png(painting, commission)


def _swept(
    commission: "TransformJob", choice: "EngineChoice", strengths: tuple[float, ...]
) -> bytes:
    """A contact sheet: the picture, then the painting of each strength."""
    import io

    from PIL import Image

    from imagetoprompt.evidence.contact_sheet import contact_sheet

    if not all(0 <= each <= 1 for each in strengths):
        raise PlanError("Strength goes from 0 (keep) to 1 (free).")
    cells = [("reference", Image.fromarray(commission.picture.pixels))]
    for strength in strengths:
        plan = replace(commission.plan, strength=strength)
        asked = replace(commission, request=replace(commission.request, plan=plan))
        painted = Image.fromarray(_painted(asked, choice).picture.pixels)
        cells.append((f"strength {strength:g}", painted))
    buffer = io.BytesIO()
    contact_sheet(cells).save(buffer, "PNG")
    return buffer.getvalue()


def _painted(commission: "TransformJob", choice: "EngineChoice") -> "Painting":
    from imagetoprompt.engines import Painting
    from imagetoprompt.pipeline import paint

    for step in paint(commission, choice):
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


def _tell(commission: "TransformJob", painting: "Painting") -> None:
    """What was done and why, and what did not arrive, on standard error."""
    from imagetoprompt.compare import advise, compare
    from imagetoprompt.reports.compare_text import advice_sentence

    plan = commission.plan
    click.echo(f"{plan.task}, strength {plan.strength:g}", err=True)
    for reason in (*plan.reasons.values(), *commission.conflicts):
        click.echo(f"  {reason}", err=True)
    for advice in advise(compare(commission.picture, painting.picture), plan):
        click.echo(f"  {advice_sentence(advice)}", err=True)
