from datetime import date, timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.quota_ledger import Receipt, Receipts

DAY = date(2026, 3, 1)


@pytest.fixture
def receipts(database: Database) -> Receipts:
    return Receipts(database)


def test_a_receipt_is_taken_once(receipts: Receipts) -> None:
    receipts.record("job", DAY, ["cookie", "address"])

    assert receipts.take("job") == Receipt(DAY, ("cookie", "address"))
    assert receipts.take("job") is None


def test_the_first_note_holds(receipts: Receipts) -> None:
    receipts.record("job", DAY, ["first"])
    receipts.record("job", DAY, ["second"])

    assert receipts.take("job") == Receipt(DAY, ("first",))


def test_receipts_of_earlier_days_are_forgotten(receipts: Receipts) -> None:
    receipts.record("old", DAY, ["cookie"])
    receipts.record("new", DAY + timedelta(days=1), ["cookie"])

    assert receipts.forget_before(DAY + timedelta(days=1)) == 1
    assert receipts.take("old") is None
    assert receipts.take("new") is not None
