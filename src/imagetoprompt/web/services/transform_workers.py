"""Painters: threads that take jobs out of the line, have them painted, and file what was made.

A painter holds its job by a lease and renews it while a worker paints; whoever cancels is heard
within a beat.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from secrets import token_hex
from threading import Event, Thread
from time import monotonic
from typing import Final

from imagetoprompt.errors import ImageToPromptError, LostError
from imagetoprompt.runners import Limits, Runner, Stream
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.db.job_queue import Job, JobProgress, JobQueue
from imagetoprompt.web.metrics import JOBS, QUEUED
from imagetoprompt.web.problem_details import sentence
from imagetoprompt.web.server_errors import StateError
from imagetoprompt.web.services.picture_store import PictureStore

LEASE_SECONDS: Final = 20.0
"""Seconds after which a job whose server does not answer is given to another."""
RETRY_SECONDS: Final = 2.0
"""Seconds until the line is asked again after it did not answer."""
POLL_SECONDS: Final = 0.25
"""Seconds between two looks at the line, and at whether a job is still wanted."""
PREVIEW_SECONDS: Final = 0.2
"""Seconds between two previews: the eye wants no more, and each is a file."""
MAX_PREVIEWS: Final = 8
"""Previews of one job that are on file at once: those that somebody may be loading."""
log: Final = logging.getLogger(__name__)

TransformQueue = Callable[[Job], tuple[worker_tasks.TransformTask, bytes]]


@dataclass(frozen=True)
class WorkerContext:
    """What painters need: the line, the pictures, who works, how an order is read.

    refund: gives back what a job cost that comes to nothing.
    """

    jobs: JobQueue
    store: PictureStore
    runner: Runner
    orders: TransformQueue
    limits: Limits
    refund: Callable[[str], None]


class TransformWorkers:
    """As many painters as the runner has workers, from `start` to `stop`."""

    def __init__(self, studio: WorkerContext) -> None:
        self._studio = studio
        self._stopping = Event()
        self._names = [token_hex(8) for _ in range(studio.runner.size)]
        self._threads = [Thread(target=self._serve, args=(name,)) for name in self._names]

    def start(self) -> None:
        """Begin to take jobs."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no more; jobs under way are given back, and done by whoever comes next."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _serve(self, name: str) -> None:
        while not self._stopping.is_set():
            try:
                job = self._studio.jobs.claim(name, LEASE_SECONDS)
            except StateError as error:
                log.warning("The line cannot be read: %s", error)
                self._stopping.wait(RETRY_SECONDS)
                continue
            if job is None:
                self._stopping.wait(POLL_SECONDS)
            else:
                self._sit(job, name)

    def _sit(self, job: Job, name: str) -> None:
        """Paint one job in a thread of its own, so that no defect in it ends the painter."""
        with ThreadPoolExecutor(1) as easel:
            sitting = easel.submit(TransformRun(self._studio, job, name, self._stopping).paint)
            fault = sitting.exception()
        if isinstance(fault, StateError):
            log.warning("The line cannot be read: %s", fault)
        elif fault is not None:
            log.error("A painting stopped on a defect; please report it", exc_info=fault)
        if fault is not None:
            self._stopping.wait(RETRY_SECONDS)


class TransformRun:
    """One job in a painter's hands."""

    def __init__(self, studio: WorkerContext, job: Job, worker: str, stopping: Event) -> None:
        self._studio, self._job, self._worker = studio, job, worker
        self._stopping, self._done = stopping, Event()
        self._reached = JobProgress(0, 0, "waiting")
        self._previews, self._shown = 0, 0.0
        self._verdict = "go on"
        if job.started is not None:
            QUEUED.observe((job.started - job.created).total_seconds())

    def paint(self) -> None:
        """Have it painted, and say how it ended."""
        jobs, job = self._studio.jobs, self._job
        try:
            made = self._made()
        except LostError as error:
            self._retry(error)
        except ImageToPromptError as error:
            self._fail(error)
        else:
            if made is not None:
                self._file(made)
            elif self._verdict == "cancel":
                jobs.cancelled(job.id, self._worker)
                JOBS.labels("cancelled").inc()
            else:
                jobs.release(self._worker)

    def _made(self) -> worker_tasks.TransformResult | None:
        """What was made; None when it was stopped."""
        order, data = self._studio.orders(self._job)
        stream = self._studio.runner.stream(
            worker_tasks.transform_task, order, data, limits=self._studio.limits
        )
        heart = Thread(target=self._beat, args=(stream,))
        heart.start()
        made = None
        try:
            for step in stream:
                if isinstance(step, worker_tasks.TransformResult):
                    made = step
                else:
                    self._note(step)
        finally:
            self._done.set()
            heart.join()
            # Still open when a preview could not be filed.
            stream.close()
        return made

    def _note(self, step: worker_tasks.Step) -> None:
        preview = ""
        if step.preview and monotonic() - self._shown > PREVIEW_SECONDS:
            self._previews, self._shown = self._previews + 1, monotonic()
            preview = f"{self._job.id}.preview-{self._previews % MAX_PREVIEWS}"
            self._studio.store.put(preview, step.preview)
        kept = preview or self._reached.preview
        self._reached = JobProgress(step.step, step.total, step.phase, kept)

    def _beat(self, stream: Stream) -> None:
        """Tell how far it is and hold the lease, until it is done or not wanted any more."""
        while not self._done.wait(POLL_SECONDS):
            self._verdict = self._asked()
            if self._verdict != "go on":
                stream.close()
                return

    def _asked(self) -> str:
        if self._stopping.is_set():
            return "stop"
        try:
            return self._studio.jobs.progress(self._job.id, self._worker, self._reached)
        except StateError as error:
            log.warning("Progress cannot be noted: %s", error)
            return "go on"

    def _file(self, made: worker_tasks.TransformResult) -> None:
        kept = self._studio.store.keep(self._job.visitor, made.copies, made.scene)
        outcome = {
            "seed": made.seed,
            "facts": made.facts,
            "drift": made.drift,
            "advice": list(made.advice),
            "findings": made.findings,
        }
        if not self._studio.jobs.finish(self._job.id, self._worker, kept.id, outcome):
            # Another was given the job meanwhile, and will file its own.
            self._studio.store.forget(kept.id)
        else:
            JOBS.labels("done").inc()

    def _fail(self, error: ImageToPromptError) -> None:
        if self._studio.jobs.fail(self._job.id, self._worker, sentence(error)):
            self._studio.refund(self._job.id)
        JOBS.labels("failed").inc()

    def _retry(self, error: LostError) -> None:
        """A worker that died may have been killed for another's sake: once more, then no more."""
        if self._job.attempts < 2:
            log.warning("Job %s lost its worker and is begun again: %s", self._job.id, error)
            self._studio.jobs.again(self._job.id, self._worker)
        else:
            self._fail(error)
