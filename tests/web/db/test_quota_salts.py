from datetime import date, timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from sqlalchemy import select
from tests.web.db import concurrent_calls
from tests.web.db.clock_and_pools import RunTogether

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.quota_ledger import Salts
from imagetoprompt.web.db.tables import SALTS

DAY = date(2026, 3, 1)
NEXT = DAY + timedelta(days=1)


def test_a_day_has_one_salt_for_all(database: Database) -> None:
    salts = Salts(database)
    assert salts.of(DAY) == salts.of(DAY) == Salts(database).of(DAY)


def test_each_day_has_its_own(database: Database) -> None:
    salts = Salts(database)
    found = {salts.of(DAY), salts.of(NEXT), salts.signing()}
    assert [len(each) for each in found] == [32, 32, 32]


def test_old_salts_are_nowhere(database: Database) -> None:
    salts = Salts(database)
    old = salts.of(DAY)
    new = salts.of(NEXT)
    assert salts.forget_before(NEXT) == 1
    with database.reading() as connection:
        assert connection.scalars(select(SALTS.c.value)).all() == [new]
    assert old not in vars(salts).values()
    assert salts.of(DAY) != old


def test_the_signing_secret_stays(database: Database) -> None:
    signing = Salts(database).signing()
    Salts(database).forget_before(NEXT)
    assert Salts(database).signing() == signing


def test_all_processes_get_the_same(url: str, run_together: RunTogether) -> None:
    assert len(set(run_together(concurrent_calls.secrets, *[(url,)] * 12))) == 1
