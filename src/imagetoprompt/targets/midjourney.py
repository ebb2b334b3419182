"""Midjourney: one phrase about the content, short phrases about the look, parameters at the end.

The text is for people to paste: there is no official API, and the terms forbid automation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Attachment, Plan, Reference, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import chosen_provider, request_profile
from imagetoprompt.targets.requests.edit_instructions import edit_instruction
from imagetoprompt.targets.requests.strength_parameters import (
    LIGHT,
    strength_in_words,
    strength_parameter,
    strength_tier,
)
from imagetoprompt.targets.writing.compose import (
    Ending,
    chosen_profile,
    compose,
    ratio_parameter,
    worded_exclusions,
)

_DOCS: Final = Citation("MJ-A", "2026-09-23")

# Image prompts, --sref and --edit; regions and margins are painted in the web editor (MJ-A).
_TASKS: Final[tuple[Task, ...]] = (
    *WHOLE_PICTURE_TASKS,
    "inpaint",
    "outpaint",
    "style-from-image",
    "blend",
)

_V8: Final = Profile(
    target="midjourney",
    variant="8",
    title="Midjourney V8",
    manner="phrases",
    # No length is published: what comes after some forty to sixty words has no visible effect.
    limit=Limit(60, "words", hard=False, source=Citation("MJ-E", "undated")),
    # The vendor's own list of what to mention, in its order (MJ-C).
    sentences=(
        ("medium", "subject", "action", "setting", "action+", "time", "weather", "season"),
        ("text",),
        ("style",),
        ("light",),
        ("palette",),
        ("mood",),
        ("composition",),
        ("camera",),
        ("focus",),
        ("medium+",),
    ),
    negatives="parameter",
    # Any whole numbers are taken; over 2:1 is called experimental, and 3:1 is where it ends here.
    shape=SizeRule("ratio", _DOCS),
    tasks=_TASKS,
    syntax="midjourney",
    defaults={"v": "8.1"},
    sources=(_DOCS, Citation("MJ-C", "2023"), Citation("MJ-D", "2023")),
)

TITLE: Final = "Midjourney"
ALIASES: Final = ("mj",)
VARIANTS: Final[Mapping[str, Profile]] = {
    "8": _V8,
    "7": replace(_V8, variant="7", title="Midjourney V7", defaults={"v": "7"}),
    "6.1": replace(_V8, variant="6.1", title="Midjourney V6.1", defaults={"v": "6.1"}),
    "niji": replace(
        _V8,
        variant="niji",
        title="Niji 7",
        tasks=tuple(task for task in _TASKS if task not in ("inpaint", "outpaint")),
        defaults={"niji": "7"},
    ),
}
"""The versions, the default one first. `--v 8.1` is the V8 whose parameters are documented."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The line to paste after /imagine: phrases, then --ar, --no and the version."""
    profile = chosen_profile(VARIANTS, variant)
    shape = ratio_parameter(scene, profile, "ar")
    excluded: list[Parameter] = list(worded_exclusions(scene, profile).words)
    line = [f"--ar {shape['ar']}"]
    line += [f"--no {', '.join(map(str, excluded))}"] if excluded else []
    line += [f"--{name} {value}" for name, value in profile.defaults.items()]
    parameters = shape | ({"no": excluded} if excluded else {})
    ending = Ending(f" {' '.join(line)}", alone=False, parameters=parameters)
    return compose(scene, profile, emphasis, ending)


PROVIDERS: Final = ("web",)
"""People paste the text on the web page: there is no API (MJ-A)."""

_LINK: Final = "<paste the picture's link>"
_MAX_SEED: Final = 4_294_967_295
# Parameters for a person or thing of another picture and for its weight, by version. The other
# versions take it as one more image prompt.
_SUBJECT_PARAMETERS: Final = {"7": ("oref", "ow"), "6.1": ("cref", "cw")}
_FORM: Final = "a link to a PNG, GIF, WebP or JPEG"
_UPLOAD: Final = (
    "Drop the picture on the prompt bar of midjourney.com, then copy its link.",
    f"Put the link in place of {_LINK}.",
)
_PASTE: Final = "Paste the line into the prompt bar; each job gives four pictures."


