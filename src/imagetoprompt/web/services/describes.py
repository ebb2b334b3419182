"""Look at pictures on the server: describe uploads, compare stored pictures, and draw their maps.

Whatever looks at a picture anew costs a use: it is charged before the work and refunded when the
work fails. What is stored already is free.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from imagetoprompt.core.scene import Scene
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.db.pictures import StoredPicture
from imagetoprompt.web.metrics import observe_describe
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.services.admission import COMPARE, LIGHT, LOOK, AdmissionQueue, Work
from imagetoprompt.web.services.picture_store import JPEG, PNG, OpenedFile, PictureStore
from imagetoprompt.web.services.quota import Quota
from imagetoprompt.web.uploads import Upload

JSON: Final = "application/json"


@dataclass(frozen=True)
class DescribedPicture:
    """The picture's id and its facts so far; `complete` when all observers have run."""

    picture: str
    scene: Scene
    complete: bool


@dataclass(frozen=True)
class Describes:
    """Looks at pictures for visitors. examples: the folder of the example pictures."""

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
            values = self.admission.stream(
                Work(worker_tasks.describe_task, lambda: (data, facets), visitor)
            )
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
        work = Work(worker_tasks.copy_task, lambda: (data,), visitor)
        return self.store.add(visitor.id, self.admission.run(work))

    def compare(self, pictures: tuple[str, str, str], visitor: Visitor) -> dict[str, Any]:
        """The differences between a reference and a result, and a mask or "", as JSON.

        Costs one use unless the same comparison is stored.
        """
        names = [name for name in pictures if name]
        for name in names:
            self.store.get(name)
        digest = hashlib.sha256(" ".join(pictures).encode()).hexdigest()[:24]

        def run() -> bytes:
            work = Work(
                worker_tasks.compare_task,
                lambda: tuple(self.store.image(name)[0] for name in names),
                visitor,
                COMPARE,
            )
            with self.quota.use(visitor):
                return json.dumps(self.admission.run(work)).encode()

        opened = self.store.open_or_draw(pictures[1], f"compare-{digest}", JSON, run)
        with opened.file as file:
            return cast(dict[str, Any], json.load(file))

    def control_map(self, picture: str, kind: str, size: str, visitor: Visitor) -> OpenedFile:
        """The control map of a copy of the picture, of one of SIZES, as PNG.

        Costs nothing if the picture was described, since that was a use; else one use, unless the
        map is stored.
        """
        described = self.store.get(picture).scene is not None
        work = Work(
            worker_tasks.control_task,
            lambda: (kind, self.store.image(picture, size)[0]),
            visitor,
            LOOK,
        )

        def draw() -> bytes:
            with nullcontext() if described else self.quota.use(visitor):
                return cast(bytes, self.admission.run(work))

        return self.store.open_or_draw(picture, f"control-{kind}-{size}", PNG, draw)

    def sharpness_map(self, picture: str, visitor: Visitor) -> OpenedFile:
        """The map of sharpness of the copy that the page shows, as PNG."""
        work = Work(
            worker_tasks.sharpness_task,
            lambda: (self.store.image(picture, "shown")[0],),
            visitor,
            LIGHT,
        )
        return self.store.open_or_draw(picture, "sharp", PNG, lambda: self.admission.run(work))

    def preset_thumbnails(
        self, picture: str, kind: str, presets: Sequence[str], visitor: Visitor
    ) -> OpenedFile:
        """The picture under each of the presets of a kind, in one column of squares, as JPEG."""
        stored = self.store.get(picture)
        # While the picture is still being analyzed, presets are applied to the pixels alone.
        scene = stored.scene or Scene((stored.width, stored.height)).to_json()
        work = Work(
            worker_tasks.thumbnails_task,
            lambda: (presets, scene, self.store.image(picture, "small")[0]),
            visitor,
            LIGHT,
        )
        return self.store.open_or_draw(
            picture, f"presets-{kind}", JPEG, lambda: self.admission.run(work)
        )
