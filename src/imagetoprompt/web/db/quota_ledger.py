"""Uses: so many free uses a day, counted once for everybody that one visitor is known as."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.engine import Connection

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import RECEIPTS, SALTS, SECRETS, USES


@dataclass(frozen=True)
class UseCounted:
    """The use was counted, and so many are left today."""

    left: int


@dataclass(frozen=True)
class UseRefused:
    """Nothing was counted: none is left today."""

    left: int = 0


class _NoneLeftError(Exception):
    """Raised to undo what was counted for the others."""


class Uses:
    """The counts of all days and visitors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, day: date, whos: Sequence[str], limit: int) -> UseCounted | UseRefused:
        """Count one use for every one of `whos`, or for none when one of them has none left."""
        if limit < 1:
            return UseRefused()
        try:
            with self._database.writing() as connection:
                counts = [self._count(connection, day, who, limit) for who in _in_order(whos)]
        except _NoneLeftError:
            return UseRefused()
        return UseCounted(limit - max(counts, default=0))

    def give_back(self, day: date, whos: Sequence[str]) -> None:
        """Take one use back from the count of every one of `whos`, as when the work failed."""
        with self._database.writing() as connection:
            for who in _in_order(whos):
                row = (USES.c.day == day, USES.c.who == who, USES.c.count > 0)
                connection.execute(update(USES).where(*row).values(count=USES.c.count - 1))

    def left(self, day: date, whos: Sequence[str], limit: int) -> int:
        """How many uses are left today: the fewest that one of `whos` has."""
        most = select(func.max(USES.c.count)).where(USES.c.day == day, USES.c.who.in_(list(whos)))
        with self._database.reading() as connection:
            return max(0, limit - (connection.scalar(most) or 0))

    def forget_before(self, day: date) -> int:
        """Delete the counts of earlier days; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(USES).where(USES.c.day < day)).rowcount

    def _count(self, connection: Connection, day: date, who: str, limit: int) -> int:
        """The count with one more. The row stays locked until the transaction ends."""
        first = self._database.insert(USES).values(day=day, who=who, count=1)
        counted = first.on_conflict_do_update(
            index_elements=[USES.c.day, USES.c.who],
            set_={"count": USES.c.count + 1},
            where=USES.c.count < limit,
        ).returning(USES.c.count)
        count = connection.scalar(counted)
        if count is None:
            raise _NoneLeftError
        return int(count)


def _in_order(whos: Iterable[str]) -> list[str]:
    """Each once, and everywhere in the same order, so that no two wait for one another."""
    return sorted(set(whos))


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
        taken = (
            delete(RECEIPTS).where(RECEIPTS.c.job == job).returning(RECEIPTS.c.day, RECEIPTS.c.whos)
        )
        with self._database.writing() as connection:
            row = connection.execute(taken).first()
        return None if row is None else Receipt(row.day, tuple(row.whos))

    def forget_before(self, day: date) -> int:
        """Delete the receipts of earlier days, whose counts are gone too; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(RECEIPTS).where(RECEIPTS.c.day < day)).rowcount


# A home or a phone is handed at least so much of IPv6, and may use any address in it.
IPV6_PREFIX_BITS: Final = 64


def hash_address(address: str, salt: bytes) -> str:
    """The hash of an address; all of an IPv6 /64 are one, and so are IPv4 and its form in IPv6."""
    return _hash("address", normalized_address(address), salt)


def hash_visitor(visitor: str, salt: bytes) -> str:
    """The hash of what a visitor's cookie holds."""
    return _hash("visitor", visitor, salt)


def normalized_address(address: str) -> str:
    """The address as it counts: all of an IPv6 /64 as one, and IPv4 in IPv6 as IPv4."""
    try:
        known = ip_address(address)
    except ValueError:
        # Such as the peer of a UNIX socket, which has no address: all of those are one.
        return "none"
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or IPv6Address(int(known) >> IPV6_PREFIX_BITS << IPV6_PREFIX_BITS)
    return str(known)


def _hash(kind: str, text: str, salt: bytes) -> str:
    said = f"{kind}:{text}".encode("utf-8", "surrogatepass")
    return hmac.new(salt, said, hashlib.sha256).hexdigest()


SECRET_BYTES: Final = 32
SIGNING: Final = "signing"


class Salts:
    """The random values that all processes share."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # The latest alone: a salt that is over must not be kept anywhere.
        self._latest: tuple[date, bytes] | None = None

    def of(self, day: date) -> bytes:
        """The salt of the day, made by whoever asks first."""
        latest = self._latest
        if latest is None or latest[0] != day:
            latest = self._latest = (day, self._once(SALTS, "day", day))
        return latest[1]

    def signing(self) -> bytes:
        """The secret that signs cookies, made once and kept for good."""
        return self._once(SECRETS, "name", SIGNING)

    def forget_before(self, day: date) -> int:
        """Delete the salts of earlier days, so that no hash of those can be undone; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(SALTS).where(SALTS.c.day < day)).rowcount

    def _once(self, table: Table, column: str, key: object) -> bytes:
        found = select(table.c.value).where(table.c[column] == key)
        with self._database.reading() as connection:
            value = connection.scalar(found)
        if value is None:
            row = {column: key, "value": secrets.token_bytes(SECRET_BYTES)}
            with self._database.writing() as connection:
                connection.execute(
                    self._database.insert(table).values(row).on_conflict_do_nothing()
                )
                value = connection.scalars(found).one()
        return bytes(value)
