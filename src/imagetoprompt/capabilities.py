"""Who can do a task, or take a control map: computed from the profiles of targets and the engines.

Plugins count too. A target is named 'target:variant'; an engine by its name.
"""

from collections.abc import Iterator
from dataclasses import replace

from imagetoprompt.core.plan import Request, Unsupported
from imagetoprompt.core.prompt import Profile
from imagetoprompt.engines import ENGINES
from imagetoprompt.errors import PlanError, UnsupportedTaskError
from imagetoprompt.targets import TARGETS


def names_for_task(task: str, /) -> tuple[str, ...]:
    """Every target, as 'target:variant', and every engine that can do the task."""
    targets = (_name(profile) for profile in _profiles() if task in profile.tasks)
    return (*targets, *engines_for_task(task))


def short_names_for_task(task: str, /) -> tuple[str, ...]:
    """The same, but a target whose variants all can is named once, without its variants."""
    names = (
        profile.target if _every_variant_can(profile.target, task) else _name(profile)
        for profile in _profiles()
        if task in profile.tasks
    )
    return (*dict.fromkeys(names), *engines_for_task(task))


def engines_for_task(task: str, /) -> tuple[str, ...]:
    """The engines that can do the task."""
    return tuple(name for name in ENGINES if task in ENGINES[name].TASKS)


def names_for_control(control: str, /) -> tuple[str, ...]:
    """Every target, as 'target:variant', and every engine that takes the kind of control map."""
    targets = (_name(profile) for profile in _profiles() if control in profile.controls)
    return (*targets, *(name for name in ENGINES if control in ENGINES[name].CONTROLS))


def refusal_with_alternatives(error: PlanError, /) -> str:
    """Why a target refuses a plan; when it cannot do the task, the sentence names who can."""
    if not isinstance(error, UnsupportedTaskError):
        return str(error)
    return _with_names(str(error), short_names_for_task(error.task))


def with_alternatives(request: Request, /) -> Request:
    """The request; what it leaves out and others take names who can."""
    losses = tuple(
        _with_names(loss, _takers(loss)) if isinstance(loss, Unsupported) else loss
        for loss in request.losses
    )
    return replace(request, losses=losses)


def _takers(loss: Unsupported) -> tuple[str, ...]:
    if not loss.controls:
        return tuple(_name(profile) for profile in _profiles() if profile.mixes_pictures)
    names = (name for kind in loss.controls for name in names_for_control(kind))
    return tuple(dict.fromkeys(names))


def _with_names(sentence: str, names: tuple[str, ...]) -> str:
    return f"{sentence} Who can: {', '.join(names)}." if names else str(sentence)


def _profiles() -> Iterator[Profile]:
    for name in TARGETS:
        yield from TARGETS[name].VARIANTS.values()


def _every_variant_can(target: str, task: str) -> bool:
    return all(task in profile.tasks for profile in TARGETS[target].VARIANTS.values())


def _name(profile: Profile) -> str:
    return f"{profile.target}:{profile.variant}"
