"""Startup and shutdown: open everything that the application owns, and close it in reverse."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from imagetoprompt.runners import open_runner
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.config import Config
from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.cleanup import clean_up
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.db.pictures import PictureTable
from imagetoprompt.web.db.quota_ledger import Salts
from imagetoprompt.web.middleware.identity import CookieSigner
from imagetoprompt.web.server_errors import StateError
from imagetoprompt.web.services import transforms
from imagetoprompt.web.services.admission import AdmissionQueue
from imagetoprompt.web.services.describes import Describes
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.quota import Quota
from imagetoprompt.web.services.transform_workers import TransformWorkers, WorkerContext

REAP_SECONDS: Final = 5.0
"""Interval of checks for jobs whose server died."""
CLEANUP_SECONDS: Final = 300.0
"""Interval of deleting what has expired."""
log: Final = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open everything before the first request; close it after the last."""
    with ExitStack() as stack:
        await run_in_threadpool(_open, app, stack)
        yield
        await run_in_threadpool(stack.close)


def _open(app: FastAPI, stack: ExitStack) -> None:
    config: Config = app.state.config
    _open_storage(app, config, stack)
    limits = config.describe_limits
    runner = stack.enter_context(
        open_runner(config.runner, size=config.workers, limits=limits, warm=worker_tasks.warm)
    )
    app.state.admission = AdmissionQueue(runner, config.waiting, limits, fair=not config.host_names)
    app.state.describes = Describes(
        app.state.quota, app.state.admission, app.state.store, examples_folder()
    )
    stack.enter_context(_transform_workers(app, config))
    stack.enter_context(_maintenance(app))


def _open_storage(app: FastAPI, config: Config, stack: ExitStack) -> None:
    """Open the database, the file store and the services on top of them."""
    lifetime = timedelta(hours=config.keep_hours)
    if config.database.startswith("sqlite"):
        config.folder.mkdir(parents=True, exist_ok=True)
    database = app.state.database = Database(config.database)
    stack.callback(database.close)
    database.prepare()
    secret = config.secret or Salts(database).signing().hex()
    app.state.signer, app.state.keys = CookieSigner(secret), Keys(database)
    app.state.files = BlobStore(config.files)
    app.state.store = PictureStore(PictureTable(database, lifetime), app.state.files)
    app.state.jobs = JobQueue(database, lifetime)
    app.state.quota = Quota(database, config.uses_a_day)


@contextmanager
def _transform_workers(app: FastAPI, config: Config) -> Iterator[None]:
    """Transform workers, on a runner of their own so that long jobs do not block describes."""
    limits = config.transform_limits
    store: PictureStore = app.state.store
    with open_runner(config.runner, size=max(1, config.workers // 2), limits=limits) as runner:
        context = WorkerContext(
            jobs=app.state.jobs,
            store=store,
            runner=runner,
            read_job=lambda job: transforms.transform_task_arguments(
                transforms.transform_payload(job), store, config
            ),
            limits=limits,
            refund=app.state.quota.refund,
        )
        workers = TransformWorkers(context)
        workers.start()
        try:
            yield
        finally:
            workers.stop()


@contextmanager
def _maintenance(app: FastAPI) -> Iterator[None]:
    """A thread that requeues lost jobs and deletes what has expired."""
    jobs: JobQueue = app.state.jobs
    stopping = Event()

    def run() -> None:
        rounds = 0
        while not stopping.wait(REAP_SECONDS):
            rounds += 1
            try:
                for lost in (job for job in jobs.reap() if job.state == "lost"):
                    app.state.quota.refund(lost.id)
                if rounds * REAP_SECONDS % CLEANUP_SECONDS == 0:
                    clean_up(app.state.database, app.state.files)
            except StateError as error:
                log.warning("Expired data could not be deleted: %s", error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def examples_folder() -> Path:
    """The folder of the example pictures: in the package, or at the top of a clone."""
    packed = Path(__file__).parent / "examples"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "examples"
