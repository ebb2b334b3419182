"""What the routes ask for: each is one part of the running application, by its type.

It does not know how any part is made: that is `lifespan`.
"""

from typing import Annotated, Any

from fastapi import Depends, Request

from imagetoprompt.web.config import Configuration
from imagetoprompt.web.db.blob_store import Files
from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.job_queue import Jobs
from imagetoprompt.web.middleware.identity_cookie import Seals, Visitor
from imagetoprompt.web.services.admission import Gate
from imagetoprompt.web.services.describes import Looker
from imagetoprompt.web.services.picture_store import Album
from imagetoprompt.web.services.quota import Meter
from imagetoprompt.web.services.transforms import Office


def _part(name: str) -> Any:  # noqa: ANN401 - what FastAPI takes as a default
    """The part of the application that `lifespan` keeps under the name.

    Asynchronous, since one that is not would take a thread for each.
    """

    async def give(request: Request) -> object:
        return getattr(request.app.state, name)

    return Depends(give)


async def _visitor(request: Request) -> Visitor:
    return request.scope["visitor"]  # type: ignore[no-any-return]


AnAlbum = Annotated[Album, _part("album")]
AConfiguration = Annotated[Configuration, _part("configuration")]
ADatabase = Annotated[Database, _part("database")]
SomeFiles = Annotated[Files, _part("files")]
AGate = Annotated[Gate, _part("gate")]
SomeJobs = Annotated[Jobs, _part("jobs")]
ALooker = Annotated[Looker, _part("looker")]
AMeter = Annotated[Meter, _part("meter")]
SomeSeals = Annotated[Seals, _part("seals")]
AVisitor = Annotated[Visitor, Depends(_visitor)]


async def _office(jobs: SomeJobs, meter: AMeter, album: AnAlbum, set_up: AConfiguration) -> Office:
    return Office(jobs, meter, album, set_up)


AnOffice = Annotated[Office, Depends(_office)]
