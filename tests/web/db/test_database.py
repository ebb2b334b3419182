import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from imagetoprompt.errors import MissingPartError, SettingError
from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.db.database import Database, new_id
from imagetoprompt.web.db.tables import KEYS
from imagetoprompt.web.server_errors import StateError

SILENT = "postgresql://someone:password@/name?host=/nowhere"


@pytest.fixture(params=["sqlite:////nowhere/at/all.db", SILENT])
def silent(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database that does not answer."""
    if request.param == SILENT:
        pytest.importorskip("psycopg")
    database = Database(request.param)
    yield database
    database.close()


def test_a_prepared_database_is_alive(database: Database) -> None:
    assert database.alive()


def test_one_that_does_not_answer_is_not_alive(silent: Database) -> None:
    assert not silent.alive()


def test_one_that_does_not_answer_is_named_without_its_password(silent: Database) -> None:
    with pytest.raises(StateError, match=r"nowhere.* does not answer") as caught, silent.reading():
        pass
    assert "password" not in str(caught.value)


def test_it_can_be_used_again_after_it_was_closed(database: Database) -> None:
    database.close()
    assert database.alive()


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a/b"])
def test_what_cannot_be_used_names_what_can(url: str) -> None:
    with pytest.raises(SettingError, match="give sqlite:///path/to/file"):
        Database(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_each_of_its_names(scheme: str) -> None:
    pytest.importorskip("psycopg")
    assert not Database(f"{scheme}://someone@/name?host=/nowhere").alive()


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPartError, match=r"pip install '\.\[postgres\]'"):
        Database("postgresql://someone@/name")


def test_what_was_written_is_undone_when_something_is_raised(database: Database) -> None:
    row = {"name": "a", "digest": "b", "created": database.now()}
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(KEYS).values([row, row]))
    assert Keys(database).list() == ()


def test_one_reads_while_another_writes(database: Database) -> None:
    with database.writing() as writer:
        row = {"name": "a", "digest": "b", "created": database.now()}
        writer.execute(insert(KEYS).values(row))
        assert Keys(database).list() == ()


def test_the_day_is_that_of_utc(tmp_path: Path) -> None:
    late = datetime(2026, 3, 1, 23, tzinfo=timezone(timedelta(hours=-5)))
    assert Database(f"sqlite:///{tmp_path}/a.db", lambda: late).today() == date(2026, 3, 2)


def test_times_keep_their_moment(database: Database) -> None:
    east = datetime(2026, 3, 1, 1, 2, 3, 4567, tzinfo=timezone(timedelta(hours=9)))
    with database.writing() as connection:
        connection.execute(insert(KEYS).values(name="a", digest="b", created=east))
    (key,) = Keys(database).list()
    assert (key.created, key.created.tzinfo) == (east, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 3, 1)
    with pytest.raises(Exception, match="has no time zone"), database.writing() as connection:
        connection.execute(insert(KEYS).values(name="a", digest="b", created=naive))


def test_sqlite_is_set_up_for_many_at_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/state.db")
    database.prepare()
    names = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
    with database.reading() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in names]
    database.close()
    assert found == ["wal", 10_000, 1, 1]


def test_ids_are_long_and_fit_the_names_of_files() -> None:
    ids = {new_id() for _ in range(100)}
    assert (len(ids), {len(each) for each in ids}) == (100, {22})


def test_a_database_that_another_program_locks_is_not_ready(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/state.db")
    database.prepare()
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        assert not database.alive()
        assert time.monotonic() - begun < 5
        other.execute("ROLLBACK")
    assert database.alive()
    database.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_that_was_deleted_is_neither_written_nor_made_anew(
    tmp_path: Path, replaced: bool
) -> None:
    file = tmp_path / "state.db"
    database = Database(f"sqlite:///{file}")
    database.prepare()
    file.rename(tmp_path / "gone.db")
    if replaced:
        file.touch()

    assert not database.alive()
    with pytest.raises(StateError, match="restart the server"):
        Keys(database).list()
    assert file.exists() == replaced
    database.close()
