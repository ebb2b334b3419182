import pytest

from imagetoprompt.web.db.quota_ledger import hash_address, hash_visitor

SALT = b"a salt of one day"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8::1", "2001:0DB8:0:0::1"),
        ("203.0.113.7", "::ffff:203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", "testclient"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert hash_address(one, SALT) == hash_address(other, SALT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("203.0.113.7", "203.0.113.8"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8"),
        ("::1", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert hash_address(one, SALT) != hash_address(other, SALT)


def test_another_salt_gives_another_hash() -> None:
    assert hash_address("203.0.113.7", SALT) != hash_address("203.0.113.7", b"the next day's")


def test_a_visitor_is_never_an_address() -> None:
    assert hash_visitor("203.0.113.7", SALT) != hash_address("203.0.113.7", SALT)


def test_a_hash_says_nothing() -> None:
    assert len(hash_visitor("ann", SALT)) == len(hash_visitor("x" * 999, SALT)) == 64
