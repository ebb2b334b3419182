"""Uses: so many free uses a day, counted once for everybody that one visitor is known as.

It does not know who they are, only their hashes, nor what a use is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import USES

ROW = USES.c


@dataclass(frozen=True)
class Left:
    """The use was counted, and so many are left today."""

    left: int


@dataclass(frozen=True)
class Refused:
    """Nothing was counted: none is left today."""

    left: int = 0


class _NoneLeftError(Exception):
    """Raised to undo what was counted for the others."""


class Uses:
    """The counts of all days and visitors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, day: date, whos: Sequence[str], limit: int) -> Left | Refused:
        """Count one use for every one of `whos`, or for none when one of them has none left."""
        if limit < 1:
            return Refused()
        try:
            with self._database.writing() as connection:
                counts = [self._count(connection, day, who, limit) for who in _in_order(whos)]
        except _NoneLeftError:
            return Refused()
        return Left(limit - max(counts, default=0))

    def give_back(self, day: date, whos: Sequence[str]) -> None:
        """Take one use back from the count of every one of `whos`, as when the work failed."""
        with self._database.writing() as connection:
            for who in _in_order(whos):
                row = (ROW.day == day, ROW.who == who, ROW.count > 0)
                connection.execute(update(USES).where(*row).values(count=ROW.count - 1))

    def left(self, day: date, whos: Sequence[str], limit: int) -> int:
        """How many uses are left today: the fewest that one of `whos` has."""
        most = select(func.max(ROW.count)).where(ROW.day == day, ROW.who.in_(list(whos)))
        with self._database.reading() as connection:
            return max(0, limit - (connection.scalar(most) or 0))

    def forget_before(self, day: date) -> int:
        """Delete the counts of earlier days; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(USES).where(ROW.day < day)).rowcount

    def _count(self, connection: Connection, day: date, who: str, limit: int) -> int:
        """The count with one more. The row stays locked until the transaction ends."""
        first = self._database.insert(USES).values(day=day, who=who, count=1)
        counted = first.on_conflict_do_update(
            index_elements=[ROW.day, ROW.who],
            set_={"count": ROW.count + 1},
            where=ROW.count < limit,
        ).returning(ROW.count)
        count = connection.scalar(counted)
        if count is None:
            raise _NoneLeftError
        return int(count)


def _in_order(whos: Iterable[str]) -> list[str]:
    """Each once, and everywhere in the same order, so that no two wait for one another."""
    return sorted(set(whos))
