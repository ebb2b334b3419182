"""Daily quota, charged to every identity of a visitor (hashes of the cookie and of the IP)."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address
from typing import Final

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import Connection

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import RECEIPTS, SALTS, SECRETS, USES


@dataclass(frozen=True)
class UseCounted:
    """The use was counted; `left` remain today."""

    left: int


@dataclass(frozen=True)
class UseRefused:
    """Nothing was counted: the quota of an identity is used up."""

    left: int = 0


class _NoneLeftError(Exception):
    """Rolls back the counts of the other identities."""


class Uses:
    """Uses per day and identity."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, day: date, identities: Sequence[str], limit: int) -> UseCounted | UseRefused:
        """Charge one use to each identity, or to none if one has no uses left."""
        if limit < 1:
            return UseRefused()
        try:
            with self._database.writing() as connection:
                left = [
                    _limit_of(identity, limit)
                    - self._count(connection, day, identity, _limit_of(identity, limit))
                    for identity in _in_order(identities)
                ]
        except _NoneLeftError:
            return UseRefused()
        return UseCounted(min(left, default=limit))

    def give_back(self, day: date, identities: Sequence[str]) -> None:
        """Return one use to each identity, as when the work failed."""
        with self._database.writing() as connection:
            for identity in _in_order(identities):
                row = (USES.c.day == day, USES.c.who == identity, USES.c.count > 0)
                connection.execute(update(USES).where(*row).values(count=USES.c.count - 1))

    def left(self, day: date, identities: Sequence[str], limit: int) -> int:
        """Uses left today: the minimum over the identities."""
        query = select(USES.c.who, USES.c.count).where(
            USES.c.day == day, USES.c.who.in_(list(identities))
        )
        with self._database.reading() as connection:
            counts = connection.execute(query).all()
        left = [_limit_of(str(identity), limit) - int(count) for identity, count in counts]
        return max(0, min([limit, *left]))

    def forget_before(self, day: date) -> int:
        """Delete the counts of earlier days; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(USES).where(USES.c.day < day)).rowcount

    def _count(self, connection: Connection, day: date, identity: str, limit: int) -> int:
        """Increment the count; the row stays locked until the transaction ends."""
        insert = self._database.insert(USES).values(day=day, who=identity, count=1)
        statement = insert.on_conflict_do_update(
            index_elements=[USES.c.day, USES.c.who],
            set_={"count": USES.c.count + 1},
            where=USES.c.count < limit,
        ).returning(USES.c.count)
        count = connection.scalar(statement)
        if count is None:
            raise _NoneLeftError
        return int(count)


def _limit_of(identity: str, limit: int) -> int:
    return limit * WIDE_FACTOR if identity.startswith(WIDE) else limit


def _in_order(identities: Iterable[str]) -> list[str]:
    """Distinct identities in one fixed order, so that transactions cannot deadlock."""
    return sorted(set(identities))


@dataclass(frozen=True)
class Receipt:
    """The day on which a use was counted, and for whom."""

    day: date
    identities: tuple[str, ...]


class Receipts:
    """Which identities paid for a job, so that a failed job is refunded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, job: str, day: date, identities: Sequence[str]) -> None:
        """Record who paid for the job; the first record of a job wins."""
        row = {"job": job, "day": day, "whos": list(identities)}
        with self._database.writing() as connection:
            connection.execute(self._database.insert(RECEIPTS).values(row).on_conflict_do_nothing())

    def take(self, job: str) -> Receipt | None:
        """Remove and return the receipt of the job; None if it was taken already."""
        statement = (
            delete(RECEIPTS).where(RECEIPTS.c.job == job).returning(RECEIPTS.c.day, RECEIPTS.c.whos)
        )
        with self._database.writing() as connection:
            row = connection.execute(statement).first()
        return None if row is None else Receipt(row.day, tuple(row.whos))

    def forget_before(self, day: date) -> int:
        """Delete the receipts of earlier days, whose counts are gone too; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(RECEIPTS).where(RECEIPTS.c.day < day)).rowcount


# Providers assign at least a /64 to a customer, who may use any address in it, and many a /56
# (RFC 6177, section 2), which has 256 networks of that size.
IPV6_PREFIX_BITS: Final = 64
IPV6_WIDE_PREFIX_BITS: Final = 56
WIDE_FACTOR: Final = 4
"""What all of a /56 may do, as a multiple of what one of its networks may: a home has a few."""
WIDE: Final = "wide:"
"""Begins the identity of a /56, whose limit is WIDE_FACTOR times the limit of the others."""


def hash_address(address: str, salt: bytes) -> str:
    """Salted hash of an IP address, normalized first."""
    return _hash("address", normalized_address(address), salt)


def hash_visitor(visitor: str, salt: bytes) -> str:
    """Salted hash of a visitor id."""
    return _hash("visitor", visitor, salt)


def wide_address(address: str) -> str:
    """The address with IPv6 cut to its /56; the same as `normalized_address` for IPv4."""
    return normalized_address(address, IPV6_WIDE_PREFIX_BITS)


def address_hashes(address: str, salt: bytes) -> tuple[str, ...]:
    """The identities that an address counts for: itself, and the /56 of an IPv6 address."""
    wide = wide_address(address)
    if ":" not in wide:
        return (hash_address(address, salt),)
    return hash_address(address, salt), WIDE + _hash("network", wide, salt)


def normalized_address(address: str, bits: int = IPV6_PREFIX_BITS) -> str:
    """The address with IPv6 cut to its first bits, and IPv4-mapped IPv6 as IPv4."""
    try:
        parsed = ip_address(address)
    except ValueError:
        # The peer of a UNIX socket has no address; all of them count as one.
        return "none"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or IPv6Address(int(parsed) >> 128 - bits << 128 - bits)
    return str(parsed)


def _hash(kind: str, text: str, salt: bytes) -> str:
    message = f"{kind}:{text}".encode("utf-8", "surrogatepass")
    return hmac.new(salt, message, hashlib.sha256).hexdigest()


SECRET_BYTES: Final = 32
SIGNING: Final = "signing"


class Salts:
    """Random values that all processes share: a salt per day, and the signing secret."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Only the latest is cached: an expired salt must not be kept anywhere.
        self._latest: tuple[date, bytes] | None = None

    def of(self, day: date) -> bytes:
        """The salt of the day, created on first use."""
        latest = self._latest
        if latest is None or latest[0] != day:
            latest = self._latest = (day, self._get_or_create(SALTS, "day", day))
        return latest[1]

    def signing(self) -> bytes:
        """The secret that signs cookies, created once and kept."""
        return self._get_or_create(SECRETS, "name", SIGNING)

    def forget_before(self, day: date) -> int:
        """Delete earlier salts, so that their hashes cannot be reversed; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(SALTS).where(SALTS.c.day < day)).rowcount

    def _get_or_create(self, table: Table, column: str, key: object) -> bytes:
        query = select(table.c.value).where(table.c[column] == key)
        with self._database.reading() as connection:
            value = connection.scalar(query)
        if value is None:
            row = {column: key, "value": secrets.token_bytes(SECRET_BYTES)}
            with self._database.writing() as connection:
                connection.execute(
                    self._database.insert(table).values(row).on_conflict_do_nothing()
                )
                value = connection.scalars(query).one()
        return bytes(value)
