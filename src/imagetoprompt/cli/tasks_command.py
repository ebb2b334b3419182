"""`imagetoprompt tasks`: what can be done to a picture, and who can do it.

It does not know pictures.
"""

import click


@click.command(short_help="List what can be done to a picture, and who can.")
def tasks() -> None:
    """List the tasks: what each is, and the targets and engines that can do it."""
    from imagetoprompt.planning.capabilities import titles, who_can
    from imagetoprompt.reports.screen import Line, show

    for place, (task, title) in enumerate(titles().items()):
        show((Line(),) if place else ())
        show((Line(f"{task}: {title}", "head"), Line(", ".join(who_can(task)))))
