"""Meter: counts the free uses of a visitor, and says when there are more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from imagetoprompt.errors import HeavyError, ImageToPromptError, LateError
from imagetoprompt.web.config import UNLIMITED
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.quota_ledger import (
    Receipts,
    Salts,
    UseRefused,
    Uses,
    hash_address,
    hash_visitor,
)
from imagetoprompt.web.metrics import REFUSALS
from imagetoprompt.web.middleware.identity_cookie import Visitor
from imagetoprompt.web.server_errors import QuotaError

ASIDES: Final = 100
"""Pictures a day and visitor that are only kept, such as masks: ten for each use."""
ASIDE: Final = "aside:"
COSTLY: Final = (LateError, HeavyError)
"""Failures that cost the server more than a success."""


@dataclass(frozen=True)
class Allowance:
    """How many uses are left of how many a day; seconds until there are more."""

    left: int
    limit: int
    seconds: int


class Quota:
    """Counts by the visitor's cookie and by the address, whichever has had more."""

    def __init__(self, database: Database, limit: int) -> None:
        self._database, self._limit = database, limit
        self._uses, self._salts = Uses(database), Salts(database)
        self._receipts = Receipts(database)

    @contextmanager
    def use(self, visitor: Visitor) -> Iterator[Callable[[], None]]:
        """Count one use, and yield what gives it back; QuotaError when none is left.

        It is given back when the block raises, unless all the time or memory of a worker went into
        it: nobody may ask for that without end.
        """
        if self._free(visitor):
            yield _nothing
            return
        day, whos = self._database.today(), self._whos(visitor)
        if isinstance(self._uses.take(day, whos, self._limit), UseRefused):
            REFUSALS.inc()
            raise self._refusal()

        def give_back() -> None:
            self._uses.give_back(day, whos)

        try:
            yield give_back
        except ImageToPromptError as error:
            if not isinstance(error, COSTLY):
                give_back()
            raise

    def aside(self, visitor: Visitor) -> None:
        """Count a picture that is only kept; QuotaError beyond what anybody needs a day.

        It is no use, but disks are finite.
        """
        if self._free(visitor):
            return
        whos = tuple(f"{ASIDE}{who}" for who in self._whos(visitor))
        if isinstance(self._uses.take(self._database.today(), whos, ASIDES), UseRefused):
            raise QuotaError(
                f"More than {ASIDES} pictures a day are not kept beside: there is room again at "
                "midnight UTC.",
                self._seconds(),
            )

    def note(self, job: str, visitor: Visitor) -> None:
        """Remember which counts the job was just paid from."""
        if not self._free(visitor):
            self._receipts.note(job, self._database.today(), self._whos(visitor))

    def refund(self, job: str) -> None:
        """Give back what the job was paid from, once; nothing when it cost nothing."""
        receipt = self._receipts.take(job)
        if receipt is not None:
            self._uses.give_back(receipt.day, receipt.whos)

    def allowance(self, visitor: Visitor) -> Allowance | None:
        """What is left today; None when nothing is counted."""
        if self._free(visitor):
            return None
        left = self._uses.left(self._database.today(), self._whos(visitor), self._limit)
        return Allowance(left, self._limit, self._seconds())

    def _free(self, visitor: Visitor) -> bool:
        return self._limit == UNLIMITED or bool(visitor.key)

    def _whos(self, visitor: Visitor) -> tuple[str, ...]:
        salt = self._salts.of(self._database.today())
        address = hash_address(visitor.address, salt)
        return (address,) if visitor.fresh else (hash_visitor(visitor.id, salt), address)

    def _seconds(self) -> int:
        now = self._database.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return max(1, round((midnight - now).total_seconds()))

    def _refusal(self) -> QuotaError:
        return QuotaError(
            f"The {self._limit} free uses of today are used up: there are more at midnight UTC, "
            "and as many as you like when you run ImageToPrompt yourself.",
            self._seconds(),
        )


def _nothing() -> None:
    """Nothing was counted, so nothing is given back."""
