"""`imagetoprompt doctor`: run every part, and say how to fix what does not work."""

import click


@click.command(short_help="Run every part, and say how to fix it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Run every part on a built-in picture: what works, what is missing, and how to fix it.

    The exit code is 1 when a required part does not work.
    """
    from imagetoprompt.cli.terminal import spinner
    from imagetoprompt.reports import doctor as doctor_report

    with spinner("running every part"):
        checks = doctor_report.examine()
    text = doctor_report.as_json(checks) if as_json else doctor_report.as_text(checks)
    click.echo(text, nl=False)
    if not doctor_report.healthy(checks):
        raise SystemExit(1)
