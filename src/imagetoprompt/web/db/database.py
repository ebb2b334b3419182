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
from imagetoprompt.web.server_errors import GoneError, StateError

WRITES: Final = "writes"
"""The execution option of connections that will write."""

# One writer at a time writes for a millisecond; whoever waits so long waits for a broken disk.
BUSY_MILLISECONDS: Final = 10_000
# A load balancer asks every few seconds whether the server is ready, and needs an answer.
CONNECT_SECONDS: Final = 5
POOL_SECONDS: Final = 10
# What a picture shows is in the rows, and no error may carry it into a log.
HIDE: Final = True


def create_engine_for(url: str) -> Engine:
    """The engine of a database; SettingError for a URL that names none that can be used.

    Nothing is connected yet. MissingPartError when the driver is not installed.
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


def _address(url: str) -> URL:
    try:
        # As other programs write it, too.
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise SettingError(f"The database {_remedy('is no URL')}") from error
    backend = address.get_backend_name()
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite+pysqlite")
    raise SettingError(f"The database '{address}' {_remedy('cannot be used')}")


def _remedy(trouble: str) -> str:
    return f"{trouble}; give sqlite:///path/to/file.db or postgresql://user@host/name."


def _postgresql(address: URL) -> Engine:
    query = {"connect_timeout": str(CONNECT_SECONDS), **address.query}
    # Asked before each use, so that a server that was started again is found again.
    return create_engine(
        address.set(query=query),
        pool_pre_ping=True,
        pool_timeout=POOL_SECONDS,
        hide_parameters=HIDE,
    )


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, pool_timeout=POOL_SECONDS, hide_parameters=HIDE)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's, which has no types
    # The driver would begin transactions late, and only around some statements.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: Connection) -> None:
    # Who reads first and writes later may find that another wrote in between, and fail.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Clock: TypeAlias = Callable[[], datetime]
Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def utc() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that nobody guesses, made of letters, digits, - and _."""
    return secrets.token_urlsafe(16)


class Database:
    """A database by its URL; nothing is opened before it is used.

    Every method of the state raises StateError while the database does not answer.
    """

    def __init__(self, url: str, clock: Clock = utc) -> None:
        self._engine = create_engine_for(url)
        self._clock = clock
        # SQLite lets one write at a time, and makes the others sleep and try again; here they wait
        # in turn, which is quicker by far. Other processes still have SQLite's own way.
        one_by_one = self._engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[object] = RLock() if one_by_one else nullcontext()

    def prepare(self) -> None:
        """Bring the tables to this release; may be done by many processes at once."""
        with self._answering():
            migrate(self._engine)

    def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._engine.dispose()

    def alive(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
        except StateError:
            return False
        return True

    def now(self) -> datetime:
        """The time by the clock that everything here goes by, in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The day in UTC."""
        return self.now().date()

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return self._transaction(nullcontext(), writes=False)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes; undone as a whole when anything is raised in it."""
        return self._transaction(self._turn, writes=True)

    def insert(self, table: Table) -> Insert:
        """INSERT of this kind of database, for its ON CONFLICT."""
        if self._engine.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)

    @contextmanager
    def _transaction(
        self, turn: AbstractContextManager[object], *, writes: bool
    ) -> Iterator[Connection]:
        with turn, self._answering(), self._engine.connect() as connected:
            connection = connected.execution_options(**{WRITES: writes})
            with connection.begin():
                yield connection

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            # Such as a zero byte in an address, which PostgreSQL takes nowhere.
            raise GoneError("Nothing is kept under such a name: check the address.") from error
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            why = str(getattr(error, "orig", None) or error).strip()
            raise StateError(
                f"The database {self._engine.url!r} does not answer ({why}): "
                "see that it runs and can be reached, and try again."
            ) from error


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
