"""Describe an upload on the server: charge a use, run the worker task, store picture and facts.

The use is charged before the work and refunded when the work fails.
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
    """The picture's id and its facts so far; `complete` when all observers have run."""

    picture: str
    scene: Scene
    complete: bool


@dataclass(frozen=True)
class Describes:
    """Describes uploads. examples: the folder of the example pictures."""

    quota: Quota
    admission: AdmissionQueue
    store: PictureStore
    examples: Path

    def stages(
        self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()
    ) -> Iterator[DescribedPicture]:
        """The facts in two stages, quick measurements first; costs one use if it succeeds."""
        with observe_describe(), self.quota.use(visitor):
            data = sent.bytes(self.examples)
            values = self.admission.stream(worker_tasks.describe_task, data, facets)
            stored = self.store.add(visitor.id, next(values))
            for stage in values:
                # The first stage is stored too, so that it can be edited meanwhile.
                self.store.set_scene(stored.id, stage.scene)
                scene = Scene.from_json(stage.scene)
                yield DescribedPicture(stored.id, scene, stage.complete)

    def describe(
        self, sent: Upload, visitor: Visitor, facets: Sequence[str] = ()
    ) -> DescribedPicture:
        """The complete result."""
        *_, last = self.stages(sent, visitor, facets)
        return last

    def store_only(self, data: bytes, visitor: Visitor) -> StoredPicture:
        """Store a picture without describing it, such as a mask; costs no use."""
        self.quota.count_upload(visitor)
        return self.store.add(visitor.id, self.admission.run(worker_tasks.copy_task, data))
