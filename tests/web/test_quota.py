from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imagetoprompt.errors import HeavyError, ImageToPromptError, LateError, NotAPictureError
from imagetoprompt.web.config import UNLIMITED
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.server_errors import QuotaError
from imagetoprompt.web.services.quota import Allowance, Quota

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA = Visitor("ada", "192.0.2.1")


class Hands:
    """A clock that is set by hand."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def database(tmp_path: Path, clock: Hands) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'state.db'}", clock)
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def quota(database: Database) -> Quota:
    return Quota(database, 2)


def use(quota: Quota, visitor: Visitor, times: int = 1) -> None:
    for _ in range(times):
        with quota.use(visitor):
            pass


def test_uses_are_counted_down(quota: Quota) -> None:
    use(quota, ADA)

    assert quota.allowance(ADA) == Allowance(left=1, limit=2, seconds=12 * 3600)


def test_when_none_is_left_the_refusal_says_when_there_are_more(quota: Quota) -> None:
    use(quota, ADA, 2)

    with pytest.raises(QuotaError, match="midnight UTC") as caught:
        use(quota, ADA)
    assert caught.value.seconds == 12 * 3600


def test_what_fails_costs_nothing(quota: Quota) -> None:
    with pytest.raises(NotAPictureError), quota.use(ADA):
        raise NotAPictureError("This is no picture: give one.")

    assert quota.allowance(ADA) == Allowance(left=2, limit=2, seconds=12 * 3600)


def test_a_defect_of_the_server_costs_nothing(quota: Quota) -> None:
    with pytest.raises(OverflowError), quota.use(ADA):
        raise OverflowError

    assert quota.allowance(ADA) == Allowance(left=2, limit=2, seconds=12 * 3600)


@pytest.mark.parametrize("error", [LateError.after(30), HeavyError("Give it less to do.")])
def test_what_fails_after_taking_all_that_it_may_costs_a_use(
    quota: Quota, error: ImageToPromptError
) -> None:
    with pytest.raises(type(error)), quota.use(ADA):
        raise error

    assert quota.allowance(ADA) == Allowance(left=1, limit=2, seconds=12 * 3600)


@pytest.mark.parametrize(
    "other",
    [
        Visitor("another", ADA.address),
        Visitor(ADA.id, "198.51.100.7"),
        Visitor("new", ADA.address, fresh=True),
    ],
)
def test_the_cookie_and_the_address_both_count(quota: Quota, other: Visitor) -> None:
    use(quota, ADA, 2)

    with pytest.raises(QuotaError):
        use(quota, other)


def test_there_are_more_on_the_next_day(quota: Quota, clock: Hands) -> None:
    use(quota, ADA, 2)
    clock.now = datetime(2026, 5, 5, 0, 0, 1, tzinfo=UTC)

    use(quota, ADA)


def test_a_key_and_a_server_without_limit_count_nothing(database: Database, quota: Quota) -> None:
    use(quota, Visitor("key:ci", ADA.address, key="ci"), 5)
    use(Quota(database, UNLIMITED), ADA, 5)

    assert quota.allowance(ADA) == Allowance(left=2, limit=2, seconds=12 * 3600)
    assert Quota(database, UNLIMITED).allowance(ADA) is None


def test_what_a_job_cost_is_given_back_once(quota: Quota) -> None:
    use(quota, ADA, 2)
    quota.record_payment("job", ADA)

    for _ in range(2):
        quota.refund("job")

    assert quota.allowance(ADA) == Allowance(left=1, limit=2, seconds=12 * 3600)


def test_a_job_that_cost_nothing_has_nothing_to_give_back(quota: Quota) -> None:
    use(quota, ADA)
    quota.record_payment("job", Visitor("key:ci", ADA.address, key="ci"))

    quota.refund("job")

    assert quota.allowance(ADA) == Allowance(left=1, limit=2, seconds=12 * 3600)


def test_the_networks_of_an_ipv6_customer_share_a_wider_limit(quota: Quota) -> None:
    for network in range(4):
        for number in range(2):
            use(quota, Visitor(f"{network} {number}", f"2001:db8:0:{network:x}::{number}"))

    with pytest.raises(QuotaError):
        use(quota, Visitor("new", "2001:db8:0:ff::1", fresh=True))
    use(quota, Visitor("new", "2001:db8:0:100::1", fresh=True))
