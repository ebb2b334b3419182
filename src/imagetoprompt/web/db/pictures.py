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
# Ids in one statement, which every database accepts.
BATCH_SIZE: Final = 500

ROW: Final = PICTURES.c


@dataclass(frozen=True)
class StoredPicture:
    """A row of the table. scene: the facts as JSON, None before the picture was described."""

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
    """The pictures of all visitors. lifetime: how long each is kept."""

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
        """Add a picture under a new id; its files are written after this."""
        now = self._database.now()
        expires = now + self._lifetime
        stored = StoredPicture(new_id(), visitor, digest, media_type, *size, scene, now, expires)
        with self._database.writing() as connection:
            connection.execute(insert(PICTURES).values(_values(stored)))
        return stored

    def get(self, picture: str) -> StoredPicture | None:
        """The picture of that id; None if there is none or it has expired."""
        query = select(PICTURES).where(ROW.id == picture, self._unexpired)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _from_row(row)

    def set_scene(self, picture: str, scene: Mapping[str, Any]) -> StoredPicture | None:
        """Store the facts of a picture; None if it no longer exists."""
        statement = update(PICTURES).where(ROW.id == picture, self._unexpired).values(scene=scene)
        with self._database.writing() as connection:
            row = connection.execute(statement.returning(PICTURES)).mappings().first()
        return None if row is None else _from_row(row)

    def of_visitor(self, visitor: str, limit: int) -> tuple[StoredPicture, ...]:
        """The visitor's latest pictures, newest first."""
        query = select(PICTURES).where(ROW.visitor == visitor, self._unexpired)
        latest = query.order_by(ROW.created.desc(), ROW.id).limit(limit)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(latest).mappings())

    def expired(self, limit: int = BATCH_SIZE) -> tuple[str, ...]:
        """Ids of expired pictures, the oldest first. Delete their files, then the rows."""
        expired = select(ROW.id).where(ROW.expires <= self._database.now())
        with self._database.reading() as connection:
            return tuple(connection.scalars(expired.order_by(ROW.expires).limit(limit)))

    def delete(self, pictures: Iterable[str]) -> int:
        """Delete the rows; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(PICTURES).where(ROW.id.in_(list(pictures)))).rowcount

    @property
    def _unexpired(self) -> Any:  # noqa: ANN401 - an SQL condition
        return ROW.expires > self._database.now()


def _values(stored: StoredPicture) -> dict[str, Any]:
    return {column.name: getattr(stored, column.name) for column in fields(stored)}


def _from_row(row: RowMapping) -> StoredPicture:
    return StoredPicture(**{column.name: row[column.name] for column in fields(StoredPicture)})
