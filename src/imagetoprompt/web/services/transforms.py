"""Transform jobs: what a job paints, as JSON in its row and as values for a worker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final
from urllib.parse import parse_qsl

from imagetoprompt import capabilities
from imagetoprompt.core.plan import TASKS, Plan
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import PlanError, UnknownNameError
from imagetoprompt.images.masks import check_mask_size
from imagetoprompt.web import worker_tasks
from imagetoprompt.web.config import Config
from imagetoprompt.web.db.job_queue import Job, JobQueue
from imagetoprompt.web.middleware.identity import Visitor
from imagetoprompt.web.query import PageQuery, answer_query, format_query, parse_query
from imagetoprompt.web.server_errors import BusyError
from imagetoprompt.web.services.picture_store import PictureStore
from imagetoprompt.web.services.quota import Quota


@dataclass(frozen=True)
class TransformPayload:
    """A painting that was asked for: of which picture, and what."""

    picture: str
    ask: PageQuery

    def to_json(self) -> dict[str, Any]:
        """What stands in the row of its job."""
        return {"ask": format_query(self.ask)}


def transform_payload(job: Job) -> TransformPayload:
    """The payload that a job's row holds."""
    return TransformPayload(job.picture, parse_query(parse_qsl(job.order["ask"])))


def worker_order(
    given: TransformPayload, store: PictureStore, config: Config
) -> tuple[worker_tasks.TransformTask, bytes]:
    """The order for a worker, and the picture's bytes; GoneError when a picture is gone."""
    plan_options = given.ask.options
    sources = [reference.source for reference in plan_options.references]
    if plan_options.mask and plan_options.mask.source:
        sources.append(plan_options.mask.source)
    painted = worker_tasks.TransformTask(
        scene=store.scene(given.picture).to_json(),
        edits=given.ask.edits,
        plan_options=plan_options,
        engine=given.ask.engine,
        options=OPTIONS.get(given.ask.engine, _none)(config),
        taken={facet: store.scene(name).to_json() for facet, name in given.ask.take},
        files={name: store.image(name)[0] for name in dict.fromkeys(sources)},
    )
    return painted, store.image(given.picture)[0]


def _none(config: Config) -> Mapping[str, Any]:
    return {}


def _diffusers(config: Config) -> Mapping[str, Any]:
    return {"model": config.diffusers_model} if config.diffusers_model else {}


OPTIONS: Mapping[str, Callable[[Config], Mapping[str, Any]]] = {"diffusers": _diffusers}
"""What whoever runs the server has set for an engine; visitors choose no models and no places."""


KIND: Final = "transform"
MAX_PIXELS: Final = 50_000_000
"""Of one result: twelve megapixels enlarged twice. Engines hold a few copies in float."""


@dataclass(frozen=True)
class Transforms:
    """Where paintings are asked for."""

    jobs: JobQueue
    quota: Quota
    store: PictureStore
    config: Config

    def submit(self, payload: TransformPayload, visitor: Visitor, key: str = "") -> Job:
        """The job that was put in the line, or the one that the visitor put there by that key.

        It costs a use, unless it is refused. GoneError, MaskError, EditError, PlanError and
        UnknownNameError for what cannot be painted, BusyError when as many wait as may.
        """
        if key and self.jobs.by_key(visitor.id, key) is not None:
            return self._put(payload, visitor, key)[0]
        self._check(payload)
        if self.jobs.waiting() >= self.config.waiting:
            raise BusyError("As many paintings wait as can: try again in ten seconds.")
        with self.quota.use(visitor) as give_back:
            job, fresh = self._put(payload, visitor, key)
            if not fresh:
                # The same call came twice at once, and the other one paid.
                give_back()
            else:
                self.quota.note(job.id, visitor)
        return job

    def cancel(self, job: str, visitor: Visitor) -> Job | None:
        """Stop a job of the visitor's own; None when there is none.

        One that nobody had begun costs nothing.
        """
        found = self.jobs.cancel(job, visitor.id)
        if found is not None and found.state == "cancelled" and found.started is None:
            self.quota.refund(found.id)
        return found

    def _put(self, payload: TransformPayload, visitor: Visitor, key: str) -> tuple[Job, bool]:
        return self.jobs.put(visitor.id, KIND, payload.picture, payload.to_json(), key=key)

    def _check(self, payload: TransformPayload) -> None:
        engine = payload.ask.engine
        if engine not in self.config.offered_engines:
            raise UnknownNameError("engine", engine, self.config.offered_engines)
        scene = self.store.scene(payload.picture)
        found = answer_query(scene, payload.ask, other_pictures(payload.ask, scene, self.store))
        _check_plan(found.edited.plan, engine, self.config.offered_engines)


def other_pictures(wanted: PageQuery, scene: Scene, store: PictureStore) -> Mapping[str, Scene]:
    """The scenes of the pictures that facets are taken from, by their ids.

    GoneError when one of the other pictures is gone, MaskError for a mask of another size.
    """
    for reference in wanted.options.references:
        store.get(reference.source)
    mask = wanted.options.mask
    if mask is not None and mask.source:
        kept = store.get(mask.source)
        check_mask_size((kept.width, kept.height), scene.size)
    return {name: store.scene(name) for _, name in wanted.take}


def _check_plan(plan: Plan, engine: str, painters: tuple[str, ...]) -> None:
    """PlanError for a task that the engine does not do, or a result too large for a server."""
    able = [name for name in painters if name in capabilities.engines_for_task(plan.task)]
    if engine not in able and any(engine in capabilities.engines_for_task(task) for task in TASKS):
        who = ", ".join(able) or ", ".join(capabilities.short_names_for_task(plan.task))
        raise PlanError(f"The engine {engine} cannot {plan.task}. Who can: {who}.")
    if prod(plan.size) > MAX_PIXELS:
        raise PlanError(
            f"{plan.size[0]} x {plan.size[1]} is too large to paint here: ask for at most "
            f"{MAX_PIXELS // 1_000_000} million pixels."
        )
