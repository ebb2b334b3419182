"""Describe an upload on the server: facts as they come, then the stored picture.

    use --> bytes --> a worker decodes and describes --> picture and scene are stored

A use is charged before the work and given back when it fails.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imagetoprompt.core.scene import Scene
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.metrics import observe_describe
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.services.admission import AdmissionQueue
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.quota import Quota
from imagetoprompt.web.uploads import Upload


@dataclass(frozen=True)
class DescribedPicture:
    """The picture's id and its facts so far; `whole` when all observers have run."""

    picture: str
    scene: Scene
    whole: bool


@dataclass(frozen=True)
class Describes:
    """Describes uploads: charges the quota, runs the worker task, stores the result."""

    quota: Quota
    admission: AdmissionQueue
    store: PictureStore
    examples: Path

    def look(
        self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()
    ) -> Iterator[DescribedPicture]:
        """The facts in two stages: quick measurements, then all. It costs a use if it succeeds."""
        with observe_describe(), self.quota.use(visitor):
            data = sent.bytes(self.examples)
            steps = self.admission.stream(worker_tasks.describe_task, data, facets)
            kept = self.store.keep(visitor.id, next(steps))
            for seen in steps:
                # The first stage is stored too, so that it can be edited meanwhile.
                self.store.describe(kept.id, seen.scene)
                yield DescribedPicture(kept.id, Scene.from_json(seen.scene), seen.whole)

    def all(self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()) -> DescribedPicture:
        """The complete result."""
        *_, last = self.look(sent, visitor, facets)
        return last

    def aside(self, data: bytes, visitor: Visitor) -> StoredPicture:
        """Store a picture without describing it, such as a mask; it costs no use."""
        self.quota.aside(visitor)
        return self.store.keep(visitor.id, self.admission.one(worker_tasks.copy_task, data))
