"""Salts: a random value a day for hashing, the same in all processes, and one that signs cookies.

It does not know what is hashed or signed.
"""

import secrets
from datetime import date
from typing import Final

from sqlalchemy import Table, delete, select

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import SALTS, SECRETS

LENGTH: Final = 32
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
            row = {column: key, "value": secrets.token_bytes(LENGTH)}
            with self._database.writing() as connection:
                connection.execute(
                    self._database.insert(table).values(row).on_conflict_do_nothing()
                )
                value = connection.scalars(found).one()
        return bytes(value)
