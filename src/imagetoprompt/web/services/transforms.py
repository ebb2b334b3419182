"""Transform jobs: submit and cancel them, and read a job's row as the arguments of a worker."""

from collections.abc import Mapping
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
    """What a job paints: the id of the picture, and the changes as a query."""

    picture: str
    query: PageQuery

    def to_json(self) -> dict[str, Any]:
        """The JSON in the row of the job."""
        return {"ask": format_query(self.query)}


def transform_payload(job: Job) -> TransformPayload:
    """The payload in the row of a job."""
    return TransformPayload(job.picture, parse_query(parse_qsl(job.order["ask"])))


def transform_task_arguments(
    payload: TransformPayload, store: PictureStore, config: Config
) -> tuple[worker_tasks.TransformTask, bytes]:
    """The task for a worker, and the picture's bytes; GoneError if a picture has expired."""
    query, plan_options = payload.query, payload.query.options
    sources = [reference.source for reference in plan_options.references]
    if plan_options.mask and plan_options.mask.source:
        sources.append(plan_options.mask.source)
    task = worker_tasks.TransformTask(
        scene=store.scene(payload.picture).to_json(),
        edits=query.edits,
        plan_options=plan_options,
        engine=query.engine,
        options=_engine_options(query.engine, config),
        taken={facet: store.scene(name).to_json() for facet, name in query.take},
        files={name: store.image(name)[0] for name in dict.fromkeys(sources)},
    )
    return task, store.image(payload.picture)[0]


def _engine_options(engine: str, config: Config) -> Mapping[str, Any]:
    """The operator's options for an engine; visitors cannot set any, such as a model's path."""
    if engine == "diffusers" and config.diffusers_model:
        return {"model": config.diffusers_model}
    return {}


JOB_KIND: Final = "transform"
MAX_PIXELS: Final = 50_000_000
"""Pixels of one result: 12 megapixels enlarged twice. Engines hold some float copies."""


@dataclass(frozen=True)
class Transforms:
    """Submits and cancels the transform jobs of visitors."""

    jobs: JobQueue
    quota: Quota
    store: PictureStore
    config: Config

    def submit(self, payload: TransformPayload, visitor: Visitor, key: str = "") -> Job:
        """Queue a job, or return the one that the visitor submitted with the same key.

        key: idempotency key, "" for none. Costs one use, unless the job is refused. GoneError,
        MaskError, EditError, PlanError and UnknownNameError for a job that cannot be done,
        BusyError when the queue is full.
        """
        if key and self.jobs.by_key(visitor.id, key) is not None:
            return self._put(payload, visitor, key)[0]
        self._check(payload)
        if self.jobs.waiting() >= self.config.waiting:
            raise BusyError("The queue is full: try again in ten seconds.")
        with self.quota.use(visitor) as refund:
            job, fresh = self._put(payload, visitor, key)
            if not fresh:
                # The same call arrived twice at once, and the other one paid.
                refund()
            else:
                self.quota.record_payment(job.id, visitor)
        return job

    def cancel(self, job: str, visitor: Visitor) -> Job | None:
        """Stop a job, and refund it if it had not started; None if it is another visitor's."""
        cancelled = self.jobs.cancel(job, visitor.id)
        if cancelled and cancelled.state == "cancelled" and cancelled.started is None:
            self.quota.refund(cancelled.id)
        return cancelled

    def _put(self, payload: TransformPayload, visitor: Visitor, key: str) -> tuple[Job, bool]:
        return self.jobs.put(visitor.id, JOB_KIND, payload.picture, payload.to_json(), key=key)

    def _check(self, payload: TransformPayload) -> None:
        engine = payload.query.engine
        if engine not in self.config.offered_engines:
            raise UnknownNameError("engine", engine, self.config.offered_engines)
        scene = self.store.scene(payload.picture)
        scenes = taken_scenes(payload.query, scene, self.store)
        answer = answer_query(scene, payload.query, scenes)
        _check_plan(answer.edited.plan, engine, self.config.offered_engines)


def taken_scenes(query: PageQuery, scene: Scene, store: PictureStore) -> Mapping[str, Scene]:
    """The scenes of the pictures that facets are taken from, by their ids.

    GoneError if one of the other pictures has expired, MaskError for a mask of another size.
    """
    for reference in query.options.references:
        store.get(reference.source)
    mask = query.options.mask
    if mask is not None and mask.source:
        stored = store.get(mask.source)
        check_mask_size((stored.width, stored.height), scene.size)
    return {name: store.scene(name) for _, name in query.take}


def _check_plan(plan: Plan, engine: str, offered: tuple[str, ...]) -> None:
    """PlanError for a task that the engine cannot do, or a result that is too large."""
    able = [name for name in offered if name in capabilities.engines_for_task(plan.task)]
    if engine not in able and any(engine in capabilities.engines_for_task(task) for task in TASKS):
        who = ", ".join(able) or ", ".join(capabilities.short_names_for_task(plan.task))
        raise PlanError(f"The engine {engine} cannot {plan.task}: choose one of {who}.")
    if prod(plan.size) > MAX_PIXELS:
        raise PlanError(
            f"{plan.size[0]} x {plan.size[1]} is too large to paint here: ask for at most "
            f"{MAX_PIXELS // 1_000_000} million pixels."
        )
