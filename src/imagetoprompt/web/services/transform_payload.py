"""Orders: what a job was asked to paint, as JSON in its row and as the values that a worker needs.

It does not know the queue, nor how anything is painted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from imagetoprompt.web import worker_tasks
from imagetoprompt.web.config import Configuration
from imagetoprompt.web.db.job_queue import Job
from imagetoprompt.web.query import Ask, from_pairs, query
from imagetoprompt.web.services.picture_store import Album


@dataclass(frozen=True)
class Errand:
    """A painting that was asked for: of which picture, and what."""

    picture: str
    ask: Ask

    def to_json(self) -> dict[str, Any]:
        """What stands in the row of its job."""
        return {"ask": query(self.ask)}


def errand(job: Job) -> Errand:
    """The errand that a job's row holds."""
    return Errand(job.picture, from_pairs(parse_qsl(job.order["ask"])))


def order(given: Errand, album: Album, set_up: Configuration) -> tuple[worker_tasks.Order, bytes]:
    """The order for a worker, and the picture's bytes; GoneError when a picture is gone."""
    wishes = given.ask.wishes
    sources = [each.source for each in wishes.references]
    if wishes.mask and wishes.mask.source:
        sources.append(wishes.mask.source)
    painted = worker_tasks.Order(
        scene=album.scene(given.picture).to_json(),
        edits=given.ask.edits,
        wishes=wishes,
        engine=given.ask.engine,
        options=OPTIONS.get(given.ask.engine, _none)(set_up),
        taken={facet: album.scene(name).to_json() for facet, name in given.ask.take},
        files={name: album.image(name)[0] for name in dict.fromkeys(sources)},
    )
    return painted, album.image(given.picture)[0]


def _none(set_up: Configuration) -> Mapping[str, Any]:
    return {}


def _diffusers(set_up: Configuration) -> Mapping[str, Any]:
    return {"model": set_up.diffusers_model} if set_up.diffusers_model else {}


OPTIONS: Mapping[str, Callable[[Configuration], Mapping[str, Any]]] = {"diffusers": _diffusers}
"""What whoever runs the server has set for an engine; visitors choose no models and no places."""
