"""plan(before, after, options) -> Plan: what to do to a picture so that its new facts come true.

    before, after --facet_changes--> FacetChange*, controls
                  --task_and_strength--> task, strength
                  --masks_and_sizes--> mask, margins, size

Each default that is chosen gives its reason in one sentence.
"""

from dataclasses import dataclass, replace

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Prompt, PromptChange, diff
from imagetoprompt.core.scene import Scene
from imagetoprompt.facts.edits import Edit
from imagetoprompt.planning.facet_changes import chosen_controls, facet_changes, kept_words
from imagetoprompt.planning.masks_and_sizes import chosen_mask, output_size
from imagetoprompt.planning.options import PlanOptions, validated
from imagetoprompt.planning.task_and_strength import chosen_strength, chosen_task

__all__ = ["EditedScene", "PlanOptions", "TargetRequest", "plan"]


def plan(before: Scene, after: Scene, options: PlanOptions | None = None, /) -> Plan:
    """The plan that leads from the scene before to the scene after.

    PlanError for an option out of its range (strength 1.4, an empty mask); it names the range.
    """
    options = validated(options or PlanOptions())
    changes = facet_changes(before, after)
    margins, scale, size, framing = output_size(before.size, options, bool(changes))
    options = replace(options, margins=margins, scale=scale)
    mask, where = chosen_mask(before, after, changes, options)
    task, called = chosen_task(changes, options, mask)
    strength, how_much = chosen_strength(task, changes, options)
    keep, holding = chosen_controls(before, task, changes, options)
    return Plan(
        task=task,
        strength=strength,
        size=size,
        changes=changes,
        mask=mask if task == "inpaint" else None,
        controls=keep,
        references=options.references,
        margins=margins,
        scale=scale,
        preset=options.presets[0] if options.presets else "",
        seed=options.seed,
        reasons={
            **called,
            **how_much,
            **(where if task == "inpaint" else {}),
            **holding,
            **framing,
        },
        kept=kept_words(before, after),
        picture=options.picture,
    )


@dataclass(frozen=True)
class EditedScene:
    """A scene before and after its edits, and the plan that leads from one to the other.

    edits: those that were made, presets expanded. conflicts: one sentence for each pair of facts
    after the edits that contradict one another and did not before.
    """

    before: Scene
    after: Scene
    plan: Plan
    edits: tuple[Edit, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetRequest:
    """The prompts of one target before and after the edits, and its request.

    request: None when the target cannot carry out the plan; `refusal` then says why.
    """

    before: Prompt
    after: Prompt
    request: Request | None
    refusal: str = ""

    @property
    def changes(self) -> tuple[PromptChange, ...]:
        """The facets whose words differ between the prompts."""
        return diff(self.before, self.after)
