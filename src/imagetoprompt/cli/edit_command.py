"""`imagetoprompt edit`: change facts, see what changed in each prompt, and what to ask for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from imagetoprompt.cli.options import comma_separated

if TYPE_CHECKING:
    from imagetoprompt.core.plan import Margins, Mask, Reference, Role, Task
    from imagetoprompt.facts.edits import Edit
    from imagetoprompt.pipeline import EditedScene, TargetRequest
    from imagetoprompt.planning import PlanOptions

EXAMPLES: Final = """\b
Examples:
  imagetoprompt edit photo.jpg --preset watercolor --for sd:xl,midjourney
  imagetoprompt edit photo.jpg --set time=night --set light="neon signs" --strength 0.4
  imagetoprompt edit photo.jpg --set palette="#0F6E7C, #F2A541" --for flux
  imagetoprompt edit photo.jpg --remove subject="a bicycle" --for openai,ideogram
  imagetoprompt edit photo.jpg --take light=other.jpg --lock subject --json
"""


# What is darker than middle gray is kept.
_DARK: Final = 127


@dataclass(frozen=True)
class EditOptions:
    """The options, as click gives them."""

    presets: tuple[str, ...]
    sets: tuple[str, ...]
    adds: tuple[str, ...]
    removes: tuple[str, ...]
    locks: tuple[str, ...]
    takes: tuple[str, ...]
    exclude: tuple[str, ...]
    targets: tuple[str, ...]
    task: str | None
    strength: float | None
    mask: str | None
    keep: tuple[str, ...]
    references: tuple[str, ...]
    expand: str | None
    size: str | None
    scale: int
    seed: int | None
    via: str
    as_json: bool


@click.command(epilog=EXAMPLES, short_help="Change facts; see prompts, plan and requests.")
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
@click.option("--add", "adds", multiple=True, metavar="FACET=WORDS", help="What it is to say too.")
@click.option(
    "--remove",
    "removes",
    multiple=True,
    metavar="FACET[=WORDS]",
    help="What it is not to say; without words, nothing at all.",
)
@click.option(
    "--lock",
    "locks",
    multiple=True,
    callback=comma_separated,
    metavar="FACET[,FACET]",
    help="Presets leave it alone.",
)
@click.option(
    "--take",
    "takes",
    multiple=True,
    metavar="FACET=PICTURE",
    help="A facet as another picture has it.",
)
@click.option(
    "--exclude",
    multiple=True,
    callback=comma_separated,
    metavar="WORDS[,WORDS]",
    help="What the new picture must not show.",
)
@click.option(
    "--for",
    "targets",
    multiple=True,
    callback=comma_separated,
    metavar="TARGET[,TARGET]",
    help="Ask these targets only; a variant follows a colon, as in sd:xl.",
)
@click.option("--task", metavar="TASK", help="What to do, as in inpaint. Chosen by default.")
@click.option("--strength", type=float, help="0 keeps the picture, 1 frees it. Chosen by default.")
@click.option(
    "--mask",
    metavar="PICTURE|X,Y,W,H",
    help="White where to paint anew; or a box in fractions of the picture.",
)
@click.option(
    "--keep",
    multiple=True,
    callback=comma_separated,
    metavar="KIND[,KIND]",
    help="The structure to keep, as in pose,edges. Chosen by default.",
)
@click.option(
    "--reference",
    "references",
    multiple=True,
    metavar="ROLE=PICTURE[@WEIGHT]",
    help="Another picture for its style, palette, subject or structure.",
)
@click.option(
    "--expand", metavar="SIDE=SHARE[,…]", help="More picture, as in left=0.25,right=0.25."
)
@click.option("--size", metavar="WxH", help="The size of the result in pixels.")
@click.option("--scale", type=int, default=1, help="How many times larger.")
@click.option("--seed", type=int, help="The same seed gives the same picture.")
@click.option("--via", default="", metavar="WAY", help="A service or model of the target.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def edit(picture: str, **options: object) -> None:
    """Change facts of the PICTURE: what changes in each prompt, the plan, and the requests.

    Nothing is sent anywhere. Keys stand in a request as the names of environment variables.
    """
    from imagetoprompt import pipeline
    from imagetoprompt.reports import edit_report
    from imagetoprompt.reports.plain_text import print_lines

    given = EditOptions(**options)  # type: ignore[arg-type]
    edited = _edited(picture, given)
    asked = tuple(pipeline.request(edited, name, via=given.via) for name in _targets(given))
    _check(asked)
    if given.as_json:
        click.echo(json.dumps(edit_report.to_json(picture, edited, asked)))
    else:
        print_lines(edit_report.lines(picture, edited, asked))


def _edited(picture: str, given: EditOptions) -> "EditedScene":
    from dataclasses import replace

    from imagetoprompt import pipeline
    from imagetoprompt.cli.progress import spinner
    from imagetoprompt.pipeline import describe, resolve

    for name in given.targets:
        resolve(name)
    edits, wishes = _edits(given), _wishes(picture, given)
    with spinner(f"looking at {Path(picture).name}"):
        scene = replace(describe(picture), excluded=given.exclude)
        taken = {facet: describe(source, only=[facet]) for facet, source in _taken(given)}
        _check_mask(wishes.mask, scene.size)
    return pipeline.edit(scene, edits, wishes, taken=taken)


def _check_mask(mask: "Mask | None", size: tuple[int, int]) -> None:
    """MaskError for a mask of another size than the picture, or one that is black all over."""
    from imagetoprompt.images.masks import editable_area

    if mask is not None and mask.source:
        editable_area(mask.source, size, size)


def _targets(given: EditOptions) -> tuple[str, ...]:
    from imagetoprompt.targets import TARGETS

    return given.targets or TARGETS.names()


def _check(asked: "Sequence[TargetRequest]") -> None:
    """Ends with the first refusal when nobody who was asked can do it."""
    from imagetoprompt.errors import PlanError

    if all(each.request is None for each in asked):
        raise PlanError(asked[0].refusal)


def _edits(given: EditOptions) -> "list[Edit]":
    from imagetoprompt.core.scene import checked_facet
    from imagetoprompt.facts.edits import Edit, parse_edit

    edits = [Edit(checked_facet(facet), how="lock") for facet in given.locks]
    edits += [parse_edit(text) for text in given.sets]
    edits += [parse_edit(text, "add") for text in given.adds]
    named = (text.partition("=") for text in given.removes)
    return edits + [
        Edit(checked_facet(f.strip()), words.strip(), "remove") for f, _, words in named
    ]


def _taken(given: EditOptions) -> "list[tuple[str, str]]":
    from imagetoprompt.facts.edits import parse_edit

    return [(each.facet, each.value) for each in map(parse_edit, given.takes)]


def _wishes(picture: str, given: EditOptions) -> "PlanOptions":
    from imagetoprompt.planning import PlanOptions

    return PlanOptions(
        task=cast("Task | None", given.task),
        strength=given.strength,
        mask=_mask(given.mask),
        keep=given.keep,
        references=tuple(_reference(text) for text in given.references),
        margins=_margins(given.expand),
        scale=given.scale,
        size=_size(given.size),
        seed=given.seed,
        presets=given.presets,
        picture=picture,
    )


def _mask(text: str | None) -> "Mask | None":
    from imagetoprompt.core.plan import Mask

    numbers = _numbers(text or "")
    if len(numbers) == 4:
        across, down, width, height = numbers
        return Mask(((across, down, width, height),))
    return Mask(source=text) if text is not None else None


def _numbers(text: str) -> tuple[float, ...]:
    """The numbers of '0.1,0.2,0.5,0.5'; () when it is something else."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        return ()


def _reference(text: str) -> "Reference":
    from imagetoprompt.core.plan import ROLES, Reference

    role, sign, source = text.partition("=")
    if not sign or role.strip() not in ROLES:
        raise click.BadParameter(
            f"'{text}' is no reference: write role=picture, the role one of {', '.join(ROLES)}."
        )
    name, mark, weight = source.rpartition("@")
    numbers = _numbers(weight) if mark else ()
    picture = name if numbers else source
    return Reference(cast("Role", role.strip()), picture, *numbers[:1])


def _margins(text: str | None) -> "Margins | None":
    from imagetoprompt.core.plan import Margins

    if text is None:
        return None
    sides = [part.partition("=") for part in text.split(",")]
    shares = {side.strip(): _numbers(share) for side, _, share in sides}
    if not set(shares) <= {"left", "top", "right", "bottom"} or not all(shares.values()):
        raise click.BadParameter("Write sides and shares as left=0.25,top=0.1.")
    return Margins(**{side: share[0] for side, share in shares.items()})


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not width.strip().isdecimal() or not height.strip().isdecimal():
        raise click.BadParameter("Write a size as WIDTHxHEIGHT in pixels, as in 1200x800.")
    return int(width), int(height)
