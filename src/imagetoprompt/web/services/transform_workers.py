"""Threads that claim transform jobs, run them on a runner, and store the results.

A thread holds its job by a lease and renews it while a worker paints; a cancel request is noticed
within POLL_SECONDS.
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
from imagetoprompt.web.metrics import JOB_WAIT_SECONDS, JOBS
from imagetoprompt.web.problem_details import public_detail
from imagetoprompt.web.server_errors import StateError
from imagetoprompt.web.services.picture_store import PictureStore

LEASE_SECONDS: Final = 20.0
"""Seconds without a heartbeat after which a job is given to another server."""
RETRY_SECONDS: Final = 2.0
"""Pause after the queue could not be read."""
POLL_SECONDS: Final = 0.25
"""Interval of polling the queue, and of the heartbeat of a running job."""
PREVIEW_SECONDS: Final = 0.2
"""Minimum interval between previews; each is written to a file."""
MAX_PREVIEWS: Final = 8
"""Preview files kept per job, since a client may still be loading an older one."""
log: Final = logging.getLogger(__name__)

JobReader = Callable[[Job], tuple[worker_tasks.TransformTask, bytes]]


@dataclass(frozen=True)
class WorkerContext:
    """What the threads share.

    read_job: makes the task and reads the picture of a job. refund: returns the use that a failed
    job cost, by job id.
    """

    jobs: JobQueue
    store: PictureStore
    runner: Runner
    read_job: JobReader
    limits: Limits
    refund: Callable[[str], None]


class TransformWorkers:
    """One thread per worker of the runner, from `start` to `stop`."""

    def __init__(self, context: WorkerContext) -> None:
        self._context = context
        self._stopping = Event()
        self._names = [token_hex(8) for _ in range(context.runner.size)]
        self._threads = [Thread(target=self._serve, args=(name,)) for name in self._names]

    def start(self) -> None:
        """Start claiming jobs."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop claiming; running jobs go back to the queue."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _serve(self, name: str) -> None:
        while not self._stopping.is_set():
            try:
                job = self._context.jobs.claim(name, LEASE_SECONDS)
            except StateError as error:
                log.warning("The job queue cannot be read: %s", error)
                self._stopping.wait(RETRY_SECONDS)
                continue
            if job is None:
                self._stopping.wait(POLL_SECONDS)
            else:
                self._run_job(job, name)

    def _run_job(self, job: Job, name: str) -> None:
        """Run one job in a thread of its own, so that an unexpected error does not end this one."""
        with ThreadPoolExecutor(1) as executor:
            run = executor.submit(TransformRun(self._context, job, name, self._stopping).run)
            fault = run.exception()
        if isinstance(fault, StateError):
            log.warning("The job queue cannot be read: %s", fault)
        elif fault is not None:
            log.error("A transform job failed unexpectedly; please report it", exc_info=fault)
        if fault is not None:
            self._stopping.wait(RETRY_SECONDS)


class TransformRun:
    """One claimed job, from its start to its stored result."""

    def __init__(self, context: WorkerContext, job: Job, worker: str, stopping: Event) -> None:
        self._context, self._job, self._worker = context, job, worker
        self._stopping, self._done = stopping, Event()
        self._progress = JobProgress(0, 0, "waiting")
        self._previews, self._last_preview = 0, 0.0
        self._action = "go on"
        if job.started is not None:
            JOB_WAIT_SECONDS.observe((job.started - job.created).total_seconds())

    def run(self) -> None:
        """Run the job and record how it ended."""
        jobs, job = self._context.jobs, self._job
        try:
            result = self._result()
        except LostError as error:
            self._retry(error)
        except ImageToPromptError as error:
            self._fail(error)
        else:
            if result is not None:
                self._store_result(result)
            elif self._action == "cancel":
                jobs.cancelled(job.id, self._worker)
                JOBS.labels("cancelled").inc()
            else:
                jobs.release(self._worker)

    def _result(self) -> worker_tasks.TransformResult | None:
        """The result; None when the job was stopped."""
        task, data = self._context.read_job(self._job)
        stream = self._context.runner.stream(
            worker_tasks.transform_task, task, data, limits=self._context.limits
        )
        heartbeat = Thread(target=self._heartbeat, args=(stream,))
        heartbeat.start()
        result = None
        try:
            for step in stream:
                if isinstance(step, worker_tasks.TransformResult):
                    result = step
                else:
                    self._record_step(step)
        finally:
            self._done.set()
            heartbeat.join()
            # Still open when a preview could not be stored.
            stream.close()
        return result

    def _record_step(self, step: worker_tasks.TransformStep) -> None:
        preview = ""
        if step.preview and monotonic() - self._last_preview > PREVIEW_SECONDS:
            self._previews, self._last_preview = self._previews + 1, monotonic()
            preview = f"{self._job.id}.preview-{self._previews % MAX_PREVIEWS}"
            self._context.store.put_file(preview, step.preview)
        latest = preview or self._progress.preview
        self._progress = JobProgress(step.step, step.total, step.phase, latest)

    def _heartbeat(self, stream: Stream) -> None:
        """Report progress and renew the lease, until the job is done or to be stopped."""
        while not self._done.wait(POLL_SECONDS):
            self._action = self._next_action()
            if self._action != "go on":
                stream.close()
                return

    def _next_action(self) -> str:
        if self._stopping.is_set():
            return "stop"
        try:
            return self._context.jobs.progress(self._job.id, self._worker, self._progress)
        except StateError as error:
            log.warning("Progress cannot be recorded: %s", error)
            return "go on"

    def _store_result(self, result: worker_tasks.TransformResult) -> None:
        stored = self._context.store.add(self._job.visitor, result.copies, result.scene)
        outcome = {
            "seed": result.seed,
            "facts": result.facts,
            "drift": result.drift,
            "advice": list(result.advice),
            "findings": result.findings,
        }
        if not self._context.jobs.finish(self._job.id, self._worker, stored.id, outcome):
            # The lease was lost meanwhile; its new holder stores its own result.
            self._context.store.delete(stored.id)
        else:
            JOBS.labels("done").inc()

    def _fail(self, error: ImageToPromptError) -> None:
        if self._context.jobs.fail(self._job.id, self._worker, public_detail(error)):
            self._context.refund(self._job.id)
        JOBS.labels("failed").inc()

    def _retry(self, error: LostError) -> None:
        """Queue the job again after its worker died, once: another job may have caused it."""
        if self._job.attempts < 2:
            log.warning("Job %s lost its worker and is queued again: %s", self._job.id, error)
            self._context.jobs.requeue(self._job.id, self._worker)
        else:
            self._fail(error)
