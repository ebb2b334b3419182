"""compose(scene, profile, emphasis) -> Prompt: the whole way from facts to what is pasted.

    scene --gather--> clauses --fitted(rendered)--> text + spans + dropped --> Prompt

It does not know any one target: what is special to one comes in as an Ending or another renderer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from imagetoprompt.core.prompt import Parameter, Profile, Prompt
from imagetoprompt.core.scene import Scene
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.lexicon import table
from imagetoprompt.targets.aspect_ratio import nearest, ratio
from imagetoprompt.targets.writing.clauses import gather
from imagetoprompt.targets.writing.length_limits import Write, fitted
from imagetoprompt.targets.writing.negatives import Exclusions, exclusions
from imagetoprompt.targets.writing.sentence_order import Draft, rendered


@dataclass(frozen=True)
class Ending:
    """What follows the facts: `text` as it is pasted after them, and parameters as data.

    alone: whether the text says something when there are no facts before it.
    """

    text: str = ""
    alone: bool = True
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)


def chosen(variants: Mapping[str, Profile], variant: str) -> Profile:
    """The profile of that name, the first one for no name; UnknownNameError if there is none."""
    name = variant or next(iter(variants))
    if name not in variants:
        raise UnknownNameError(f"variant of {next(iter(variants.values())).target}", name, variants)
    return variants[name]


def compose(
    scene: Scene,
    profile: Profile,
    emphasis: str,
    ending: Ending | None = None,
    write: Write | None = None,
) -> Prompt:
    """The prompt of a scene in the dialect of a profile.

    ending: in place of the exclusions that the profile puts into the text. write: in place of the
    manner of the profile.
    """
    if emphasis not in table("emphases"):
        raise UnknownNameError("emphasis", emphasis, table("emphases"))
    left_out = exclusions(scene, profile)
    end = ending or Ending(_after(left_out.sentence))
    telling = gather(scene, profile)
    how = write or partial(rendered, profile=profile, emphasis=emphasis)
    fit = fitted(telling, how, profile.limit, end.text)
    return Prompt(
        target=profile.target,
        variant=profile.variant,
        text=_ended(fit.draft, end),
        negative=_negative(left_out, profile),
        parameters={**profile.defaults, **end.parameters},
        spans=fit.draft.spans,
        dropped=(*telling.dropped, *fit.dropped, *left_out.dropped),
        length=fit.length if fit.draft.text else 0,
        emphasis=emphasis,
    )


def sized(scene: Scene, profile: Profile) -> dict[str, Parameter]:
    """Width and height in pixels, as parameters of those names."""
    width, height = nearest(scene.size, profile.shape)
    return {"width": width, "height": height}


def proportioned(
    scene: Scene, profile: Profile, name: str = "aspect_ratio"
) -> dict[str, Parameter]:
    """The aspect ratio, as a parameter of that name."""
    return {name: ratio(scene.size, profile.shape)}


def told_ending(scene: Scene, profile: Profile, parameters: Mapping[str, Parameter]) -> Ending:
    """The exclusions as their sentence, with parameters beside them."""
    return Ending(_after(exclusions(scene, profile).sentence), parameters=parameters)


def _after(sentence: str) -> str:
    return f" {sentence}" if sentence else ""


def _ended(draft: Draft, end: Ending) -> str:
    return (draft.text + end.text).strip() if draft.text or end.alone else ""


def _negative(left_out: Exclusions, profile: Profile) -> str:
    return ", ".join(left_out.words) if profile.negatives == "field" else ""
