"""The queue of transform jobs: visitors submit jobs, and workers of any process claim them.

A worker holds a job by a lease that it renews; when the worker dies, the lease runs out and the job
is queued again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection, RowMapping

from imagetoprompt.web.db.database import Database, new_id
from imagetoprompt.web.db.pictures import BATCH_SIZE, ONE_DAY
from imagetoprompt.web.db.tables import JOBS
from imagetoprompt.web.server_errors import ConflictError

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled", "lost"]
WorkerAction: TypeAlias = Literal["go on", "cancel", "not yours"]
Condition: TypeAlias = Any

LOST_MESSAGE: Final = "The server stopped during this job, more than once: please try again."
ROW: Final = JOBS.c


@dataclass(frozen=True)
class Job:
    """A row of the queue.

    kind: what to do. picture: the id of the picture to do it to. order: the rest of the request.
    cancelling: the worker was asked to stop. preview: name of a file, or "". result: id of the
    picture that was made, or "". outcome: seed, facts and comparison of the result. error: why
    there is none. attempts: how often it was started. version: grows with every visible change.
    """

    id: str
    visitor: str
    kind: str
    picture: str
    order: Mapping[str, Any] = field(hash=False)
    state: State
    cancelling: bool
    step: int
    total: int
    phase: str
    preview: str
    result: str
    outcome: Mapping[str, Any] = field(hash=False)
    error: str
    attempts: int
    version: int
    created: datetime
    started: datetime | None
    finished: datetime | None
    expires: datetime

    @property
    def over(self) -> bool:
        """Whether the job has ended."""
        return self.state not in ("queued", "running")


@dataclass(frozen=True)
class JobProgress:
    """How far a running job is. preview: name of a file; "" keeps the previous one."""

    step: int
    total: int
    phase: str
    preview: str = ""


NEW_JOB_VALUES: Final[Mapping[str, Any]] = {
    "state": "queued",
    "cancelling": False,
    "step": 0,
    "total": 0,
    "phase": "",
    "preview": "",
    "result": "",
    "outcome": {},
    "error": "",
    "attempts": 0,
    "version": 1,
    "worker": "",
    "lease_seconds": 0.0,
}
REQUEUED_VALUES: Final[Mapping[str, Any]] = {
    "state": "queued",
    "worker": "",
    "lease": None,
    "started": None,
    "step": 0,
    "phase": "",
    "preview": "",
}
"""Values of a job that goes back to the queue; it keeps its place there."""


class JobQueue:
    """All jobs. lifetime: how long a job is kept after it was submitted, and after it ended."""

    def __init__(self, database: Database, lifetime: timedelta = ONE_DAY) -> None:
        self._database, self._lifetime = database, lifetime

    # For visitors.

    def submit(
        self, visitor: str, kind: str, picture: str, order: Mapping[str, Any], *, key: str = ""
    ) -> Job:
        """Put a job at the end of the queue.

        key: idempotency key. The same key of the same visitor returns the same job; ConflictError
        if it was used for a different one.
        """
        return self.put(visitor, kind, picture, order, key=key)[0]

    def put(
        self, visitor: str, kind: str, picture: str, order: Mapping[str, Any], *, key: str = ""
    ) -> tuple[Job, bool]:
        """The same as `submit`, and whether the job is new."""
        request = {"kind": kind, "picture": picture, "order": json.loads(json.dumps(order))}
        now = self._database.now()
        times = {"created": now, "expires": now + self._lifetime}
        row = {
            **NEW_JOB_VALUES,
            **request,
            **times,
            "id": new_id(),
            "visitor": visitor,
            "key": key or None,
        }
        with self._database.writing() as connection:
            self._delete_expired_key(connection, visitor, key)
            statement = (
                self._database.insert(JOBS).values(row).on_conflict_do_nothing().returning(JOBS)
            )
            new_row = connection.execute(statement).mappings().first()
            job = _job(new_row or self._by_key(connection, visitor, key))
        if {name: getattr(job, name) for name in request} != request:
            raise ConflictError(
                f"The key '{key}' was used for another job: use a new key for each job."
            )
        return job, new_row is not None

    def cancel(self, job: str, visitor: str) -> Job | None:
        """Cancel a queued job; ask the worker of a running one to stop.

        None if the visitor has no such job. A job that has ended is returned unchanged.
        """
        own = (ROW.id == job, ROW.visitor == visitor, self._unexpired)
        with self._database.writing() as connection:
            self._end(connection, (*own, ROW.state == "queued"), "cancelled")
            running = (*own, ROW.state == "running", ROW.cancelling.is_(False))
            self._change(connection, running, cancelling=True)
            return self._first(connection, *own)

    def get(self, job: str) -> Job | None:
        """The job of that id; None if there is none or it has expired."""
        with self._database.reading() as connection:
            return self._first(connection, ROW.id == job)

    def by_key(self, visitor: str, key: str) -> Job | None:
        """The job that the visitor submitted with the key; None if there is none."""
        with self._database.reading() as connection:
            return self._first(connection, ROW.visitor == visitor, ROW.key == key)

    def of_visitor(self, visitor: str, limit: int) -> tuple[Job, ...]:
        """The visitor's latest jobs, newest first."""
        query = select(JOBS).where(ROW.visitor == visitor, self._unexpired)
        latest = query.order_by(ROW.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(_job(row) for row in connection.execute(latest).mappings())

    def waiting(self) -> int:
        """How many jobs are queued."""
        return self._count(*self._is_queued)

    def position(self, job: str) -> int:
        """The job's position in the queue, 1 for the next; 0 if it is not queued."""
        own = select(ROW.number).where(ROW.id == job, *self._is_queued).scalar_subquery()
        return self._count(*self._is_queued, own >= ROW.number)

    # For workers. A worker's name is unique, from its start to its end.

    def claim(self, worker: str, lease_seconds: float) -> Job | None:
        """Claim the oldest queued job, which no other worker gets; None if the queue is empty."""
        waiting = select(ROW.number).where(*self._is_queued).order_by(ROW.number).limit(1)
        # On PostgreSQL several workers claim at once: each skips rows that another has locked.
        first = waiting.with_for_update(skip_locked=True).scalar_subquery()
        now = self._database.now()
        values = {
            "state": "running",
            "worker": worker,
            "lease": now + timedelta(seconds=lease_seconds),
            "lease_seconds": lease_seconds,
            "started": now,
            "attempts": ROW.attempts + 1,
        }
        with self._database.writing() as connection:
            claimed = self._change(connection, (ROW.number == first,), **values)
        return claimed[0] if claimed else None

    def progress(self, job: str, worker: str, reached: JobProgress) -> WorkerAction:
        """Record the progress and renew the lease; returns what the worker has to do."""
        held = _held(job, worker)
        values = {name: value for name, value in asdict(reached).items() if name != "preview"}
        if reached.preview:
            values["preview"] = reached.preview
        with self._database.writing() as connection:
            query = select(JOBS).where(*held).with_for_update()
            row = connection.execute(query).mappings().first()
            if row is None:
                return "not yours"
            # A mere heartbeat changes nothing that a client could see.
            if any(row[name] != value for name, value in values.items()):
                values["version"] = row["version"] + 1
            values["lease"] = self._database.now() + timedelta(seconds=row["lease_seconds"])
            connection.execute(update(JOBS).where(*held).values(values))
        return "cancel" if row["cancelling"] else "go on"

    def finish(self, job: str, worker: str, result: str, outcome: Mapping[str, Any]) -> bool:
        """Mark the job as done; False, and no change, if the worker no longer holds it."""
        return self._finish(job, worker, "done", result=result, outcome=dict(outcome))

    def fail(self, job: str, worker: str, message: str) -> bool:
        """Mark the job as failed; False if the worker no longer holds it."""
        # PostgreSQL accepts any character but this one.
        return self._finish(job, worker, "failed", error=message.replace("\0", ""))

    def cancelled(self, job: str, worker: str) -> bool:
        """Mark the job as cancelled; False if the worker no longer holds it."""
        return self._finish(job, worker, "cancelled")

    def requeue(self, job: str, worker: str) -> bool:
        """Queue the job again after its process died; False if the worker no longer holds it.

        The attempt counts, unlike with `release`.
        """
        with self._database.writing() as connection:
            return bool(self._requeue(connection, _held(job, worker)))

    def release(self, worker: str) -> tuple[Job, ...]:
        """Queue the worker's jobs again when it shuts down; the attempt does not count."""
        held = (ROW.state == "running", ROW.worker == worker)
        with self._database.writing() as connection:
            return self._requeue(connection, held, attempts=ROW.attempts - 1)

    # Maintenance, by any process.

    def reap(self, max_attempts: int = 2) -> tuple[Job, ...]:
        """Take jobs from workers whose lease ran out; returns the jobs that changed.

        They are queued again, or lost after `max_attempts` attempts.
        """
        expired = (ROW.state == "running", ROW.lease <= self._database.now())
        query = select(ROW.number).where(*expired).with_for_update(skip_locked=True)
        with self._database.writing() as connection:
            # Rows that another process has locked are skipped.
            taken = (ROW.state == "running", ROW.number.in_(connection.scalars(query).all()))
            exhausted = (*taken, ROW.attempts >= max_attempts, ROW.cancelling.is_(False))
            lost = self._end(connection, exhausted, "lost", error=LOST_MESSAGE)
            return (*lost, *self._requeue(connection, taken))

    def expired(self, limit: int = BATCH_SIZE) -> tuple[str, ...]:
        """Ids of expired jobs, the oldest first. Delete their files, then the rows."""
        expired = (ROW.expires <= self._database.now(), ROW.state != "running")
        query = select(ROW.id).where(*expired).order_by(ROW.expires).limit(limit)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def delete(self, jobs: Iterable[str]) -> int:
        """Delete the rows; returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(JOBS).where(ROW.id.in_(list(jobs)))).rowcount

    @property
    def _is_queued(self) -> tuple[Condition, ...]:
        return (ROW.state == "queued", ROW.expires > self._database.now())

    @property
    def _unexpired(self) -> Condition:
        return or_(ROW.state == "running", ROW.expires > self._database.now())

    def _count(self, *where: Condition) -> int:
        with self._database.reading() as connection:
            count = select(func.count()).select_from(JOBS).where(*where)
            return int(connection.scalar(count) or 0)

    def _first(self, connection: Connection, *where: Condition) -> Job | None:
        query = select(JOBS).where(*where, self._unexpired)
        row = connection.execute(query).mappings().first()
        return None if row is None else _job(row)

    def _delete_expired_key(self, connection: Connection, visitor: str, key: str) -> None:
        """Delete the expired job of a key, so that the key can be used again."""
        expired = (ROW.expires <= self._database.now(), ROW.state != "running")
        if key:
            same = (ROW.visitor == visitor, ROW.key == key)
            connection.execute(delete(JOBS).where(*same, *expired))

    def _by_key(self, connection: Connection, visitor: str, key: str) -> RowMapping:
        query = select(JOBS).where(ROW.visitor == visitor, ROW.key == key)
        return connection.execute(query).mappings().one()

    def _finish(self, job: str, worker: str, state: State, **values: object) -> bool:
        with self._database.writing() as connection:
            return bool(self._end(connection, _held(job, worker), state, **values))

    def _end(
        self, connection: Connection, where: Iterable[Condition], state: State, **values: object
    ) -> tuple[Job, ...]:
        now = self._database.now()
        ended = {"state": state, "finished": now, "expires": now + self._lifetime, "lease": None}
        return self._change(connection, where, **ended, **values)

    def _requeue(
        self, connection: Connection, where: Iterable[Condition], **values: object
    ) -> tuple[Job, ...]:
        """Queue running jobs again, and cancel those that were asked to stop."""
        stopped = self._end(connection, (*where, ROW.cancelling.is_(True)), "cancelled")
        return (*stopped, *self._change(connection, where, **REQUEUED_VALUES, **values))

    def _change(
        self, connection: Connection, where: Iterable[Condition], **values: object
    ) -> tuple[Job, ...]:
        statement = update(JOBS).where(*where).values(version=ROW.version + 1, **values)
        rows = connection.execute(statement.returning(JOBS)).mappings()
        return tuple(_job(row) for row in rows)


def _held(job: str, worker: str) -> tuple[Condition, ...]:
    return (ROW.id == job, ROW.worker == worker, ROW.state == "running")


def _job(row: RowMapping) -> Job:
    return Job(**{column.name: row[column.name] for column in fields(Job)})
