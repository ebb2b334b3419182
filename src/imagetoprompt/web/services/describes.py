"""Describe an upload on the server: facts as they come, then the stored picture.

    use --> bytes --> a worker decodes and describes --> picture and scene are stored

A use is charged before the work and given back when it fails.
"""

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import BusyError, LostError
from imagetoprompt.runners import Limits, Runner, Task
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.metrics import BUSY, PLACES, observe_describe
from imagetoprompt.web.middleware.identity_cookie import Visitor
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.quota import Quota
from imagetoprompt.web.uploads import Upload


class AdmissionQueue:
    """Hands tasks to a runner; raises BusyError at once when `waiting` wait already."""

    def __init__(self, runner: Runner, waiting: int, limits: Limits) -> None:
        self._runner, self._limits = runner, limits
        self._places = BoundedSemaphore(runner.size + waiting)
        PLACES.set(runner.size + waiting)

    def stream(self, task: Task, /, *arguments: object) -> Generator[Any, None, None]:
        """The values of the task as they come; closing the iterator cancels it."""
        if not self._places.acquire(blocking=False):
            raise BusyError("Everybody is busy with other pictures: try again in ten seconds.")
        BUSY.inc()
        try:
            with closing(self._runner.stream(task, *arguments, limits=self._limits)) as values:
                yield from values
        except LostError as error:
            log.warning("Work was lost: %s", error)
            raise
        finally:
            BUSY.dec()
            self._places.release()

    def one(self, task: Task, /, *arguments: object) -> Any:  # noqa: ANN401 - what the task gives
        """The last value of the task."""
        *_, last = self.stream(task, *arguments)
        return last


@dataclass(frozen=True)
class DescribedPicture:
    """The picture's id and its facts so far; `whole` when all observers were heard."""

    picture: str
    scene: Scene
    whole: bool


@dataclass(frozen=True)
class Describes:
    """What looking needs: who may, where it is done, and where pictures are kept."""

    meter: Quota
    gate: AdmissionQueue
    album: PictureStore
    examples: Path

    def look(
        self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()
    ) -> Iterator[DescribedPicture]:
        """What is seen, twice: what was measured, then all. It costs a use, unless it fails."""
        with observe_describe(), self.meter.use(visitor):
            data = sent.bytes(self.examples)
            steps = self.gate.stream(worker_tasks.describe_task, data, facets)
            kept = self.album.keep(visitor.id, next(steps))
            for seen in steps:
                # Already what was measured first: whoever edits meanwhile edits that.
                self.album.describe(kept.id, seen.scene)
                yield DescribedPicture(kept.id, Scene.from_json(seen.scene), seen.whole)

    def all(self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()) -> DescribedPicture:
        """All that is seen."""
        *_, last = self.look(sent, visitor, facets)
        return last

    def aside(self, data: bytes, visitor: Visitor) -> StoredPicture:
        """A picture that is only kept, such as a mask; it costs no use."""
        self.meter.aside(visitor)
        return self.album.keep(visitor.id, self.gate.one(worker_tasks.copy_task, data))


log: Final = logging.getLogger(__name__)
