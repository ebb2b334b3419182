"""Deletes what has expired: rows, files, old counts and salts.

Any process may run it at any time, several at once too.
"""

from dataclasses import dataclass

from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.db.pictures import PictureTable
from imagetoprompt.web.db.quota_ledger import Receipts, Salts, Uses


@dataclass(frozen=True)
class CleanupCounts:
    """How many of each were removed."""

    pictures: int
    jobs: int
    files: int
    uses: int
    salts: int
    receipts: int


def clean_up(database: Database, files: BlobStore) -> CleanupCounts:
    """Remove what has expired, files before the rows that name them."""
    today = database.today()
    pictures, of_pictures = _emptied(PictureTable(database), files)
    jobs, of_jobs = _emptied(JobQueue(database), files)
    return CleanupCounts(
        pictures=pictures,
        jobs=jobs,
        files=of_pictures + of_jobs,
        uses=Uses(database).forget_before(today),
        salts=Salts(database).forget_before(today),
        receipts=Receipts(database).forget_before(today),
    )


def _emptied(rows: PictureTable | JobQueue, files: BlobStore) -> tuple[int, int]:
    """Rows and files removed."""
    forgotten = deleted = 0
    while ids := rows.expired():
        deleted += files.delete_of(ids)
        forgotten += rows.forget(ids)
    return forgotten, deleted
