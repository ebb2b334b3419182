"""What the routes ask for: each is one part of the running application, by its type.

It does not know how any part is made: that is `lifespan`.
"""

from typing import Annotated

from fastapi import Depends, Request

from imagetoprompt.web.album import Album
from imagetoprompt.web.commissioning import Office
from imagetoprompt.web.configuration import Configuration
from imagetoprompt.web.gate import Gate
from imagetoprompt.web.looking import Looker
from imagetoprompt.web.meter import Meter
from imagetoprompt.web.state.database import Database
from imagetoprompt.web.state.files import Files
from imagetoprompt.web.state.jobs import Jobs
from imagetoprompt.web.visitors import Seals, Visitor


def _album(request: Request) -> Album:
    return request.app.state.album  # type: ignore[no-any-return]


def _configuration(request: Request) -> Configuration:
    return request.app.state.configuration  # type: ignore[no-any-return]


def _database(request: Request) -> Database:
    return request.app.state.database  # type: ignore[no-any-return]


def _files(request: Request) -> Files:
    return request.app.state.files  # type: ignore[no-any-return]


def _gate(request: Request) -> Gate:
    return request.app.state.gate  # type: ignore[no-any-return]


def _jobs(request: Request) -> Jobs:
    return request.app.state.jobs  # type: ignore[no-any-return]


def _looker(request: Request) -> Looker:
    return request.app.state.looker  # type: ignore[no-any-return]


def _meter(request: Request) -> Meter:
    return request.app.state.meter  # type: ignore[no-any-return]


def _seals(request: Request) -> Seals:
    return request.app.state.seals  # type: ignore[no-any-return]


def _visitor(request: Request) -> Visitor:
    return request.scope["visitor"]  # type: ignore[no-any-return]


AnAlbum = Annotated[Album, Depends(_album)]
AConfiguration = Annotated[Configuration, Depends(_configuration)]
ADatabase = Annotated[Database, Depends(_database)]
SomeFiles = Annotated[Files, Depends(_files)]
AGate = Annotated[Gate, Depends(_gate)]
SomeJobs = Annotated[Jobs, Depends(_jobs)]
ALooker = Annotated[Looker, Depends(_looker)]
AMeter = Annotated[Meter, Depends(_meter)]
SomeSeals = Annotated[Seals, Depends(_seals)]
AVisitor = Annotated[Visitor, Depends(_visitor)]


def _office(jobs: SomeJobs, meter: AMeter, album: AnAlbum, set_up: AConfiguration) -> Office:
    return Office(jobs, meter, album, set_up)


AnOffice = Annotated[Office, Depends(_office)]
