"""The table of stored pictures: uploads and results, each until it expires."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import RowMapping

from imagetoprompt.web.db.database import Database, new_id
from imagetoprompt.web.db.tables import PICTURES

ONE_DAY: Final = timedelta(hours=24)
# As many as one statement takes on every database.
BATCH_SIZE: Final = 500

ROW: Final = PICTURES.c


@dataclass(frozen=True)
class StoredPicture:
    """A picture as it is kept. scene: its facts as JSON, None before it was described."""

    id: str
    visitor: str
    digest: str
    media_type: str
    width: int
    height: int
    scene: Mapping[str, Any] | None = field(hash=False)
    created: datetime
    expires: datetime


class PictureTable:
    """The pictures of all visitors; lifetime: how long each is kept."""

    def __init__(self, database: Database, lifetime: timedelta = ONE_DAY) -> None:
        self._database, self._lifetime = database, lifetime

    def add(
        self,
        visitor: str,
        digest: str,
        media_type: str,
        size: tuple[int, int],
        scene: Mapping[str, Any] | None = None,
    ) -> StoredPicture:
        """Keep a picture under a new id; its files are to be put after this."""
        now = self._database.now()
        expires = now + self._lifetime
        kept = StoredPicture(new_id(), visitor, digest, media_type, *size, scene, now, expires)
        with self._database.writing() as connection:
            connection.execute(insert(PICTURES).values(_values(kept)))
        return kept

    def get(self, picture: str) -> StoredPicture | None:
        """The picture of that id; None when there is none, or it has expired."""
        found = select(PICTURES).where(ROW.id == picture, self._lives)
        with self._database.reading() as connection:
            row = connection.execute(found).mappings().first()
        return None if row is None else _kept(row)

    def describe(self, picture: str, scene: Mapping[str, Any]) -> StoredPicture | None:
        """Keep what is seen in it; None when there is no such picture any more."""
        described = update(PICTURES).where(ROW.id == picture, self._lives).values(scene=scene)
        with self._database.writing() as connection:
            row = connection.execute(described.returning(PICTURES)).mappings().first()
        return None if row is None else _kept(row)

    def of_visitor(self, visitor: str, limit: int) -> tuple[StoredPicture, ...]:
        """The visitor's latest pictures, the newest first."""
        found = select(PICTURES).where(ROW.visitor == visitor, self._lives)
        latest = found.order_by(ROW.created.desc(), ROW.id).limit(limit)
        with self._database.reading() as connection:
            return tuple(_kept(row) for row in connection.execute(latest).mappings())

    def expired(self, limit: int = BATCH_SIZE) -> tuple[str, ...]:
        """Ids of pictures whose time is over: delete their files, then forget them."""
        over = select(ROW.id).where(ROW.expires <= self._database.now())
        with self._database.reading() as connection:
            return tuple(connection.scalars(over.order_by(ROW.expires).limit(limit)))

    def forget(self, pictures: Iterable[str]) -> int:
        """Delete the rows; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(PICTURES).where(ROW.id.in_(list(pictures)))).rowcount

    @property
    def _lives(self) -> Any:  # noqa: ANN401 - a condition, which SQLAlchemy types as its dialects do
        return ROW.expires > self._database.now()


def _values(kept: StoredPicture) -> dict[str, Any]:
    return {each.name: getattr(kept, each.name) for each in fields(kept)}


def _kept(row: RowMapping) -> StoredPicture:
    return StoredPicture(**{each.name: row[each.name] for each in fields(StoredPicture)})
