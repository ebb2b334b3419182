"""migrate(engine): brings a database to the tables of this release, from whatever it had.

It does not know what the steps do: each is a file in `migrations/versions`, named by its number.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from imagetoprompt.errors import StateError
from imagetoprompt.web.db.database import WRITES, sqlite_file

# Any number that no other program on the same database locks: 'itp' in ASCII.
ADVISORY: Final = 0x697470
# Alembic keeps what it is doing in globals.
ONE_THREAD: Final = Lock()
WAITS: Final = 100
WAIT_SECONDS: Final = 0.05


def migrate(engine: Engine) -> None:
    """Do the steps that are missing, all or none; who comes meanwhile waits and finds them done."""
    place = sqlite_file(engine)
    if place is not None:
        _make(place)
        _write_ahead(place)
    writing = engine.execution_options(**{WRITES: True})
    with ONE_THREAD, writing.begin() as connection:
        if place is None:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY})"))
        _upgrade(connection)


def _make(place: Path) -> None:
    """An empty file that is its owner's alone: it will hold secrets."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.touch(mode=0o600)
    except OSError as error:
        raise StateError(f"The database {place} cannot be made: {error.strerror}.") from error


def _write_ahead(place: Path) -> None:
    """Let readers read while one writes; the file remembers it."""
    for left in reversed(range(WAITS)):
        try:
            with closing(sqlite3.connect(place)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            # For this alone SQLite does not wait until others are done.
            if not left or not isinstance(error, sqlite3.OperationalError):
                raise StateError(f"The database {place} cannot be used: {error}.") from error
            time.sleep(WAIT_SECONDS)
        else:
            return


def _upgrade(connection: Connection) -> None:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StateError(
            f"The database was written by another release ({error}): install the newest one."
        ) from error
