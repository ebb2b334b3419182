from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.db.clock_and_pools import Clock

from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.cleanup import CleanupCounts, clean_up
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.db.pictures import PictureTable
from imagetoprompt.web.db.quota_ledger import Salts, Uses
from imagetoprompt.web.server_errors import StateError


@pytest.fixture
def files(tmp_path: Path) -> BlobStore:
    return BlobStore(str(tmp_path / "files"))


def filled(database: Database, files: BlobStore) -> tuple[str, str]:
    """A picture and a job with two files each, and a use and a salt of today."""
    picture = PictureTable(database).add("ann", "d1", "image/png", (1, 1)).id
    job = JobQueue(database).submit("ann", "transform", picture, {}).id
    for owner in (picture, job):
        files.put(f"{owner}.whole", b"1")
        files.put(f"{owner}.small.jpg", b"1")
    Uses(database).take(database.today(), ["ann"], 10)
    Salts(database).of(database.today())
    return picture, job


def test_what_has_expired_is_removed_with_its_files(
    database: Database, files: BlobStore, clock: Clock, tmp_path: Path
) -> None:
    filled(database, files)
    clock.forward(hours=24)
    assert clean_up(database, files) == CleanupCounts(
        pictures=1, jobs=1, files=4, uses=1, salts=1, receipts=0
    )
    assert [each for each in (tmp_path / "files").rglob("*") if each.is_file()] == []
    assert clean_up(database, files) == CleanupCounts(0, 0, 0, 0, 0, receipts=0)


def test_what_has_not_stays(database: Database, files: BlobStore, clock: Clock) -> None:
    filled(database, files)
    clock.forward(hours=11, minutes=59)
    assert clean_up(database, files) == CleanupCounts(0, 0, 0, 0, 0, receipts=0)


def test_only_the_old_are_removed(database: Database, files: BlobStore, clock: Clock) -> None:
    filled(database, files)
    clock.forward(hours=20)
    picture, job = filled(database, files)
    clock.forward(hours=4)
    assert clean_up(database, files) == CleanupCounts(1, 1, 4, 1, 1, receipts=0)
    assert files.exists(f"{picture}.whole")
    assert JobQueue(database).get(job) is not None


def test_more_than_one_handful_is_removed(
    database: Database, files: BlobStore, clock: Clock
) -> None:
    pictures = PictureTable(database)
    rows = [pictures.add("ann", "d1", "image/png", (1, 1)).id for _ in range(3)]
    clock.forward(days=2)
    assert set(pictures.expired(limit=2)) < set(rows)
    assert clean_up(database, files).pictures == 3


def test_a_job_that_runs_is_not_removed(database: Database, files: BlobStore, clock: Clock) -> None:
    _, job = filled(database, files)
    clock.forward(hours=23)
    JobQueue(database).claim("w1", 7200)
    clock.forward(hours=1)
    assert clean_up(database, files) == CleanupCounts(
        pictures=1, jobs=0, files=2, uses=1, salts=1, receipts=0
    )
    assert JobQueue(database).finish(job, "w1", "", {})


def test_rows_stay_until_their_files_are_gone(
    database: Database, files: BlobStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database, files)
    clock.forward(hours=24)
    with monkeypatch.context() as broken:
        broken.setattr(BlobStore, "delete_of", _fails)
        with pytest.raises(StateError):
            clean_up(database, files)
    assert clean_up(database, files).files == 4


def _fails(*_: object) -> int:
    raise StateError("The bucket does not answer.")


def test_lifetimes_are_those_of_the_rows(
    database: Database, files: BlobStore, clock: Clock
) -> None:
    PictureTable(database, timedelta(hours=1)).add("ann", "d1", "image/png", (1, 1))
    PictureTable(database, timedelta(hours=3)).add("ann", "d1", "image/png", (1, 1))
    clock.forward(hours=2)
    assert clean_up(database, files).pictures == 1
