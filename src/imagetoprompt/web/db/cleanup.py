"""Deletes what has expired: rows, files, old counts and salts.

Any process may run it at any time, also several at once.
"""

from dataclasses import dataclass

from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.db.pictures import PictureTable
from imagetoprompt.web.db.quota_ledger import Receipts, Salts, Uses


@dataclass(frozen=True)
class CleanupCounts:
    """How many of each were deleted."""

    pictures: int
    jobs: int
    files: int
    uses: int
    salts: int
    receipts: int


def clean_up(database: Database, files: BlobStore) -> CleanupCounts:
    """Delete what has expired, files before the rows that own them."""
    today = database.today()
    pictures, picture_files = _delete_expired(PictureTable(database), files)
    jobs, job_files = _delete_expired(JobQueue(database), files)
    return CleanupCounts(
        pictures=pictures,
        jobs=jobs,
        files=picture_files + job_files,
        uses=Uses(database).forget_before(today),
        salts=Salts(database).forget_before(today),
        receipts=Receipts(database).forget_before(today),
    )


def _delete_expired(table: PictureTable | JobQueue, files: BlobStore) -> tuple[int, int]:
    """Delete in batches; returns how many rows and files."""
    row_count = file_count = 0
    while ids := table.expired():
        file_count += files.delete_of(ids)
        row_count += table.delete(ids)
    return row_count, file_count
