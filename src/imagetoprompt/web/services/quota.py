"""Daily quota of a visitor: charge, refund, and what is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from imagetoprompt.errors import HeavyError, LateError
from imagetoprompt.web.config import UNLIMITED
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.quota_ledger import (
    Receipts,
    Salts,
    UseRefused,
    Uses,
    address_hashes,
    hash_visitor,
)
from imagetoprompt.web.metrics import REFUSED_USES
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.server_errors import QuotaError

MAX_STORED_UPLOADS: Final = 100
"""Uploads per visitor and day that are stored but not described, such as masks."""
UPLOAD_SUFFIX: Final = ":aside"
UNREFUNDED_ERRORS: Final = (LateError, HeavyError, GeneratorExit)
"""Not refunded: failures that used up a worker's full limit, and results that nobody waited for."""


@dataclass(frozen=True)
class Allowance:
    """Uses left of the daily limit, and the seconds until it is renewed."""

    left: int
    limit: int
    seconds: int


class Quota:
    """Counts uses by cookie and by IP address; the higher count decides."""

    def __init__(self, database: Database, limit: int) -> None:
        self._database, self._limit = database, limit
        self._uses, self._salts = Uses(database), Salts(database)
        self._receipts = Receipts(database)

    @contextmanager
    def use(self, visitor: Visitor) -> Iterator[Callable[[], None]]:
        """Charge one use and yield its refund; QuotaError when none is left.

        An error in the block refunds it, unless the work ran into its time or memory limit or the
        client left: otherwise a caller could repeat such requests without end.
        """
        if self._free(visitor):
            yield _no_refund
            return
        day, identities = self._database.today(), self._identities(visitor)
        if isinstance(self._uses.take(day, identities, self._limit), UseRefused):
            REFUSED_USES.inc()
            raise self._refusal()

        def refund() -> None:
            self._uses.give_back(day, identities)

        try:
            yield refund
        except UNREFUNDED_ERRORS:
            raise
        except BaseException:
            refund()
            raise

    def count_upload(self, visitor: Visitor) -> None:
        """Count an upload that is only stored; QuotaError beyond MAX_STORED_UPLOADS a day.

        It costs no use, but disk space.
        """
        if self._free(visitor):
            return
        identities = tuple(f"{identity}{UPLOAD_SUFFIX}" for identity in self._identities(visitor))
        count = self._uses.take(self._database.today(), identities, MAX_STORED_UPLOADS)
        if isinstance(count, UseRefused):
            raise QuotaError(
                f"At most {MAX_STORED_UPLOADS} masks and reference pictures can be stored a day: "
                "upload more after midnight UTC.",
                self._seconds(),
            )

    def record_payment(self, job: str, visitor: Visitor) -> None:
        """Record which identities paid for the job."""
        if not self._free(visitor):
            self._receipts.record(job, self._database.today(), self._identities(visitor))

    def refund(self, job: str) -> None:
        """Refund the job, once; does nothing for a job that was free."""
        receipt = self._receipts.take(job)
        if receipt is not None:
            self._uses.give_back(receipt.day, receipt.identities)

    def allowance(self, visitor: Visitor) -> Allowance | None:
        """What is left today; None when uses are unlimited."""
        if self._free(visitor):
            return None
        left = self._uses.left(self._database.today(), self._identities(visitor), self._limit)
        return Allowance(left, self._limit, self._seconds())

    def _free(self, visitor: Visitor) -> bool:
        return self._limit == UNLIMITED or bool(visitor.key)

    def _identities(self, visitor: Visitor) -> tuple[str, ...]:
        salt = self._salts.of(self._database.today())
        addresses = address_hashes(visitor.address, salt)
        return addresses if visitor.fresh else (hash_visitor(visitor.id, salt), *addresses)

    def _seconds(self) -> int:
        now = self._database.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return max(1, round((midnight - now).total_seconds()))

    def _refusal(self) -> QuotaError:
        return QuotaError(
            f"Today's {self._limit} free uses are used up: try again after midnight UTC, or run "
            "ImageToPrompt yourself without a limit.",
            self._seconds(),
        )


def _no_refund() -> None:
    """Refund a use that was never charged: nothing to do."""
