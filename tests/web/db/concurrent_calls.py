"""What the tests let several threads or processes do at once."""

from datetime import date

from tests.web.db.clock_and_pools import Clock

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.db.quota_ledger import Salts, UseCounted, Uses
from imagetoprompt.web.db.tables import METADATA

DAY = date(2026, 3, 1)


def ready(_: int) -> bool:
    """Whether this process is up, with everything imported."""
    return True


def clear(url: str) -> None:
    """Delete every row."""
    database = Database(url)
    with database.writing() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())
    database.close()


def prepare(url: str) -> bool:
    """Bring the database to this release."""
    database = Database(url)
    database.prepare()
    alive = database.alive()
    database.close()
    return alive


def take(url: str, identities: list[str], times: int, limit: int) -> int:
    """Take so many uses; how many were granted."""
    database = Database(url)
    uses = Uses(database)
    granted = sum(isinstance(uses.take(DAY, identities, limit), UseCounted) for _ in range(times))
    database.close()
    return granted


def claim(url: str, worker: str) -> list[str]:
    """Take jobs until none waits; the ids of those that were got."""
    database = Database(url, Clock())
    jobs, got = JobQueue(database), []
    while job := jobs.claim(worker, lease_seconds=60):
        got.append(job.id)
        if not jobs.finish(job.id, worker, "", {}):
            got.append("taken from under it")
    database.close()
    return got


def submit(url: str, key: str) -> str:
    """Put in the one job of that key; its id."""
    database = Database(url)
    job = JobQueue(database).submit("visitor", "transform", "picture", {"strength": 0.5}, key=key)
    database.close()
    return job.id


def secrets(url: str) -> tuple[bytes, bytes]:
    """The salt of a day and the secret that signs."""
    database = Database(url)
    salts = Salts(database)
    found = salts.of(DAY), salts.signing()
    database.close()
    return found