@dataclass(frozen=True)
class _Line:
    """One line to paste: links, words, parameters with their values, and links after --edit."""

    words: str
    links: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Parameter], ...] = ()
    strength: str = ""
    limitations: tuple[str, ...] = ()

    def text(self) -> str:
        """The line as it is pasted: links first, parameters last, edited pictures at the end."""
        flags = (f"--{name} {_as_text(value)}" for name, value in self.parameters)
        edited = (f"--edit {' '.join(self.edits)}",) if self.edits else ()
        return " ".join(filter(None, (*self.links, self.words, *flags, *edited)))


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The line to paste: the picture's link, then words and parameters; and steps for a person.

    V8 edits the picture itself (--edit) where little is to change. Regions and margins are painted
    by hand in the web editor, where only the words are pasted.
    """
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    line = _line(prompt, plan, profile)
    body: dict[str, Parameter] = {
        "prompt": line.words,
        "images": list(line.links),
        "edit": list(line.edits),
        "parameters": dict(line.parameters),
    }
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="command",
        body=body,
        prompt=prompt,
        plan=plan,
        text=line.text(),
        attachments=_attachments(plan),
        knob=line.strength,
        losses=(
            *line.limitations,
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_strength(plan),
        ),
        steps=_steps(plan),
    )


def _line(prompt: Prompt, plan: Plan, profile: Profile) -> _Line:
    words = prompt.text.partition(" --")[0]
    picture = plan.picture if _is_link(plan.picture) else _LINK
    tail = _tail(prompt, plan, profile)
    if plan.task in ("inpaint", "outpaint"):
        limitations = ("The web editor takes no strength here.", *api_call.unused_references(plan))
        return _Line(
            words,
            parameters=tail[1:],
            strength="the area marked by hand",
            limitations=limitations,
        )
    if profile.variant == "8" and strength_tier(plan) <= LIGHT:
        instruction = edit_instruction(prompt, plan, profile)
        links = tuple(_link(reference) for reference in plan.references[:_MAX_EDIT_REFERENCES])
        return _Line(instruction, (), (picture, *links), tail, strength_in_words(plan))
    parameter = strength_parameter(f"midjourney:{profile.variant}", plan.strength)
    flags, links, limitations = _references(plan, profile)
    limitation = "An image prompt never gives the picture back as it was, however high --iw."
    return _Line(
        words,
        (picture, *links),
        (),
        (tail[0], ("iw", parameter.value), *flags, *tail[1:]),
        parameter.words,
        (limitation, *limitations),
    )


# --edit takes up to four pictures, the edited one among them (MJ-A).
_MAX_EDIT_REFERENCES: Final = 3


def _tail(prompt: Prompt, plan: Plan, profile: Profile) -> tuple[tuple[str, Parameter], ...]:
    """--ar, --no, --seed and the version."""
    exclusions = {name: value for name, value in prompt.parameters.items() if name == "no"}
    seed, _ = api_call.seed_parameters(plan, _MAX_SEED)
    return (
        ("ar", profile.shape.nearest_text(plan.size)),
        *exclusions.items(),
        *seed.items(),
        *profile.defaults.items(),
    )


def _references(
    plan: Plan, profile: Profile
) -> tuple[tuple[tuple[str, Parameter], ...], tuple[str, ...], tuple[str, ...]]:
    """The references as parameters and as links in front, and limitations."""
    styles = [reference for reference in plan.references if reference.role in ("style", "palette")]
    subjects = [reference for reference in plan.references if reference.role == "subject"]
    flags: list[tuple[str, Parameter]] = []
    if styles:
        weight = strength_parameter("midjourney.sw", styles[0].weight)
        flags += [("sref", " ".join(map(_link, styles))), ("sw", weight.value)]
    limitations = (
        ["--sref brings a whole style, not only colors."] if _has(styles, "palette") else []
    )
    links = [_link(reference) for reference in plan.references if reference.role == "structure"]
    if subjects and profile.variant in _SUBJECT_PARAMETERS:
        name, weight_name = _SUBJECT_PARAMETERS[profile.variant]
        weight = strength_parameter(f"midjourney.{weight_name}", 1 - subjects[0].weight)
        flags += [(name, _link(subjects[0])), (weight_name, weight.value)]
        links += [_link(subject) for subject in subjects[1:]]
    elif subjects:
        links += [_link(subject) for subject in subjects]
        limitations.append(f"{profile.title} has no --oref: Midjourney V7 has (midjourney:7).")
    return tuple(flags), tuple(links), tuple(limitations)


def _has(references: list[Reference], role: str) -> bool:
    return any(reference.role == role for reference in references)


def _is_link(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _link(reference: Reference) -> str:
    source = reference.source
    return source if _is_link(source) else f"<paste the link of {source}>"


def _as_text(value: Parameter) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else f"{value}"


def _attachments(plan: Plan) -> tuple[Attachment, ...]:
    picture = Attachment(
        "the first link", "the picture", _FORM, plan.picture if _is_link(plan.picture) else _LINK
    )
    references = (
        Attachment(
            f"link {number}",
            f"{reference.source}, for its {reference.role}",
            _FORM,
            _link(reference),
        )
        for number, reference in enumerate(plan.references, 2)
    )
    return (picture, *references)


def _steps(plan: Plan) -> tuple[str, ...]:
    if plan.task == "inpaint":
        return (*_OPEN, "Erase the region to paint anew, paste the line and submit.")
    if plan.task == "outpaint":
        return (
            *_OPEN,
            "Choose the new shape or scale the picture down in it, paste the line and submit.",
        )
    return (*(() if _is_link(plan.picture) else _UPLOAD), _PASTE)


_OPEN: Final = ("Open the picture in the Editor of midjourney.com.",)
