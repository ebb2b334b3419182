"""A scene, plans for it and their requests, for the tests of targets."""

from dataclasses import replace
from typing import Any

from imagetoprompt.core.measurements import Palette, Subject, Swatch
from imagetoprompt.core.plan import Margins, Mask, Plan, Reference, Request, Task
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.facts.edits import apply, preset
from imagetoprompt.planning import PlanOptions, plan
from imagetoprompt.targets import TARGETS

TARGET_VARIANTS = [(target, variant) for target in TARGETS for variant in TARGETS[target].VARIANTS]
COLORS = Palette((Swatch("#0F6E7C", "teal", 0.6), Swatch("#F2A541", "amber", 0.4)), "x", 0, 0.5)
SCENE = Scene(
    (1500, 1000),
    (
        Fact("subject", "a dog", 0.9, measurement=Subject("dog", 1, ((0.1, 0.2, 0.3, 0.4),))),
        Fact("setting", "meadow", 0.9),
        Fact("time", "dusk", 0.9),
        Fact("palette", "teal and amber palette", 0.9, measurement=COLORS),
        Fact("text", "OPEN", 0.9),
    ),
    excluded=("people",),
)
PICTURES = (
    Reference("style", "style.png", 0.7),
    Reference("subject", "https://example.org/me.png", 0.5),
    Reference("palette", "colors.png", 1),
    Reference("structure", "layout.png", 0),
)
NEEDED: dict[Task, dict[str, Any]] = {
    "inpaint": {"mask": Mask(((0.1, 0.2, 0.3, 0.4),))},
    "outpaint": {"margins": Margins(0.5, 0, 1.5, 0.25)},
    "upscale": {"scale": 4},
    "style-from-image": {"references": PICTURES},
    "blend": {"references": PICTURES},
}
KEEP = ("lineart", "pose", "segments")


def sample_plan(task: Task, size: tuple[int, int] = (1500, 1000), **more: object) -> Plan:
    scene = replace(SCENE, size=size)
    after = apply(scene, preset("watercolor").edits)
    return plan(scene, after, PlanOptions(task=task, **{**NEEDED.get(task, {}), **more}))


def sample_request(target: str, variant: str, sample: Plan, via: str = "") -> Request:
    scene = apply(replace(SCENE, size=sample.size), preset("watercolor").edits)
    return TARGETS[target].request(TARGETS[target].write(scene, variant), sample, via)


def can_do(target: str, variant: str, task: Task) -> bool:
    return task in TARGETS[target].VARIANTS[variant].tasks
