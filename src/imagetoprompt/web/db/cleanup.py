"""sweep(database, files): removes whatever has expired: rows, files, old counts and salts.

Any process may do it at any time, also several at once. It does not know when it is called.
"""

from dataclasses import dataclass

from imagetoprompt.web.db.blob_store import Files
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import Jobs
from imagetoprompt.web.db.pictures import Pictures
from imagetoprompt.web.db.quota_ledger import Receipts, Salts, Uses


@dataclass(frozen=True)
class Swept:
    """How many of each were removed."""

    pictures: int
    jobs: int
    files: int
    uses: int
    salts: int
    receipts: int


def sweep(database: Database, files: Files) -> Swept:
    """Remove what has expired, files before the rows that name them."""
    today = database.today()
    pictures, of_pictures = _emptied(Pictures(database), files)
    jobs, of_jobs = _emptied(Jobs(database), files)
    return Swept(
        pictures=pictures,
        jobs=jobs,
        files=of_pictures + of_jobs,
        uses=Uses(database).forget_before(today),
        salts=Salts(database).forget_before(today),
        receipts=Receipts(database).forget_before(today),
    )


def _emptied(rows: Pictures | Jobs, files: Files) -> tuple[int, int]:
    """Rows and files removed."""
    forgotten = deleted = 0
    while ids := rows.expired():
        deleted += files.delete_of(ids)
        forgotten += rows.forget(ids)
    return forgotten, deleted
