import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.db.clock_and_pools import Clock, RunTogether

if TYPE_CHECKING:
    from imagetoprompt.web.db.database import Database
    from imagetoprompt.web.db.job_queue import JobQueue

KINDS = ("sqlite", "postgresql")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def run_together() -> Iterator[RunTogether]:
    from tests.web.db import concurrent_calls  # noqa: PLC0415 - needs the extra [web]

    spawn = get_context("spawn")
    with ThreadPoolExecutor(8) as threads, ProcessPoolExecutor(4, spawn) as processes:
        list(processes.map(concurrent_calls.ready, range(16)))
        yield RunTogether(threads, processes)


@pytest.fixture(scope="session")
def fresh() -> Iterator[Callable[[], str]]:
    """Makes an empty database on a PostgreSQL of our own and gives its URL."""
    pytest.importorskip("psycopg", reason="needs the extra [postgres]")
    from tests.web.db import postgresql  # noqa: PLC0415 - needs psycopg

    tools = postgresql.tools()
    if tools is None:
        pytest.skip("needs PostgreSQL: there is no initdb on this machine")
    numbers = count()
    with postgresql.server(tools) as folder:
        yield lambda: postgresql.database(folder, f"fresh_{next(numbers)}")


@pytest.fixture(scope="session")
def shared(fresh: Callable[[], str]) -> str:
    """The URL of a prepared PostgreSQL database that one test after the other uses."""
    from tests.web.db import concurrent_calls  # noqa: PLC0415 - needs the extra [web]

    url = fresh()
    concurrent_calls.prepare(url)
    return url


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a prepared SQLite database."""
    from tests.web.db import concurrent_calls  # noqa: PLC0415 - needs the extra [web]

    place = tmp_path_factory.mktemp("pattern") / "state.db"
    concurrent_calls.prepare(f"sqlite:///{place}")
    return place


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    return str(request.getfixturevalue("fresh")())


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a prepared database without rows."""
    from tests.web.db import concurrent_calls  # noqa: PLC0415 - needs the extra [web]

    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("pattern"), tmp_path)
        return f"sqlite:///{copy}"
    url = str(request.getfixturevalue("shared"))
    concurrent_calls.clear(url)
    return url


@pytest.fixture
def database(url: str, clock: Clock) -> Iterator["Database"]:
    from imagetoprompt.web.db.database import Database  # noqa: PLC0415 - needs the extra [web]

    database = Database(url, clock)
    yield database
    database.close()


@pytest.fixture
def jobs(database: "Database") -> "JobQueue":
    from imagetoprompt.web.db.job_queue import JobQueue  # noqa: PLC0415 - needs the extra [web]

    return JobQueue(database)
