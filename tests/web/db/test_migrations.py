import stat
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.web.db import concurrent_calls
from tests.web.db.clock_and_pools import RunTogether

from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import METADATA
from imagetoprompt.web.server_errors import StateError


def test_an_empty_database_gets_exactly_the_tables_of_this_release(empty: str) -> None:
    database = Database(empty)
    database.prepare()
    with database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    database.close()
    assert differences == []


def test_preparing_again_keeps_what_is_there(database: Database) -> None:
    secret = Keys(database).create("mine")
    database.prepare()
    assert Keys(database).name_of(secret) == "mine"


def test_many_prepare_at_once(empty: str, run_together: RunTogether) -> None:
    assert run_together(concurrent_calls.prepare, *[(empty,)] * 8) == [True] * 8


def test_a_database_of_another_release_is_left_alone(empty: str) -> None:
    database = Database(empty)
    database.prepare()
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateError, match=r"written by a newer release .*: upgrade"):
        database.prepare()
    database.close()


def test_the_file_of_sqlite_is_its_owners_alone(tmp_path: Path) -> None:
    place = tmp_path / "made" / "with 100%" / "state.db"
    assert concurrent_calls.prepare(f"sqlite:///{place}")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "state.db"
    place.write_bytes(b"a letter to my aunt " * 99)
    with pytest.raises(StateError, match="file is not a database"):
        concurrent_calls.prepare(f"sqlite:///{place}")
    assert place.read_bytes().startswith(b"a letter")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="cannot be created: "):
        concurrent_calls.prepare(f"sqlite:///{tmp_path}/file/state.db")
