"""The options of a change, defined once: `edit` and `transform` take the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from imagetoprompt.output_files import output_problem

if TYPE_CHECKING:
    from imagetoprompt.facts.edits import Edit
    from imagetoprompt.planning import PlanOptions


def comma_separated(
    _: click.Context, __: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    """Repeated options and comma-separated lists as one list, without doubles."""
    words = (word.strip() for value in values for word in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def output_file(
    *endings: str,
) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """A callback of an option that checks, before any work, that the file can be written."""

    def checked(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
        if path is not None and (problem := output_problem(path, endings)):
            raise click.UsageError(f"'{path}' {problem}.")
        return path

    return checked


@dataclass(frozen=True)
class ChangeOptions:
    """The options as click parsed them; `edits`, `taken` and `plan_options` convert them."""

    presets: tuple[str, ...]
    sets: tuple[str, ...]
    adds: tuple[str, ...]
    removes: tuple[str, ...]
    locks: tuple[str, ...]
    takes: tuple[str, ...]
    exclude: tuple[str, ...]
    task: str | None
    strength: float | None
    mask: str | None
    keep: tuple[str, ...]
    references: tuple[str, ...]
    style_from: str | None
    expand: str | None
    size: str | None
    scale: int
    seed: int | None

    def edits(self) -> "tuple[Edit, ...]":
        """Locks first, then what is set, added and removed."""
        from imagetoprompt.planning.options import parse_change

        return (
            *(parse_change("lock", facet) for facet in self.locks),
            *(parse_change("set", text) for text in self.sets),
            *(parse_change("add", text) for text in self.adds),
            *(parse_change("remove", text) for text in self._removals()),
        )

    def _removals(self) -> tuple[str, ...]:
        """Split lists of bare facets at commas; words may contain commas themselves."""
        return tuple(
            part
            for text in self.removes
            for part in ((text,) if "=" in text else text.split(","))
            if part.strip()
        )

    def taken(self) -> dict[str, str]:
        """The picture that each facet is taken from."""
        from imagetoprompt.planning.options import parse_taken

        return dict(parse_taken(text) for text in self.takes)

    def plan_options(self, picture: str) -> "PlanOptions":
        """The plan options. picture: its name, for requests."""
        from imagetoprompt.planning import PlanOptions
        from imagetoprompt.planning import options as read

        styles = (f"style={self.style_from}",) if self.style_from else ()
        return PlanOptions(
            task=read.parse_task(self.task) if self.task else None,
            strength=self.strength,
            mask=read.parse_mask(self.mask) if self.mask else None,
            keep=self.keep,
            references=tuple(map(read.parse_reference, (*self.references, *styles))),
            margins=read.parse_margins(self.expand) if self.expand else None,
            scale=self.scale,
            size=read.parse_size(self.size) if self.size else None,
            seed=self.seed,
            presets=self.presets,
            picture=picture,
        )


_OPTIONS: Final = (
    click.option(
        "--preset",
        "presets",
        multiple=True,
        callback=comma_separated,
        metavar="NAME[,NAME]",
        help="Named changes; see 'imagetoprompt presets'.",
    ),
    click.option(
        "--set", "sets", multiple=True, metavar="FACET=WORDS", help="Replace what a facet says."
    ),
    click.option(
        "--add", "adds", multiple=True, metavar="FACET=WORDS", help="Add to what a facet says."
    ),
    click.option(
        "--remove",
        "removes",
        multiple=True,
        metavar="FACET[=WORDS]",
        help="Remove one fact of a facet; without words, all of them.",
    ),
    click.option(
        "--lock",
        "locks",
        multiple=True,
        callback=comma_separated,
        metavar="FACET[,FACET]",
        help="Protect a facet from presets.",
    ),
    click.option(
        "--take",
        "takes",
        multiple=True,
        metavar="FACET=PICTURE",
        help="Take a facet from another picture.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        callback=comma_separated,
        metavar="WORDS[,WORDS]",
        help="What the new picture must not show.",
    ),
    click.option("--task", metavar="TASK", help="What to do, such as inpaint. Chosen by default."),
    click.option(
        "--strength",
        type=float,
        help="Denoising strength: 0 keeps the picture, 1 ignores it. Chosen by default.",
    ),
    click.option(
        "--mask",
        metavar="PICTURE|X,Y,W,H",
        help="Where to paint: a picture of the same size, white where it may change, or a box in "
        "fractions of the picture.",
    ),
    click.option(
        "--keep",
        multiple=True,
        callback=comma_separated,
        metavar="KIND[,KIND]",
        help="Structure to keep, such as pose,edges, or none. Chosen by default.",
    ),
    click.option(
        "--reference",
        "references",
        multiple=True,
        metavar="ROLE=PICTURE[@WEIGHT]",
        help="Another picture for its style, palette, subject or structure.",
    ),
    click.option("--style-from", metavar="PICTURE", help="Short for --reference style=PICTURE."),
    click.option(
        "--expand",
        "--outpaint",
        "expand",
        metavar="SIDE=SHARE[,…]",
        help="Outpaint beyond the frame, such as left=0.25,right=0.25.",
    ),
    click.option("--size", metavar="WxH", help="Size of the result in pixels."),
    click.option("--scale", type=int, default=1, help="Enlarge this many times."),
    click.option("--seed", type=int, help="The same seed gives the same picture."),
)


def change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with the options of a change, in the order of the help text."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
