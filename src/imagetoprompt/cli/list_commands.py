"""`imagetoprompt targets`, `observers`, `presets` and `tasks`: lists of what is available."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from imagetoprompt.facts.edits import Preset


@click.command(short_help="List the targets that prompts are written for.")
def targets() -> None:
    """List the targets and variants that prompts are written for."""
    from imagetoprompt.reports.description import target_rows

    _print_table(target_rows())


@click.command(short_help="List the observers that look at a picture.")
def observers() -> None:
    """List the observers: which facets each finds, and how."""
    from imagetoprompt.reports.description import observer_rows

    _print_table(observer_rows())


@click.command(short_help="List the named changes: media, light, seasons…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def presets(as_json: bool) -> None:
    """List the presets by kind: name, strength, and the facts that each sets."""
    from imagetoprompt.facts.edits import presets as all_presets
    from imagetoprompt.reports.edit_report import preset_lines
    from imagetoprompt.reports.plain_text import print_lines

    if as_json:
        click.echo(json.dumps([preset.to_json() for preset in all_presets()]))
        return
    print_lines(
        preset_lines(
            (preset.name, preset.kind, preset.strength, _sets(preset)) for preset in all_presets()
        )
    )


def _sets(preset: "Preset") -> str:
    sets = [f"{edit.facet}: {edit.value}" for edit in preset.edits if edit.how == "set"]
    removed = [edit.facet for edit in preset.edits if edit.how == "remove"]
    return "; ".join((*sets, *(f"no {facet}" for facet in removed)))


@click.command(short_help="List what can be done to a picture, and who can.")
def tasks() -> None:
    """List the tasks: what each is, and the targets and engines that can do it."""
    from imagetoprompt.capabilities import short_names_for_task
    from imagetoprompt.core.plan import TASK_TITLES
    from imagetoprompt.reports.plain_text import Line, print_lines

    for number, (task, title) in enumerate(TASK_TITLES.items()):
        print_lines((Line(),) if number else ())
        print_lines((Line(f"{task}: {title}", "head"), Line(", ".join(short_names_for_task(task)))))


def _print_table(rows: list[tuple[str, ...]]) -> None:
    from imagetoprompt.reports.plain_text import supports_color

    if supports_color():
        from rich.console import Console

        from imagetoprompt.reports.rich_text import print_table

        print_table(Console(), rows)
    else:
        from imagetoprompt.reports.plain_text import aligned_rows

        click.echo("\n".join(aligned_rows(rows)))
