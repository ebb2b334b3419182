from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imagetoprompt.cli.keys_command import keys
from imagetoprompt.web.server_errors import ConflictError, GoneError

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMAGETOPROMPT_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(keys, arguments)


def test_a_secret_is_shown_once_and_kept_nowhere(data: Path) -> None:
    made = run("add", "Anna")
    secret = made.stdout.strip()
    assert secret.startswith("itp_")
    assert "not shown again" in made.stderr
    assert run("list").stdout.endswith("  Anna\n")
    kept = b"".join(path.read_bytes() for path in data.iterdir())
    assert secret.encode() not in kept
    assert b"Anna" in kept


def test_the_server_knows_it_until_it_is_revoked(data: Path) -> None:
    from imagetoprompt.web.db.api_keys import Keys  # noqa: PLC0415 - needs the extra [web]
    from imagetoprompt.web.db.database import Database  # noqa: PLC0415 - needs the extra [web]

    secret = run("add", "Anna").stdout.strip()
    database = Database(f"sqlite:///{data}/imagetoprompt.db")
    known = Keys(database)
    assert known.name_of(secret) == "Anna"
    assert run("revoke", "Anna").exit_code == 0
    assert known.name_of(secret) is None
    database.close()
    assert run("list").output == ""


def test_names_are_ones_own() -> None:
    assert run("add", "Anna").exit_code == 0
    assert isinstance(run("add", "Anna").exception, ConflictError)
    assert isinstance(run("revoke", "Ben").exception, GoneError)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "two\nlines"])
def test_a_name_is_a_few_words(name: str) -> None:
    assert run("add", name).exit_code == 2
