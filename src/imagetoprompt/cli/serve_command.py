"""`imagetoprompt serve`: run the web page and the HTTP API."""

import os

import click

from imagetoprompt.errors import SettingError

EXAMPLES = """\b
Examples:
  imagetoprompt serve                              the page on http://127.0.0.1:8000
  imagetoprompt serve --open                       and open it in the browser
  imagetoprompt serve --host 0.0.0.0 --port 80     for everyone, ten free uses a day
  IMAGETOPROMPT_FREE_USES=none imagetoprompt serve --host 0.0.0.0
"""


@click.command(epilog=EXAMPLES, short_help="Serve the page and the HTTP API.")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default, for you alone.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8000 by default.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Web processes; more than one helps only on many cores.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def serve(host: str | None, port: int | None, processes: int, opens: bool) -> None:
    """Serve the page and the HTTP API until Ctrl-C.

    Everything stays on this machine. Settings are environment variables, listed in docs/serving.md.
    """
    # The web processes read the same environment.
    variables = {"IMAGETOPROMPT_HOST": host, "IMAGETOPROMPT_PORT": port}
    os.environ.update({name: str(value) for name, value in variables.items() if value is not None})
    from imagetoprompt.web.server import run

    try:
        run(processes, click.launch if opens else None)
    except SystemExit as error:
        # uvicorn has logged the cause already, such as a port in use.
        raise SettingError(
            "The server could not start: choose another --port or --host."
        ) from error
