"""The story of an edit.

    Scene ──apply──▶ Scene ──plan──▶ Plan
                       └──write──▶ Prompt ──request──▶ Request

It does not know how a request is carried out, nor how any of it is shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.core.measurements import Palette, Swatch
from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.errors import PlanError
from imagetoprompt.facts.blend import blend, conflicts
from imagetoprompt.facts.edits import Edit, allowed, apply, preset
from imagetoprompt.pipeline import resolve, write
from imagetoprompt.planning import Wishes, plan
from imagetoprompt.targets.prompt_diff import Change, diff

_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True)
class Edited:
    """A scene before and after its edits, the plan that leads there, and what does not go together.

    edits: those that were made, presets expanded. conflicts: one sentence for each pair of facts
    after the edits that contradict one another and did not before.
    """

    before: Scene
    after: Scene
    plan: Plan
    edits: tuple[Edit, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One target: its prompts before and after, and the request, or why there is none."""

    before: Prompt
    after: Prompt
    request: Request | None
    refusal: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The facets whose words differ between the prompts."""
        return diff(self.before, self.after)


def edit(
    before: Scene,
    edits: Sequence[Edit] = (),
    wishes: Wishes | None = None,
    *,
    taken: Mapping[str, Scene] | None = None,
) -> Edited:
    """The scene with presets (those of the wishes), facts taken from other scenes, and edits made.

    Locks come first, so that presets leave those facets alone. Hex colors are written by name too,
    for generators that read names only.
    """
    wish = wishes or Wishes()
    locks = tuple(each for each in edits if each.how in ("lock", "unlock"))
    own = tuple(each for each in edits if each not in locks)
    held = apply(before, locks)
    sets = tuple(each for name in wish.presets for each in allowed(held, preset(name)))
    after = named(apply(_blended(apply(held, sets), taken or {}), own))
    already = conflicts(before)
    new = tuple(each for each in conflicts(after) if each not in already)
    minded = (*new, *_left_over(before, after))
    return Edited(before, after, plan(before, after, wish), (*locks, *sets, *own), minded)


def _left_over(before: Scene, after: Scene) -> tuple[str, ...]:
    """A sentence when the last subject went and what it did is still said."""
    alone = before.said("subject") and not after.said("subject")
    doing = [fact.value for fact in after.said("action")] if alone else []
    return tuple(f"Nobody is left for the action '{each}': remove it too." for each in doing)


def ask(edited: Edited, target: str, /, *, via: str = "", emphasis: str = "balanced") -> Asked:
    """What a target, or 'target:variant', is asked; where it cannot do it, who can."""
    old, new = (write(scene, target, emphasis=emphasis) for scene in (edited.before, edited.after))
    try:
        return Asked(old, new, resolve(target)[0].request(new, edited.plan, via))
    except PlanError as error:
        return Asked(old, new, None, str(error))


def named(scene: Scene, /) -> Scene:
    """The scene with each hex color that a user wrote into its palette given a plain name."""
    return replace(scene, facts=tuple(_named(fact) for fact in scene))


def _named(fact: Fact) -> Fact:
    numbers = fact.measurement
    codes = dict.fromkeys(_HEX.findall(fact.value)) if fact.facet == "palette" else {}
    if not codes or not isinstance(numbers, Palette):
        return fact
    names = {code.upper(): _name(code) for code in codes}
    swatches = tuple(_renamed(each, names) for each in numbers.swatches)
    words = _HEX.sub(lambda found: names[found[0].upper()], fact.value)
    only = not re.search(r"[a-z]{2}", _HEX.sub("", fact.value).replace("and", ""))
    if only:
        plain = list(dict.fromkeys(names.values()))
        words = f"{' and '.join(filter(None, (', '.join(plain[:-1]), plain[-1])))} palette"
    return replace(fact, value=words, measurement=replace(numbers, swatches=swatches))


def _renamed(swatch: Swatch, names: Mapping[str, str]) -> Swatch:
    return replace(swatch, name=names.get(swatch.hex, swatch.name))


def _name(code: str) -> str:
    # Here, since only hex colors need numpy.
    from imagetoprompt.images.color import from_hex, name  # noqa: PLC0415

    return name(from_hex(code))


def _blended(scene: Scene, taken: Mapping[str, Scene]) -> Scene:
    """The scene with each facet of `taken` as another scene has it."""
    for facet, other in taken.items():
        scene = replace(blend((scene, other), {facet: 1}).scene, origin=scene.origin)
    return scene
