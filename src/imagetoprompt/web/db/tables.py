"""The tables as they are now; `migrations` has the steps that create and change them."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time in UTC, with its zone; SQLite stores no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the database stores it; ValueError if it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA: Final = MetaData()

PICTURES: Final = Table(
    "pictures",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("visitor", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("scene", JSON(none_as_null=True)),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Index("pictures_of_visitor", "visitor", "created"),
    Index("pictures_by_expiry", "expires"),
)

JOBS: Final = Table(
    "jobs",
    METADATA,
    # The order of the queue, also for jobs of the same moment.
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("visitor", Text, nullable=False),
    # The idempotency key; NULL if there is none, since NULLs are never equal.
    Column("key", Text),
    Column("kind", Text, nullable=False),
    Column("picture", Text, nullable=False),
    Column("order", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("cancelling", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("phase", Text, nullable=False),
    Column("preview", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("outcome", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("lease", Moment),
    Column("lease_seconds", Float, nullable=False),
    Column("created", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("expires", Moment, nullable=False),
    UniqueConstraint("visitor", "key", name="jobs_by_key"),
    Index("jobs_in_line", "state", "number"),
    Index("jobs_by_expiry", "expires"),
)

RECEIPTS: Final = Table(
    "receipts",
    METADATA,
    Column("job", Text, primary_key=True),
    Column("day", Date, nullable=False),
    Column("whos", JSON, nullable=False),
)

USES: Final = Table(
    "uses",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

KEYS: Final = Table(
    "keys",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("created", Moment, nullable=False),
)

SALTS: Final = Table(
    "salts",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

SECRETS: Final = Table(
    "secrets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
