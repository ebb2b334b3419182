"""API keys: secrets that exempt programs from the daily quota.

Only their hashes are stored, so that the database reveals no key.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import KEYS
from imagetoprompt.web.server_errors import ConflictError

# Lets people, and scanners for leaked secrets, recognize a key.
PREFIX: Final = "itp_"
ROW: Final = KEYS.c


@dataclass(frozen=True)
class Key:
    """A key as it is listed: its name, and when it was created."""

    name: str
    created: datetime


class Keys:
    """All keys, each with a name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str) -> str:
        """The secret of a new key, which is never shown again; ConflictError for a name in use."""
        secret = PREFIX + secrets.token_urlsafe(32)
        row = {"name": name, "digest": _digest(secret), "created": self._database.now()}
        statement = self._database.insert(KEYS).values(row).on_conflict_do_nothing()
        with self._database.writing() as connection:
            if connection.scalar(statement.returning(ROW.name)) is None:
                raise ConflictError(
                    f"There is already a key named '{name}': revoke it, or choose another name."
                )
        return secret

    def name_of(self, secret: str) -> str | None:
        """The name of the key with this secret; None if there is none.

        It is looked up by its hash, so that the time it takes reveals nothing about the secret.
        """
        digest = _digest(secret)
        with self._database.reading() as connection:
            row = connection.execute(select(KEYS).where(ROW.digest == digest)).first()
        if row is None or not hmac.compare_digest(row.digest, digest):
            return None
        return str(row.name)

    def list(self) -> tuple[Key, ...]:
        """All keys, sorted by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ROW.name, ROW.created).order_by(ROW.name)).all()
        return tuple(Key(name, created) for name, created in rows)

    def revoke(self, name: str) -> bool:
        """Delete a key, which invalidates it at once; returns whether there was one."""
        with self._database.writing() as connection:
            return connection.execute(delete(KEYS).where(ROW.name == name)).rowcount > 0


def _digest(secret: str) -> str:
    # The secret is long and random, so a slow hash would protect nothing.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
