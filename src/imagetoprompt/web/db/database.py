"""SQLite and PostgreSQL through SQLAlchemy: engines, transactions and migrations."""

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Final, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from imagetoprompt.errors import MissingPartError, SettingError
from imagetoprompt.web.db.tables import SECRETS
from imagetoprompt.web.server_errors import GoneError, StateError

WRITES: Final = "writes"
"""Execution option of connections that will write."""
PROBES: Final = "probes"
"""Execution option of a connection that only tests whether the database can be written."""
PROBE: Final = "probe"
"""The row that is written to test it."""

# A write takes about a millisecond, so that waiting this long means that the disk is broken.
BUSY_MILLISECONDS: Final = 10_000
# A load balancer polls /health/ready every few seconds and needs an answer.
CONNECT_SECONDS: Final = 5
PROBE_MILLISECONDS: Final = 2000
POOL_SECONDS: Final = 10
# Rows hold what private pictures show: no error may carry it into a log.
HIDE_PARAMETERS: Final = True


def create_engine_for(url: str) -> Engine:
    """The engine of a database, not connected yet.

    SettingError for a URL that is not one of SQLite or PostgreSQL, MissingPartError if the driver
    is not installed.
    """
    address = _address(url)
    try:
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        return _postgresql(address)
    except ModuleNotFoundError as error:
        raise MissingPartError(
            f"The driver of PostgreSQL is not installed ({error}): "
            "run \"pip install '.[postgres]'\"."
        ) from error


def sqlite_file(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for one on a server."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def _identity(file: Path | None) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None if there is none."""
    if file is None:
        return None
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _address(url: str) -> URL:
    try:
        # Heroku and others write postgres://.
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise SettingError(f"The database {_remedy('is not a URL')}") from error
    backend = address.get_backend_name()
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite+pysqlite")
    raise SettingError(f"The database '{address}' {_remedy('cannot be used')}")


def _remedy(problem: str) -> str:
    return f"{problem}; give sqlite:///path/to/file.db or postgresql://user@host/name."


def _postgresql(address: URL) -> Engine:
    query = {"connect_timeout": str(CONNECT_SECONDS), **address.query}
    # pre_ping: reconnects after a restart of the database server.
    return create_engine(
        address.set(query=query),
        pool_pre_ping=True,
        pool_timeout=POOL_SECONDS,
        hide_parameters=HIDE_PARAMETERS,
    )


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, pool_timeout=POOL_SECONDS, hide_parameters=HIDE_PARAMETERS)
    event.listen(engine, "connect", _configure_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _configure_connection(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver has no types
    # Python's driver would begin transactions late, and only before some statements.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first fails if another process writes before it does.
    options = connection.get_execution_options()
    milliseconds = PROBE_MILLISECONDS if options.get(PROBES, False) else BUSY_MILLISECONDS
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    writes = options.get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Clock: TypeAlias = Callable[[], datetime]
Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def utc() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A random id of 128 bits, made of letters, digits, - and _."""
    return secrets.token_urlsafe(16)


class Database:
    """A database by its URL, connected on first use.

    Its transactions raise StateError while the database does not answer.
    """

    def __init__(self, url: str, clock: Clock = utc) -> None:
        self._engine = create_engine_for(url)
        self._clock = clock
        # SQLite lets one connection write and makes the others sleep and try again. Threads of this
        # process wait for a lock instead, which is much faster; other processes still retry.
        one_writer = self._engine.dialect.name == "sqlite"
        self._write_lock: AbstractContextManager[object] = RLock() if one_writer else nullcontext()
        self._file_identity: tuple[int, int] | None = None

    def prepare(self) -> None:
        """Migrate the tables to this release; several processes may call it at once."""
        with self._translated_errors():
            migrate(self._engine)
        self._file_identity = _identity(sqlite_file(self._engine))

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._engine.dispose()

    def alive(self) -> bool:
        """Whether the database can be written now: a row is replaced and committed.

        False after PROBE_MILLISECONDS while another program locks an SQLite database.
        """
        row = {"name": PROBE, "value": secrets.token_bytes(8)}
        statement = self.insert(SECRETS).values(row)
        written = statement.on_conflict_do_update(
            index_elements=[SECRETS.c.name], set_={"value": row["value"]}
        )
        try:
            # Not in the queue of this process's writers, who wait longer.
            with self._transaction(nullcontext(), writes=True, probe=True) as connection:
                connection.execute(written)
        except StateError:
            return False
        return True

    def now(self) -> datetime:
        """The time in UTC, by the clock that all stored times come from."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The current day in UTC."""
        return self.now().date()

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return self._transaction(nullcontext(), writes=False)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes; rolled back if anything is raised in it."""
        return self._transaction(self._write_lock, writes=True)

    def insert(self, table: Table) -> Insert:
        """An INSERT of this database's dialect, which has ON CONFLICT."""
        if self._engine.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)

    @contextmanager
    def _transaction(
        self, lock: AbstractContextManager[object], *, writes: bool, probe: bool = False
    ) -> Iterator[Connection]:
        self._check_file()
        with lock, self._translated_errors(), self._engine.connect() as plain_connection:
            connection = plain_connection.execution_options(**{WRITES: writes, PROBES: probe})
            with connection.begin():
                yield connection

    def _check_file(self) -> None:
        """StateError if the file of a prepared SQLite database was deleted or replaced.

        Open connections would go on with the deleted file, and new ones would create another.
        """
        file = sqlite_file(self._engine)
        if self._file_identity is not None and _identity(file) != self._file_identity:
            raise StateError(
                f"The database {file} was deleted or replaced while the server runs: "
                "restart the server."
            )

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            # Such as a zero byte in an id, which PostgreSQL does not accept.
            raise GoneError("Nothing is stored under this name: check the address.") from error
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            why = str(getattr(error, "orig", None) or error).strip()
            raise StateError(
                f"The database {self._engine.url!r} does not answer ({why}): "
                "check that it runs and can be reached, and try again."
            ) from error


# A number that no other program on the same database locks: 'itp' in ASCII.
ADVISORY_LOCK: Final = 0x697470
# Alembic keeps its state in globals.
MIGRATION_LOCK: Final = Lock()
WAL_ATTEMPTS: Final = 100
WAL_RETRY_SECONDS: Final = 0.05


def migrate(engine: Engine) -> None:
    """Run the missing migrations, all or none; concurrent callers wait and find them done."""
    file = sqlite_file(engine)
    if file is not None:
        _create_file(file)
        _enable_wal(file)
    writing = engine.execution_options(**{WRITES: True})
    with MIGRATION_LOCK, writing.begin() as connection:
        if file is None:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        _upgrade(connection)


def _create_file(file: Path) -> None:
    """An empty file that only its owner may read, since it will hold secrets."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise StateError(f"The database {file} cannot be created: {error.strerror}.") from error


def _enable_wal(file: Path) -> None:
    """Turn on write-ahead logging, so that readers do not wait for a writer; it is permanent."""
    for attempts_left in reversed(range(WAL_ATTEMPTS)):
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            # For this statement SQLite does not wait until other connections are done.
            if not attempts_left or not isinstance(error, sqlite3.OperationalError):
                raise StateError(f"The database {file} cannot be used: {error}.") from error
            time.sleep(WAL_RETRY_SECONDS)
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
            f"The database was written by a newer release ({error}): upgrade ImageToPrompt."
        ) from error
