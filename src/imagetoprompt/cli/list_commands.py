"""`imagetoprompt presets` and `tasks`: what there is to choose from."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from imagetoprompt.facts.edits import Preset


@click.command(short_help="List the named changes: media, light, seasons…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def presets(as_json: bool) -> None:
    """List the presets by kind: name, strength, and the facts that each sets."""
    from imagetoprompt.facts.edits import presets as known
    from imagetoprompt.reports.edit_report import preset_lines
    from imagetoprompt.reports.plain_text import print_lines

    if as_json:
        click.echo(json.dumps([_values(each) for each in known()]))
        return
    print_lines(
        preset_lines((each.name, each.kind, each.strength, _sets(each)) for each in known())
    )


def _sets(preset: "Preset") -> str:
    sets = [f"{edit.facet}: {edit.value}" for edit in preset.edits if edit.how == "set"]
    gone = [edit.facet for edit in preset.edits if edit.how == "remove"]
    return "; ".join((*sets, *(f"no {facet}" for facet in gone)))


def _values(preset: "Preset") -> dict[str, object]:
    return {
        "name": preset.name,
        "title": preset.title,
        "kind": preset.kind,
        "strength": preset.strength,
        "controls": list(preset.controls),
        "set": {edit.facet: edit.value for edit in preset.edits if edit.how == "set"},
        "remove": [edit.facet for edit in preset.edits if edit.how == "remove"],
    }


@click.command(short_help="List what can be done to a picture, and who can.")
def tasks() -> None:
    """List the tasks: what each is, and the targets and engines that can do it."""
    from imagetoprompt.planning.capabilities import short_names_for_task, task_titles
    from imagetoprompt.reports.plain_text import Line, print_lines

    for place, (task, title) in enumerate(task_titles().items()):
        print_lines((Line(),) if place else ())
        print_lines((Line(f"{task}: {title}", "head"), Line(", ".join(short_names_for_task(task)))))
