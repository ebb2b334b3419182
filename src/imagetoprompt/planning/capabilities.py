"""Who can do what: which targets and engines carry out a task, or take a control.

A published table and the errors that follow from it.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from imagetoprompt.core.plan import Plan
from imagetoprompt.errors import PlanError
from imagetoprompt.lexicon import table


def task_titles() -> dict[str, str]:
    """What each task is, in a few words."""
    return dict(table("tasks")["titles"])


def names_for_task(task: str, /) -> tuple[str, ...]:
    """Every target, as 'target:variant', and every engine that can do the task."""
    return (*_targets("targets", task), *engines_for_task(task))


def short_names_for_task(task: str, /) -> tuple[str, ...]:
    """The same, shorter: a target by its bare name when all of its variants can."""
    return _shorter(names_for_task(task))


def engines_for_task(task: str, /) -> tuple[str, ...]:
    """The engines that can do the task."""
    rows = cast(Mapping[str, Sequence[str]], table("tasks")["engines"])
    return tuple(name for name, tasks in rows.items() if task in tasks)


def names_for_control(control: str, /) -> tuple[str, ...]:
    """Every target, as 'target:variant', that takes the control, and the engine that does."""
    return (*_targets("controls", control), "diffusers")


def takes_control(target: str, variant: str, control: str) -> bool:
    """Whether the variant of a target takes the control."""
    return f"{target}:{variant}" in names_for_control(control)


def check_task(target: str, variant: str, plan: Plan) -> None:
    """PlanError when the variant of a target cannot do the plan's task; it names who can."""
    name = f"{target}:{variant}"
    if variant not in table("tasks")["targets"].get(target, {}):
        return
    if name not in names_for_task(plan.task):
        title = table("tasks")["titles"][plan.task]
        who = ", ".join(short_names_for_task(plan.task))
        raise PlanError(f"{name} cannot {plan.task} ({title}). Who can: {who}.")


def _shorter(names: tuple[str, ...]) -> tuple[str, ...]:
    rows = cast(Mapping[str, Mapping[str, Sequence[str]]], table("tasks")["targets"])
    whole = {
        target
        for target, variants in rows.items()
        if {f"{target}:{v}" for v in variants} <= {*names}
    }
    cut = (name.partition(":")[0] if name.partition(":")[0] in whole else name for name in names)
    return tuple(dict.fromkeys(cut))


def _targets(part: str, ability: str) -> tuple[str, ...]:
    rows = cast(Mapping[str, Mapping[str, Sequence[str]]], table("tasks")[part])
    return tuple(
        f"{target}:{variant}"
        for target, variants in rows.items()
        for variant, has in variants.items()
        if ability in has
    )
