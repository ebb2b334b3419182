from datetime import date, timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.db import concurrent_calls
from tests.web.db.clock_and_pools import RunTogether

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.quota_ledger import UseCounted, UseRefused, Uses

DAY = date(2026, 3, 1)


@pytest.fixture
def uses(database: Database) -> Uses:
    return Uses(database)


def test_uses_are_granted_up_to_the_limit(uses: Uses) -> None:
    taken = [uses.take(DAY, ["cookie", "address"], 3) for _ in range(4)]
    assert taken == [UseCounted(2), UseCounted(1), UseCounted(0), UseRefused()]


def test_every_who_is_counted(uses: Uses) -> None:
    uses.take(DAY, ["cookie", "address"], 3)
    assert (uses.left(DAY, ["cookie"], 3), uses.left(DAY, ["address"], 3)) == (2, 2)


def test_nobody_is_counted_when_one_has_none_left(uses: Uses) -> None:
    for _ in range(3):
        uses.take(DAY, ["zoe"], 3)
    assert uses.take(DAY, ["ann", "zoe"], 3) == UseRefused()
    assert (uses.left(DAY, ["ann"], 3), uses.left(DAY, ["zoe"], 3)) == (3, 0)


def test_the_fewest_left_count(uses: Uses) -> None:
    uses.take(DAY, ["address"], 3)
    assert uses.left(DAY, ["new cookie", "address"], 3) == 2
    assert uses.take(DAY, ["new cookie", "address"], 3) == UseCounted(1)


def test_one_who_is_named_twice_is_counted_once(uses: Uses) -> None:
    assert uses.take(DAY, ["ann", "ann"], 3) == UseCounted(2)


def test_another_day_begins_anew(uses: Uses) -> None:
    uses.take(DAY, ["ann"], 1)
    assert uses.take(DAY + timedelta(days=1), ["ann"], 1) == UseCounted(0)


def test_a_limit_of_none_grants_nothing(uses: Uses) -> None:
    assert uses.take(DAY, ["ann"], 0) == UseRefused()
    assert uses.left(DAY, ["ann"], 0) == 0


def test_a_lower_limit_leaves_nothing_below_none(uses: Uses) -> None:
    for _ in range(3):
        uses.take(DAY, ["ann"], 3)
    assert uses.left(DAY, ["ann"], 1) == 0


def test_a_use_is_given_back_but_never_more_than_were_taken(uses: Uses) -> None:
    uses.take(DAY, ["ann"], 3)
    uses.give_back(DAY, ["ann", "bob"])
    uses.give_back(DAY, ["ann", "bob"])
    assert (uses.left(DAY, ["ann"], 3), uses.left(DAY, ["bob"], 3)) == (3, 3)


def test_days_before_are_forgotten(uses: Uses) -> None:
    for days in range(3):
        uses.take(DAY + timedelta(days=days), ["ann", "bob"], 3)
    assert uses.forget_before(DAY + timedelta(days=2)) == 4
    assert uses.left(DAY + timedelta(days=2), ["ann"], 3) == 2


def test_the_limit_holds_with_many_at_once(url: str, run_together: RunTogether) -> None:
    # Half name themselves in the other order, which must not make them wait for one another.
    identities = [["cookie", "address"], ["address", "cookie"]] * 6
    granted = run_together(concurrent_calls.take, *((url, each, 20, 100) for each in identities))
    assert sum(granted) == 100


def test_an_address_limits_all_its_cookies_at_once(
    url: str, run_together: RunTogether, database: Database
) -> None:
    identities = [[f"cookie {number}", "address"] for number in range(12)]
    granted = run_together(concurrent_calls.take, *((url, each, 10, 30) for each in identities))
    counted = [30 - Uses(database).left(DAY, [f"cookie {number}"], 30) for number in range(12)]
    assert (sum(granted), counted) == (30, granted)
