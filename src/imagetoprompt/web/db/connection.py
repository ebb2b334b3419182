"""engine_for(url): how each kind of database is opened.

It does not know the tables.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError

from imagetoprompt.errors import MissingPartError, SettingError

WRITES: Final = "writes"
"""The execution option of connections that will write."""

# One writer at a time writes for a millisecond; whoever waits so long waits for a broken disk.
BUSY_MILLISECONDS: Final = 10_000
# A load balancer asks every few seconds whether the server is ready, and needs an answer.
CONNECT_SECONDS: Final = 5
POOL_SECONDS: Final = 10
# What a picture shows is in the rows, and no error may carry it into a log.
HIDE: Final = True


def engine_for(url: str) -> Engine:
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


def file_of(engine: Engine) -> Path | None:
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
