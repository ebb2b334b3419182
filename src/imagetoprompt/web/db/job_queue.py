"""The queue of transform jobs: visitors submit jobs, and workers of any process claim them.

A worker holds a job by a lease that it keeps renewing; when the worker dies, the lease runs out and
the job is queued again.
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
NewJob: TypeAlias = Literal["go on", "cancel", "not yours"]
Condition: TypeAlias = Any

LOST: Final = "The server stopped while it worked on this, more than once: please try again."
ROW: Final = JOBS.c


@dataclass(frozen=True)
class Job:
    """A job as it stands.

    kind: what is to be done. picture: the id of the one it is done to. order: everything else that
    was asked for. preview: name of a file, or "". result: id of the picture that was made, or "".
    outcome: what is to be told of it. error: why it has none. cancelling: the worker was asked to
    stop. version grows with every change.
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
        """Whether nothing will change any more."""
        return self.state not in ("queued", "running")


@dataclass(frozen=True)
class JobProgress:
    """How far a running job is. preview: name of a file; "" leaves the one there is."""

    step: int
    total: int
    phase: str
    preview: str = ""


NEW: Final[Mapping[str, Any]] = {
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
RESTARTED: Final[Mapping[str, Any]] = {
    "state": "queued",
    "worker": "",
    "lease": None,
    "started": None,
    "step": 0,
    "phase": "",
    "preview": "",
}
"""What becomes of a running job that is to be done again. It has kept its place in the line."""


class JobQueue:
    """All jobs. lifetime: how long one is kept after its last great change."""

    def __init__(self, database: Database, lifetime: timedelta = ONE_DAY) -> None:
        self._database, self._lifetime = database, lifetime

    # What visitors do.

    def submit(
        self, visitor: str, kind: str, picture: str, order: Mapping[str, Any], *, key: str = ""
    ) -> Job:
        """Put a job at the end of the line.

        The same key of the same visitor gives the same job again; ConflictError when it was given
        for something else.
        """
        return self.put(visitor, kind, picture, order, key=key)[0]

    def put(
        self, visitor: str, kind: str, picture: str, order: Mapping[str, Any], *, key: str = ""
    ) -> tuple[Job, bool]:
        """The same as `submit`, and whether the job is a new one."""
        asked = {"kind": kind, "picture": picture, "order": json.loads(json.dumps(order))}
        now = self._database.now()
        times = {"created": now, "expires": now + self._lifetime}
        row = {**NEW, **asked, **times, "id": new_id(), "visitor": visitor, "key": key or None}
        with self._database.writing() as connection:
            self._free(connection, visitor, key)
            made = self._database.insert(JOBS).values(row).on_conflict_do_nothing().returning(JOBS)
            fresh = connection.execute(made).mappings().first()
            job = _job(fresh or self._by_key(connection, visitor, key))
        if {name: getattr(job, name) for name in asked} != asked:
            raise ConflictError(
                f"The key '{key}' was given for another job before: give each job its own key."
            )
        return job, fresh is not None

    def cancel(self, job: str, visitor: str) -> Job | None:
        """Cancel a job that waits; ask the worker of one that runs to stop.

        None when the visitor has no such job. One that is over stays as it is.
        """
        own = (ROW.id == job, ROW.visitor == visitor, self._lives)
        with self._database.writing() as connection:
            self._end(connection, (*own, ROW.state == "queued"), "cancelled")
            running = (*own, ROW.state == "running", ROW.cancelling.is_(False))
            self._change(connection, running, cancelling=True)
            return self._first(connection, *own)

    def get(self, job: str) -> Job | None:
        """The job of that id; None when there is none, or it has expired."""
        with self._database.reading() as connection:
            return self._first(connection, ROW.id == job)

    def by_key(self, visitor: str, key: str) -> Job | None:
        """The job that the visitor submitted with the key; None when there is none any more."""
        with self._database.reading() as connection:
            return self._first(connection, ROW.visitor == visitor, ROW.key == key)

    def of_visitor(self, visitor: str, limit: int) -> tuple[Job, ...]:
        """The visitor's latest jobs, the newest first."""
        found = select(JOBS).where(ROW.visitor == visitor, self._lives)
        latest = found.order_by(ROW.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(_job(row) for row in connection.execute(latest).mappings())

    def waiting(self) -> int:
        """How many jobs wait in the line."""
        return self._count(*self._waits)

    def position(self, job: str) -> int:
        """Which one in the line it is, 1 the next; 0 when it does not wait."""
        own = select(ROW.number).where(ROW.id == job, *self._waits).scalar_subquery()
        return self._count(*self._waits, own >= ROW.number)

    # What workers do. A worker's name is its own: of one process, from its start to its end.

    def claim(self, worker: str, lease_seconds: float) -> Job | None:
        """Take the oldest job that waits; None when none does. No other worker gets it."""
        waiting = select(ROW.number).where(*self._waits).order_by(ROW.number).limit(1)
        # Where several write at once, each passes over what another is just taking.
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
            taken = self._change(connection, (ROW.number == first,), **values)
        return taken[0] if taken else None

    def progress(self, job: str, worker: str, reached: JobProgress) -> NewJob:
        """Tell how far the job is and renew its lease; whether the worker is to go on."""
        held = _held(job, worker)
        told = {name: value for name, value in asdict(reached).items() if name != "preview"}
        if reached.preview:
            told["preview"] = reached.preview
        with self._database.writing() as connection:
            found = select(JOBS).where(*held).with_for_update()
            row = connection.execute(found).mappings().first()
            if row is None:
                return "not yours"
            # A mere heartbeat changes nothing that anybody watches.
            if any(row[name] != value for name, value in told.items()):
                told["version"] = row["version"] + 1
            told["lease"] = self._database.now() + timedelta(seconds=row["lease_seconds"])
            connection.execute(update(JOBS).where(*held).values(told))
        return "cancel" if row["cancelling"] else "go on"

    def finish(self, job: str, worker: str, result: str, outcome: Mapping[str, Any]) -> bool:
        """The job is done; False, and nothing changes, when the worker no longer holds it."""
        return self._over(job, worker, "done", result=result, outcome=dict(outcome))

    def fail(self, job: str, worker: str, sentence: str) -> bool:
        """The job cannot be done, and why; False when the worker no longer holds it."""
        # PostgreSQL takes any character but this one.
        return self._over(job, worker, "failed", error=sentence.replace("\0", ""))

    def cancelled(self, job: str, worker: str) -> bool:
        """The worker stopped as it was asked to; False when it no longer holds the job."""
        return self._over(job, worker, "cancelled")

    def again(self, job: str, worker: str) -> bool:
        """Put the job back into the line, its attempt counted; False when it is not the worker's.

        For a job whose process died under it, so that it has one more chance elsewhere.
        """
        with self._database.writing() as connection:
            return bool(self._back(connection, _held(job, worker)))

    def release(self, worker: str) -> tuple[Job, ...]:
        """Give back what the worker holds, as when it is told to end: others do it instead."""
        held = (ROW.state == "running", ROW.worker == worker)
        with self._database.writing() as connection:
            return self._back(connection, held, attempts=ROW.attempts - 1)

    # What is done from time to time, by any process.

    def reap(self, max_attempts: int = 2) -> tuple[Job, ...]:
        """Take jobs from workers that do not answer; every job that changed, as it is now.

        They wait again; those that took a worker with them `max_attempts` times are lost.
        """
        silent = (ROW.state == "running", ROW.lease <= self._database.now())
        found = select(ROW.number).where(*silent).with_for_update(skip_locked=True)
        with self._database.writing() as connection:
            # Those that another process takes just now are passed over.
            taken = (ROW.state == "running", ROW.number.in_(connection.scalars(found).all()))
            tried = (*taken, ROW.attempts >= max_attempts, ROW.cancelling.is_(False))
            lost = self._end(connection, tried, "lost", error=LOST)
            return (*lost, *self._back(connection, taken))

    def expired(self, limit: int = BATCH_SIZE) -> tuple[str, ...]:
        """Ids of jobs whose time is over: delete their files, then forget them."""
        over = (ROW.expires <= self._database.now(), ROW.state != "running")
        found = select(ROW.id).where(*over).order_by(ROW.expires).limit(limit)
        with self._database.reading() as connection:
            return tuple(connection.scalars(found))

    def forget(self, jobs: Iterable[str]) -> int:
        """Delete the rows; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(JOBS).where(ROW.id.in_(list(jobs)))).rowcount

    @property
    def _waits(self) -> tuple[Condition, ...]:
        return (ROW.state == "queued", ROW.expires > self._database.now())

    @property
    def _lives(self) -> Condition:
        return or_(ROW.state == "running", ROW.expires > self._database.now())

    def _count(self, *where: Condition) -> int:
        with self._database.reading() as connection:
            counted = select(func.count()).select_from(JOBS).where(*where)
            return int(connection.scalar(counted) or 0)

    def _first(self, connection: Connection, *where: Condition) -> Job | None:
        found = select(JOBS).where(*where, self._lives)
        row = connection.execute(found).mappings().first()
        return None if row is None else _job(row)

    def _free(self, connection: Connection, visitor: str, key: str) -> None:
        """Let a key be given again when the job that had it has expired."""
        expired = (ROW.expires <= self._database.now(), ROW.state != "running")
        if key:
            same = (ROW.visitor == visitor, ROW.key == key)
            connection.execute(delete(JOBS).where(*same, *expired))

    def _by_key(self, connection: Connection, visitor: str, key: str) -> RowMapping:
        found = select(JOBS).where(ROW.visitor == visitor, ROW.key == key)
        return connection.execute(found).mappings().one()

    def _over(self, job: str, worker: str, state: State, **values: object) -> bool:
        with self._database.writing() as connection:
            return bool(self._end(connection, _held(job, worker), state, **values))

    def _end(
        self, connection: Connection, where: Iterable[Condition], state: State, **values: object
    ) -> tuple[Job, ...]:
        now = self._database.now()
        ended = {"state": state, "finished": now, "expires": now + self._lifetime, "lease": None}
        return self._change(connection, where, **ended, **values)

    def _back(
        self, connection: Connection, where: Iterable[Condition], **values: object
    ) -> tuple[Job, ...]:
        """Let jobs that ran wait again, but for those that were to stop: they have."""
        stopped = self._end(connection, (*where, ROW.cancelling.is_(True)), "cancelled")
        return (*stopped, *self._change(connection, where, **RESTARTED, **values))

    def _change(
        self, connection: Connection, where: Iterable[Condition], **values: object
    ) -> tuple[Job, ...]:
        changed = update(JOBS).where(*where).values(version=ROW.version + 1, **values)
        rows = connection.execute(changed.returning(JOBS)).mappings()
        return tuple(_job(row) for row in rows)


def _held(job: str, worker: str) -> tuple[Condition, ...]:
    return (ROW.id == job, ROW.worker == worker, ROW.state == "running")


def _job(row: RowMapping) -> Job:
    return Job(**{each.name: row[each.name] for each in fields(Job)})
