"""OpenAI's image models: prose that describes the setting before the subject, constraints last.

DALL-E 3 left OpenAI's API on 2026-05-12; its profile is for other services that still offer it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Attachment, Plan, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import chosen_provider, request_profile
from imagetoprompt.targets.requests.edit_instructions import edit_instruction
from imagetoprompt.targets.requests.strength_parameters import strength_in_words, strength_parameter
from imagetoprompt.targets.writing.compose import chosen_profile, compose, exclusion_ending

_SDK: Final = Citation("OAI-PY", "2026-08-21")
_GUIDE: Final = Citation("OAI-CB", "undated")

# Edits take up to 16 pictures and a mask (OAI-PY).
_TASKS: Final[tuple[Task, ...]] = (
    *WHOLE_PICTURE_TASKS,
    "inpaint",
    "outpaint",
    "style-from-image",
    "blend",
)

_GPT: Final = Profile(
    target="openai",
    variant="gpt-image",
    title="GPT Image",
    manner="prose",
    limit=Limit(32_000, "characters", hard=True, source=_SDK),
    # Background, subject, key details, constraints (OAI-CB).
    sentences=(
        ("setting", "time", "weather", "season", "subject", "action", "action+"),
        ("text",),
        ("light", "palette", "mood"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
    ),
    negatives="sentence",
    # The three sizes that every GPT Image model takes.
    shape=SizeRule("size", _SDK, allowed=((1024, 1024), (1536, 1024), (1024, 1536)), separator="x"),
    tasks=_TASKS,
    mixes_pictures=True,
    texts=6,
    sources=(_SDK, _GUIDE),
)

TITLE: Final = "OpenAI"
ALIASES: Final = ("dalle", "gpt")
VARIANTS: Final[Mapping[str, Profile]] = {
    "gpt-image": _GPT,
    "dalle-3": replace(
        _GPT,
        variant="dalle-3",
        title="DALL-E 3",
        limit=Limit(4000, "characters", hard=True, source=_SDK),
        shape=SizeRule(
            "size", _SDK, allowed=((1024, 1024), (1792, 1024), (1024, 1792)), separator="x"
        ),
        # It takes words only.
        tasks=("reimagine",),
        mixes_pictures=False,
        texts=2,
        text_length=30,
        sources=(_SDK, Citation("OAI-DEP", "2026-05-12")),
    ),
}
"""The model families, the live one first."""


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt and the `size`, as the images API takes it."""
    profile = chosen_profile(VARIANTS, variant)
    size = {"size": profile.shape.nearest_text(scene.size)}
    return compose(scene, profile, emphasis, exclusion_ending(scene, profile, size))


PROVIDERS: Final = ("gpt-image-2", "gpt-image-1.5", "gpt-image-1", "gpt-image-1-mini")
"""The models that edit pictures, the current one first."""

_URL: Final = "https://api.openai.com/v1/images/edits"
_FORM: Final = "PNG, WebP or JPEG under 50 MB"
# Models with input_fidelity: gpt-image-2 always has high fidelity, and the mini model has no such
# field (OAI-PY, OAI-G).
_FIDELITY_MODELS: Final = ("gpt-image-1.5", "gpt-image-1")
# Any size in steps of 16, from 1:3 to 3:1, up to 8.3 megapixels; about 1.5 megapixels cost least
# for their detail (OAI-G).
_FREE_SIZES: Final = SizeRule(
    "size", _SDK, separator="x", area=1536 * 1024, multiple=16, min_side=512, max_side=3840
)
_SOFT_MASK: Final = (
    "The mask guides: what lies outside it may change a little, so lay the original over it."
)


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The form for the edits endpoint: the picture first, its references after it, and the mask.

    via: the model. DALL-E 3 takes words only: its text is for pasting.
    """
    profile = request_profile(prompt, plan, VARIANTS)
    if profile.variant == "dalle-3":
        return _pasted(prompt, plan, profile)
    model = chosen_provider(via, PROVIDERS, profile.target)
    strength, fidelity = _fidelity(plan, model)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="multipart",
        body={
            "model": model,
            "prompt": edit_instruction(prompt, plan, profile),
            "image[]": [_picture(plan), *_placeholders(plan)],
            **({"mask": api_call.MASK} if _is_masked(plan) else {}),
            **fidelity,
            "size": _shape(profile, model).nearest_text(plan.size),
            "quality": "auto",
            "n": 1,
            "output_format": "png",
        },
        prompt=prompt,
        plan=plan,
        url=_URL,
        attachments=_attachments(plan),
        knob=strength,
        losses=_limitations(plan, profile, model),
        headers={"Authorization": "Bearer $OPENAI_API_KEY"},
    )


_MASKED: Final = "the mask: what is transparent is painted anew"


def _fidelity(plan: Plan, model: str) -> tuple[str, dict[str, Parameter]]:
    words = _MASKED if _is_masked(plan) else strength_in_words(plan)
    if model not in _FIDELITY_MODELS:
        return words, {}
    parameter = strength_parameter("openai.fidelity", plan.strength)
    return f"{parameter.words}; {words}", {parameter.name: parameter.value}


def _shape(profile: Profile, model: str) -> SizeRule:
    return _FREE_SIZES if model == "gpt-image-2" else profile.shape


def _is_masked(plan: Plan) -> bool:
    return plan.task in ("inpaint", "outpaint")


def _picture(plan: Plan) -> str:
    return api_call.CANVAS if plan.margins else api_call.PICTURE


def _placeholders(plan: Plan) -> list[Parameter]:
    return [api_call.placeholder(number) for number, _ in enumerate(plan.references, 1)]


def _attachments(plan: Plan) -> tuple[Attachment, ...]:
    form = f"{_FORM}; the room around it transparent"
    picture = (
        api_call.canvas_attachment("image[]", plan, form)
        if plan.margins
        else api_call.picture_attachment("image[]", _FORM)
    )
    references = (
        api_call.reference_attachment("image[]", reference, number, _FORM)
        for number, reference in enumerate(plan.references, 1)
    )
    mask = (api_call.mask_attachment("mask", plan, "clear"),) if _is_masked(plan) else ()
    return (picture, *references, *mask)


def _limitations(plan: Plan, profile: Profile, model: str) -> tuple[str, ...]:
    soft = (_SOFT_MASK,) if _is_masked(plan) else ()
    seed = () if plan.seed is None else ("GPT Image takes no seed.",)
    pair = _shape(profile, model).nearest(plan.size)
    crop = api_call.crop_limitation(plan, pair)
    return (
        *soft,
        *crop,
        *api_call.dropped_controls(plan, profile),
        *api_call.unused_strength(plan),
        *seed,
    )


def _pasted(prompt: Prompt, plan: Plan, profile: Profile) -> Request:
    """The text to paste where DALL-E 3 is still offered; it takes no picture."""
    limitation = "DALL-E 3 takes no picture: only the words tell it what to show."
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="command",
        body={"prompt": prompt.text, "size": profile.shape.nearest_text(plan.size)},
        prompt=prompt,
        plan=plan,
        text=prompt.text,
        knob="no strength: it starts from words alone",
        losses=(limitation, *api_call.dropped_controls(plan, profile)),
        steps=("Paste the prompt where DALL-E 3 still answers; its own API ended on 2026-05-12.",),
    )
