"""Database: the one door to SQL: transactions, the clock, and new ids.

It does not know the tables.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from threading import RLock
from typing import TypeAlias

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from imagetoprompt.errors import GoneError, StateError
from imagetoprompt.web.db.connection import WRITES, engine_for
from imagetoprompt.web.db.migrate import migrate

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
        self._engine = engine_for(url)
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
