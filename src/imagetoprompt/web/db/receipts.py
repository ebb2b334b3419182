"""Receipts: which counts a job was paid from, so that one that fails can be given back, once.

It does not know why a job failed, nor how uses are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import RECEIPTS

ROW = RECEIPTS.c


@dataclass(frozen=True)
class Receipt:
    """The day on which a use was counted, and for whom."""

    day: date
    whos: tuple[str, ...]


class Receipts:
    """The receipts of jobs that may still fail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, job: str, day: date, whos: Sequence[str]) -> None:
        """Remember what the job was paid from; the first note of a job holds."""
        row = {"job": job, "day": day, "whos": list(whos)}
        with self._database.writing() as connection:
            connection.execute(self._database.insert(RECEIPTS).values(row).on_conflict_do_nothing())

    def take(self, job: str) -> Receipt | None:
        """The receipt of the job, for whoever asks first; None when there is none any more."""
        taken = delete(RECEIPTS).where(ROW.job == job).returning(ROW.day, ROW.whos)
        with self._database.writing() as connection:
            row = connection.execute(taken).first()
        return None if row is None else Receipt(row.day, tuple(row.whos))

    def forget_before(self, day: date) -> int:
        """Delete the receipts of earlier days, whose counts are gone too; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(RECEIPTS).where(ROW.day < day)).rowcount
