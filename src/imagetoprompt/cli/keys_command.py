"""`imagetoprompt keys`: create, list and revoke API keys of the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from imagetoprompt.web.db.api_keys import Keys

EXAMPLES: Final = """\b
Examples:
  imagetoprompt keys add "Anna's scripts"
  imagetoprompt keys list
  imagetoprompt keys revoke "Anna's scripts"
"""
MAX_NAME_LENGTH: Final = 60


@click.group(epilog=EXAMPLES, short_help="Create, list and revoke keys of the HTTP API.")
def keys() -> None:
    """Create, list and revoke API keys, in the database that the server's settings name.

    Calls with a key are not counted against the free uses.
    """


@keys.command()
@click.argument("name")
def add(name: str) -> None:
    """Create a key for NAME and print it. It is never shown again: only its hash is stored."""
    if not name.strip() or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise click.BadParameter(f"Give a name of at most {MAX_NAME_LENGTH} characters.")
    with _keys() as api_keys:
        click.echo(api_keys.create(name.strip()))
    click.echo("Copy it now: it is not shown again. Send it with each call as a header:", err=True)
    click.echo("Authorization: Bearer <the key>", err=True)


@keys.command("list")
def list_keys() -> None:
    """List the keys: when each was created, and its name."""
    with _keys() as api_keys:
        for key in api_keys.list():
            click.echo(f"{key.created:%Y-%m-%d}  {key.name}")


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Revoke the key of NAME at once."""
    from imagetoprompt.web.server_errors import GoneError

    with _keys() as api_keys:
        if not api_keys.revoke(name):
            raise GoneError(f"There is no key named '{name}': see 'imagetoprompt keys list'.")


@contextmanager
def _keys() -> "Iterator[Keys]":
    """The keys of the database that the server's settings name."""
    from imagetoprompt.errors import MissingPartError
    from imagetoprompt.web import INSTALL
    from imagetoprompt.web.config import read_config

    try:
        from imagetoprompt.web.db.api_keys import Keys
        from imagetoprompt.web.db.database import Database
    except ImportError as error:
        raise MissingPartError(f"{INSTALL} ({error})") from error
    database = Database(read_config().database)
    try:
        database.prepare()
        yield Keys(database)
    finally:
        database.close()
