"""The application's life: everything that it owns is opened here, and closed in reverse.

It does not know any route.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from imagetoprompt.errors import StateError
from imagetoprompt.runners import open_runner
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.config import Configuration
from imagetoprompt.web.db.api_keys import Keys
from imagetoprompt.web.db.blob_store import Files
from imagetoprompt.web.db.cleanup import sweep
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import Jobs
from imagetoprompt.web.db.pictures import Pictures
from imagetoprompt.web.db.quota_ledger import Salts
from imagetoprompt.web.middleware.identity_cookie import Seals
from imagetoprompt.web.services import transforms
from imagetoprompt.web.services.admission import Gate
from imagetoprompt.web.services.describes import Looker
from imagetoprompt.web.services.picture_store import Album
from imagetoprompt.web.services.quota import Meter
from imagetoprompt.web.services.transform_workers import Painters, Studio

REAP: Final = 5.0
"""Seconds between two looks for jobs whose server died."""
SWEEP: Final = 300.0
"""Seconds between two looks for what has expired."""
log: Final = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open everything before the first request, and close it after the last."""
    with ExitStack() as stack:
        await run_in_threadpool(_open, app, stack)
        yield
        await run_in_threadpool(stack.close)


def _open(app: FastAPI, stack: ExitStack) -> None:
    set_up: Configuration = app.state.configuration
    _remember(app, set_up, stack)
    looking = set_up.looking
    runner = stack.enter_context(
        open_runner(set_up.runner, size=set_up.workers, limits=looking, warm=worker_tasks.warm)
    )
    app.state.gate = Gate(runner, set_up.waiting, looking)
    app.state.looker = Looker(app.state.meter, app.state.gate, app.state.album, examples())
    stack.enter_context(_painting(app, set_up))
    stack.enter_context(_keeping_house(app))


def _remember(app: FastAPI, set_up: Configuration, stack: ExitStack) -> None:
    """What is kept: database, files, and what stands on them."""
    lasts = timedelta(hours=set_up.keep_hours)
    if set_up.database.startswith("sqlite"):
        set_up.folder.mkdir(parents=True, exist_ok=True)
    database = app.state.database = Database(set_up.database)
    stack.callback(database.close)
    database.prepare()
    secret = set_up.secret or Salts(database).signing().hex()
    app.state.seals, app.state.keys = Seals(secret), Keys(database)
    app.state.files = Files(set_up.files)
    app.state.album = Album(Pictures(database, lasts), app.state.files)
    app.state.jobs = Jobs(database, lasts)
    app.state.meter = Meter(database, set_up.uses_a_day)


@contextmanager
def _painting(app: FastAPI, set_up: Configuration) -> Iterator[None]:
    """Painters with a runner of their own, so that long paintings leave room to look."""
    limits = set_up.painting
    album: Album = app.state.album
    with open_runner(set_up.runner, size=max(1, set_up.workers // 2), limits=limits) as runner:
        studio = Studio(
            jobs=app.state.jobs,
            album=album,
            runner=runner,
            orders=lambda job: transforms.order(transforms.errand(job), album, set_up),
            limits=limits,
            refund=app.state.meter.refund,
        )
        painters = Painters(studio)
        painters.start()
        try:
            yield
        finally:
            painters.stop()


@contextmanager
def _keeping_house(app: FastAPI) -> Iterator[None]:
    """A thread that gives lost jobs back and removes what has expired."""
    jobs: Jobs = app.state.jobs
    stopping = Event()

    def keep() -> None:
        rounds = 0
        while not stopping.wait(REAP):
            rounds += 1
            try:
                for lost in (job for job in jobs.reap() if job.state == "lost"):
                    app.state.meter.refund(lost.id)
                if rounds * REAP % SWEEP == 0:
                    sweep(app.state.database, app.state.files)
            except StateError as error:
                log.warning("Nothing could be tidied up: %s", error)

    thread = Thread(target=keep)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def examples() -> Path:
    """The folder of the example pictures: in the package, or at the top of a clone."""
    packed = Path(__file__).parent / "examples"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "examples"
