"""FastAPI dependencies: the parts of the running application, by type."""

from typing import Annotated, Any

from fastapi import Depends, Request

from imagetoprompt.web.config import Config
from imagetoprompt.web.db.blob_store import BlobStore
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import JobQueue
from imagetoprompt.web.middleware.identity import CookieSigner, Visitor
from imagetoprompt.web.services.admission import AdmissionQueue
from imagetoprompt.web.services.describes import Describes
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.quota import Quota
from imagetoprompt.web.services.transforms import Transforms


def _part(name: str) -> Any:  # noqa: ANN401 - what FastAPI takes as a default
    """The part that `lifespan` stored under this name in the application's state.

    Asynchronous, because FastAPI runs other dependencies in a thread each.
    """

    async def give(request: Request) -> object:
        return getattr(request.app.state, name)

    return Depends(give)


async def _visitor(request: Request) -> Visitor:
    return request.scope["visitor"]  # type: ignore[no-any-return]


PictureStoreDep = Annotated[PictureStore, _part("store")]
ConfigDep = Annotated[Config, _part("config")]
FilesDep = Annotated[BlobStore, _part("files")]
DatabaseDep = Annotated[Database, _part("database")]
AdmissionDep = Annotated[AdmissionQueue, _part("admission")]
JobQueueDep = Annotated[JobQueue, _part("jobs")]
DescribesDep = Annotated[Describes, _part("describes")]
QuotaDep = Annotated[Quota, _part("quota")]
CookieSignerDep = Annotated[CookieSigner, _part("signer")]
VisitorDep = Annotated[Visitor, Depends(_visitor)]


async def _transforms(
    jobs: JobQueueDep, quota: QuotaDep, store: PictureStoreDep, config: ConfigDep
) -> Transforms:
    return Transforms(jobs, quota, store, config)


TransformsDep = Annotated[Transforms, Depends(_transforms)]
