"""`imagetoprompt edit`: change facts; print the changed prompts, the plan and the requests."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from imagetoprompt.cli.change_options import ChangeOptions, change_options, comma_separated

if TYPE_CHECKING:
    from imagetoprompt.planning import EditedScene, TargetRequest

EXAMPLES: Final = """\b
Examples:
  imagetoprompt edit photo.jpg --preset watercolor --for sd:xl,midjourney
  imagetoprompt edit photo.jpg --set time=night --set light="neon signs" --strength 0.4
  imagetoprompt edit photo.jpg --set palette="#0F6E7C, #F2A541" --for flux
  imagetoprompt edit photo.jpg --remove subject="a bicycle" --for openai,ideogram
  imagetoprompt edit photo.jpg --take light=other.jpg --lock subject --json
"""


@click.command(epilog=EXAMPLES, short_help="Change facts; see prompts, plan and requests.")
@click.argument("picture", metavar="PICTURE")
@change_options
@click.option(
    "--for",
    "targets",
    multiple=True,
    callback=comma_separated,
    metavar="TARGET[,TARGET]",
    help="Only these targets; a variant follows a colon, as in sd:xl.",
)
@click.option("--via", default="", metavar="PROVIDER", help="A service or model of the target.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def edit(
    picture: str, targets: tuple[str, ...], via: str, as_json: bool, **options: object
) -> None:
    """Change facts of the PICTURE; show the changed prompts, the plan and the requests.

    Nothing is sent anywhere. API keys stand in a request as the names of environment variables.
    """
    from imagetoprompt import pipeline
    from imagetoprompt.reports import edit_report
    from imagetoprompt.reports.plain_text import print_lines
    from imagetoprompt.targets import TARGETS

    for name in targets:
        pipeline.resolve(name)
    edited = _edited(picture, ChangeOptions(**options))  # type: ignore[arg-type]
    requests = tuple(pipeline.request(edited, name, via=via) for name in targets or TARGETS.names())
    _check(requests)
    if as_json:
        click.echo(json.dumps(edit_report.to_json(picture, edited, requests)))
    else:
        print_lines(edit_report.lines(picture, edited, requests))


def _edited(picture: str, change: ChangeOptions) -> "EditedScene":
    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.pipeline import edit_picture

    edits, options = change.edits(), change.plan_options(picture)
    with spinner(f"looking at {Path(picture).name}"):
        _, edited = edit_picture(
            picture, edits, options, taken=change.taken(), excluded=change.exclude
        )
    return edited


def _check(requests: "Sequence[TargetRequest]") -> None:
    """Raise the first refusal when none of the targets can do it."""
    from imagetoprompt.errors import PlanError

    if all(answer.request is None for answer in requests):
        raise PlanError(requests[0].refusal)
