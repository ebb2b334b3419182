import pytest

from imagetoprompt.web.middleware.identity import CookieSigner, client_address, new_visitor_id

SIGNER = CookieSigner("secret")


def test_a_cookie_is_read_back() -> None:
    assert SIGNER.visitor(SIGNER.cookie("ada")) == "ada"


@pytest.mark.parametrize(
    "cookie", ["", "ada", "ada.signature", CookieSigner("another").cookie("ada")]
)
def test_a_cookie_that_nobody_here_signed_is_nobodys(cookie: str) -> None:
    assert SIGNER.visitor(cookie) == ""


def test_a_form_is_its_visitors_own() -> None:
    token = SIGNER.token("ada")

    assert SIGNER.owns("ada", token)
    assert not SIGNER.owns("bob", token)
    assert not SIGNER.owns("ada", "")
    # A cookie is signed with the same secret, and is no token.
    assert not SIGNER.owns("ada", SIGNER.cookie("ada"))


def test_strangers_differ() -> None:
    assert new_visitor_id() != new_visitor_id()


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "seen"),
    [
        ("9.9.9.9", "1.1.1.1", (), "9.9.9.9"),
        ("10.0.0.1", "1.1.1.1", ("10.0.0.1",), "1.1.1.1"),
        ("10.0.0.1", "6.6.6.6, 1.1.1.1", ("10.0.0.1",), "1.1.1.1"),
        ("10.0.0.1", "1.1.1.1, 10.0.0.2", ("10.0.0.0/8",), "1.1.1.1"),
        ("10.0.0.1", "", ("10.0.0.1",), "10.0.0.1"),
        ("10.0.0.1", "nonsense", ("10.0.0.1",), "10.0.0.1"),
        ("9.9.9.9", "1.1.1.1", ("10.0.0.1",), "9.9.9.9"),
        ("::1", "2001:db8::7", ("::1",), "2001:db8::7"),
        ("10.0.0.1", "1.1.1.1:4711", ("10.0.0.1",), "1.1.1.1"),
        ("10.0.0.1", "6.6.6.6:1, 1.1.1.1:2, 10.0.0.2:3", ("10.0.0.0/8",), "1.1.1.1"),
        ("10.0.0.1", "[2001:db8::7]:443", ("10.0.0.1",), "2001:db8::7"),
        ("10.0.0.1", '"[2001:db8::7]"', ("10.0.0.1",), "2001:db8::7"),
        ("10.0.0.1", "1.1.1.1:port", ("10.0.0.1",), "10.0.0.1"),
    ],
)
def test_the_address_is_the_last_that_no_trusted_proxy_has(
    peer: str, forwarded: str, trusted: tuple[str, ...], seen: str
) -> None:
    assert client_address(peer, {"x-forwarded-for": forwarded}, trusted) == seen
