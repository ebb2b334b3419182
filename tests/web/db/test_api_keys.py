import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from sqlalchemy import select
from tests.web.db.clock_and_pools import Clock

from imagetoprompt.web.db.api_keys import Key, Keys
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.tables import KEYS
from imagetoprompt.web.server_errors import ConflictError


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database)


def test_a_secret_tells_whose_key_it_is(keys: Keys) -> None:
    secrets = {name: keys.create(name) for name in ("ann", "bob")}
    assert {keys.name_of(secret): secret for secret in secrets.values()} == secrets


@pytest.mark.parametrize("secret", ["", "itp_", "itp_wrong", "é\0\ud800"])
def test_other_words_are_nobodys_key(keys: Keys, secret: str) -> None:
    keys.create("ann")
    assert keys.name_of(secret) is None


def test_a_secret_can_be_recognized(keys: Keys) -> None:
    assert keys.create("ann").startswith("itp_")


def test_only_a_hash_is_kept(keys: Keys, database: Database) -> None:
    secret = keys.create("ann")
    with database.reading() as connection:
        (row,) = connection.execute(select(KEYS)).all()
    assert secret.removeprefix("itp_") not in str(row)
    assert keys.name_of(row.digest) is None


def test_a_name_is_used_once(keys: Keys) -> None:
    secret = keys.create("ann")
    with pytest.raises(ConflictError, match="There is already a key named 'ann': revoke it"):
        keys.create("ann")
    assert keys.name_of(secret) == "ann"


def test_a_revoked_key_is_nobodys(keys: Keys) -> None:
    secret = keys.create("ann")
    assert (keys.revoke("ann"), keys.name_of(secret), keys.revoke("ann")) == (True, None, False)


def test_keys_are_listed_by_name(keys: Keys, clock: Clock) -> None:
    made = clock()
    keys.create("bob")
    keys.create("ann")
    assert keys.list() == (Key("ann", made), Key("bob", made))
