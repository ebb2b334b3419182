"""Ideogram: sentences with the visible words early for version 3; a JSON caption for version 4.

Keys of the caption and their order are those of the vendor's JSON prompting page (IDEO-P4J). It is
built in pieces rather than by a JSON library, so that every character of a fact stays in a span.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final

from imagetoprompt.core.measurements import Box, Measurement, Palette, Subject, Text
from imagetoprompt.core.plan import WHOLE_PICTURE_TASKS, Attachment, Plan, Request, Task
from imagetoprompt.core.prompt import Citation, Limit, Parameter, Profile, Prompt, SizeRule
from imagetoprompt.core.scene import Scene
from imagetoprompt.lexicon import table
from imagetoprompt.targets.requests import api_call
from imagetoprompt.targets.requests.api_call import ApiCall, chosen_provider, request_profile
from imagetoprompt.targets.requests.edit_instructions import edit_instruction
from imagetoprompt.targets.requests.strength_parameters import strength_in_words, strength_parameter
from imagetoprompt.targets.writing.clauses import FacetClauses, WordSlot
from imagetoprompt.targets.writing.compose import (
    chosen_profile,
    compose,
    exclusion_ending,
    ratio_parameter,
)
from imagetoprompt.targets.writing.prose import is_photographic
from imagetoprompt.targets.writing.sentence_order import (
    DraftText,
    Sentence,
    TextPiece,
    arranged_sentences,
    draft_text,
    render_sentence,
)
from imagetoprompt.targets.writing.tags import TAGS

_OPENAPI: Final = Citation("IDEO-OA", "2026-06-17")
_GUIDE: Final = Citation("IDEO-P2", "undated")
_CAPTIONS: Final = Citation("IDEO-P4J", "2026-11-23")

_RATIOS: Final = (
    (1, 1),
    (4, 5),
    (3, 4),
    (2, 3),
    (10, 16),
    (9, 16),
    (1, 2),
    (1, 3),
    (5, 4),
    (4, 3),
    (3, 2),
    (16, 10),
    (16, 9),
    (2, 1),
    (3, 1),
)

# Remix, inpaint and reframe (IDEO-OA).
_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint", "outpaint", "style-from-image")
# Version 4 edits precisely, by words and a mask (IDEO-DEV).
_JSON_TASKS: Final[tuple[Task, ...]] = (*WHOLE_PICTURE_TASKS, "inpaint")

_V3: Final = Profile(
    target="ideogram",
    variant="3",
    title="Ideogram 3",
    manner="prose",
    # "Approximately 150-160 words": what is longer may be ignored.
    limit=Limit(150, "words", hard=False, source=_GUIDE),
    sentences=(
        ("text",),
        ("subject", "action", "setting", "action+", "time", "weather", "season"),
        ("medium", "style", "camera", "composition", "composition+", "focus"),
        ("light", "palette", "mood"),
    ),
    negatives="field",
    shape=SizeRule("ratio", _OPENAPI, allowed=_RATIOS, separator="x"),
    tasks=_TASKS,
    texts=5,
    verbs=True,
    defaults={"magic_prompt": "OFF"},
    sources=(_OPENAPI, _GUIDE, Citation("IDEO-P4", "undated")),
)

TITLE: Final = "Ideogram"
VARIANTS: Final[Mapping[str, Profile]] = {
    "3": _V3,
    "json": replace(
        _V3,
        variant="json",
        title="Ideogram 4 (JSON)",
        limit=Limit(10_000, "characters", hard=True, source=Citation("COMFY-D", "undated")),
        sentences=(
            ("subject", "action", "setting", "action+", "time", "weather", "season"),
            ("medium", "style", "camera", "composition", "composition+", "focus"),
            ("light", "palette", "mood"),
            ("text",),
        ),
        negatives="rewrite",
        tasks=_JSON_TASKS,
        texts=12,
        text_length=120,
        sources=(_CAPTIONS, Citation("IDEO-DEV", "2026-10-02")),
    ),
}
"""Version 3, and the JSON form that version 4 was trained on."""

# Weights run from 0.05 to 1 (IDEO-OA).
_MIN_WEIGHT: Final = 0.05


def write(scene: Scene, /, variant: str = "", emphasis: str = "balanced") -> Prompt:
    """The prompt; version 3 gets the palette as parameters, version 4 inside its JSON."""
    profile = chosen_profile(VARIANTS, variant)
    parameters = ratio_parameter(scene, profile)
    if profile.variant == "json":
        ending = exclusion_ending(scene, profile, parameters)
        renderer = partial(
            json_caption, profile=profile, emphasis=emphasis, exclusions=ending.text.strip()
        )
        return compose(scene, profile, emphasis, replace(ending, text=""), renderer)
    parameters |= _color_palette(scene)
    return compose(scene, profile, emphasis, exclusion_ending(scene, profile, parameters))


def _color_palette(scene: Scene) -> dict[str, Parameter]:
    """The measured swatches as hex colors, weighted by their share of the area."""
    palettes = [fact.measurement for fact in scene.said("palette")]
    swatches = [
        swatch
        for palette in palettes
        if isinstance(palette, Palette)
        for swatch in palette.swatches
    ]
    members: list[Parameter] = [
        {"color_hex": swatch.hex, "color_weight": round(min(max(swatch.area, _MIN_WEIGHT), 1), 2)}
        for swatch in swatches
    ]
    return {"color_palette": {"members": members}} if members else {}


PROVIDERS: Final = ("ideogram",)
"""The vendor's API."""

_URL: Final = "https://api.ideogram.ai"
_FORM: Final = "PNG, JPEG or WebP under 10 MB"
_MAX_SEED: Final = 2**31 - 1
_STYLE_ROLES: Final = ("style", "palette")
_MASKED: Final = "the mask: what is black is painted anew"


def request(prompt: Prompt, plan: Plan, /, via: str = "") -> Request:
    """The form: remix, inpaint or reframe for version 3; remix or a precise edit for version 4."""
    profile = request_profile(prompt, plan, VARIANTS)
    chosen_provider(via, PROVIDERS, profile.target)
    call = _api_call(prompt, plan, profile)
    seed, unseeded = api_call.seed_parameters(plan, _MAX_SEED)
    return Request(
        target=profile.target,
        variant=profile.variant,
        form="multipart",
        body={**call.body, **seed, "num_images": 1},
        prompt=prompt,
        plan=plan,
        url=f"{_URL}{call.path}",
        attachments=call.attachments,
        knob=call.strength,
        losses=(
            *call.limitations,
            *api_call.dropped_controls(plan, profile),
            *api_call.unused_strength(plan),
            *unseeded,
        ),
        headers={"Api-Key": "$IDEOGRAM_API_KEY"},
    )


def _api_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    if profile.variant == "json":
        return _edit_call(prompt, plan, profile)
    if plan.task == "inpaint":
        return _inpaint_call(prompt, plan)
    return _reframe_call(plan) if plan.task == "outpaint" else _remix_call(prompt, plan, profile)


def _remix_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    parameter = strength_parameter("ideogram.weight", plan.strength)
    styles, files, limitations = _style_references(plan)
    body: dict[str, Parameter] = {
        "image": api_call.PICTURE,
        "prompt": prompt.text,
        parameter.name: parameter.value,
        "aspect_ratio": profile.shape.nearest_text(plan.size),
        **_prompt_fields(prompt),
        **({"style_reference_images": styles} if styles else {}),
    }
    picture = api_call.picture_attachment("image", _FORM)
    limitations = (
        *filter(None, (parameter.limitation,)),
        *api_call.crop_limitation(plan, profile.shape.nearest(plan.size)),
        *limitations,
    )
    return ApiCall("/v1/ideogram-v3/remix", body, (picture, *files), parameter.words, limitations)


def _prompt_fields(prompt: Prompt) -> dict[str, Parameter]:
    """Fields of every endpoint with a prompt: no rewriting, exclusions, and the palette in hex."""
    palette = prompt.parameters.get("color_palette")
    negative: dict[str, Parameter] = {"negative_prompt": prompt.negative} if prompt.negative else {}
    colors: dict[str, Parameter] = {"color_palette": palette} if palette else {}
    return {"rendering_speed": "DEFAULT", "magic_prompt": "OFF", **negative, **colors}


def _style_references(
    plan: Plan,
) -> tuple[list[Parameter], tuple[Attachment, ...], tuple[str, ...]]:
    """The field, the attachments and the limitations of references of style and palette."""
    styles = [
        (number, reference)
        for number, reference in enumerate(plan.references, 1)
        if reference.role in _STYLE_ROLES
    ]
    files = tuple(
        api_call.reference_attachment(
            "style_reference_images", reference, number, f"{_FORM} in all"
        )
        for number, reference in styles
    )
    unweighted = ("A style reference has no weight here.",) if styles else ()
    return (
        [api_call.placeholder(number) for number, _ in styles],
        files,
        (*unweighted, *api_call.unused_references(plan, _STYLE_ROLES)),
    )


def _inpaint_call(prompt: Prompt, plan: Plan) -> ApiCall:
    fields = _prompt_fields(prompt)
    fields.pop("negative_prompt", None)
    body = {"image": api_call.PICTURE, "mask": api_call.MASK, "prompt": prompt.text, **fields}
    files = (
        api_call.picture_attachment("image", _FORM),
        api_call.mask_attachment("mask", plan, "black"),
    )
    return ApiCall(
        "/v1/ideogram-v3/inpaint", body, files, _MASKED, api_call.unused_references(plan)
    )


def _reframe_call(plan: Plan) -> ApiCall:
    sizes = tuple(
        (width, height) for width, height in table("ideogram", __package__)["resolutions"]
    )
    shape = SizeRule("size", _OPENAPI, separator="x", allowed=sizes)
    pair = shape.nearest(plan.size)
    body: dict[str, Parameter] = {
        "image": api_call.PICTURE,
        "resolution": shape.nearest_text(plan.size),
        "rendering_speed": "DEFAULT",
    }
    limitations = (
        "Reframe takes no prompt and puts the picture in the middle.",
        *api_call.crop_limitation(plan, pair),
        *api_call.size_limitation(plan, pair),
        *api_call.unused_references(plan),
    )
    files = (api_call.picture_attachment("image", _FORM),)
    return ApiCall("/v1/ideogram-v3/reframe", body, files, "the resolution", limitations)


def _edit_call(prompt: Prompt, plan: Plan, profile: Profile) -> ApiCall:
    """Version 4 reads the prompt of a remix as an instruction; version 4.5 edits under a mask."""
    picture = api_call.picture_attachment("image", _FORM)
    body: dict[str, Parameter] = {
        "prompt": edit_instruction(prompt, plan, profile),
        "image": api_call.PICTURE,
    }
    if plan.task == "inpaint":
        body |= {"mask": api_call.MASK, "quality": "medium"}
        mask = api_call.mask_attachment("mask", plan, "black")
        return ApiCall(
            "/v2/image/precise-edit/ideogram-4-5",
            body,
            (picture, mask),
            _MASKED,
            api_call.unused_references(plan),
        )
    parameter = strength_parameter("ideogram.weight", plan.strength)
    strength = f"{parameter.words}; {strength_in_words(plan)}"
    limitations = (*filter(None, (parameter.limitation,)), *api_call.unused_references(plan))
    return ApiCall(
        "/v2/image/remix/ideogram-4",
        {**body, parameter.name: parameter.value},
        (picture,),
        strength,
        limitations,
    )


_BACKGROUND: Final[Sentence] = ("setting", "time", "weather", "season")
# Facets of a caption's summary; the others have keys of their own.
_SUMMARY_FACETS: Final = {
    "subject",
    "action",
    "setting",
    "medium",
    "composition",
    "camera",
    "focus",
}
# Boxes are [y_min, x_min, y_max, x_max] on a grid of 1000 from the top left.
_GRID_SIZE: Final = 1000
_NOTHING: Final = FacetClauses("", (), ())


def json_caption(
    contents: Mapping[str, FacetClauses], profile: Profile, emphasis: str, exclusions: str = ""
) -> DraftText:
    """The JSON caption that Ideogram 4 was trained on, with its spans.

    exclusions: a sentence of positive opposites, which ends the background.
    """
    if not contents and not exclusions:
        return DraftText("", ())
    members = [
        _string(
            "high_level_description",
            _summary(contents, arranged_sentences(profile, emphasis, contents)),
        ),
        _object("style_description", _style(contents)),
        _object("compositional_deconstruction", _layout(contents, exclusions)),
    ]
    return draft_text(chain([("", "{")], _listed(members), [("", "}")]))


def _summary(contents: Mapping[str, FacetClauses], rows: list[Sentence]) -> Iterator[TextPiece]:
    rows = [row for row in rows if row != ("text",)]
    summary = [row for row in rows if row == rows[0] or _SUMMARY_FACETS.intersection(row)]
    for index, row in enumerate(summary):
        yield "", " " if index else ""
        yield from render_sentence(contents, row)
        yield "", "."


def _style(contents: Mapping[str, FacetClauses]) -> list[list[TextPiece]]:
    """The members of the style; the span of the palette includes the key of its hex colors."""
    members = [*_looks(contents)]
    colors = _colors(contents)
    if colors:
        members[-1].append(("palette", f',"color_palette":[{colors}]'))
    return members


def _looks(contents: Mapping[str, FacetClauses]) -> Iterator[list[TextPiece]]:
    looks = [facet for facet in ("style", "mood", "palette") if facet in contents]
    if looks:
        tags = [
            [("", ", " if index else ""), _tag(contents, facet)]
            for index, facet in enumerate(looks)
        ]
        yield _string("aesthetics", chain.from_iterable(tags))
    if "light" in contents:
        yield _string("lighting", [_tag(contents, "light")])
    if "medium" in contents:
        yield [("medium", _medium(contents["medium"]))]


def _medium(content: FacetClauses) -> str:
    """A photograph is named under 'photo', anything else under 'art_style', never both."""
    words = ", ".join(content.clauses)
    if is_photographic(words):
        return f'"photo":{_quoted(words)},"medium":"photograph"'
    return f'"medium":{_quoted(words)},"art_style":{_quoted(words)}'


def _colors(contents: Mapping[str, FacetClauses]) -> str:
    numbers = contents["palette"].measurements[0] if "palette" in contents else None
    swatches = getattr(numbers, "swatches", ())
    return ",".join(_quoted(swatch.hex.upper()) for swatch in swatches)


def _layout(contents: Mapping[str, FacetClauses], exclusions: str) -> Iterator[list[TextPiece]]:
    setting = [
        *render_sentence(
            {slot: contents[slot] for slot in _BACKGROUND if slot in contents}, _BACKGROUND
        )
    ]
    end = [("", ". " if setting and exclusions else ""), ("", exclusions)]
    yield _string("background", [*setting, *end])
    elements = [group for group in (_objects(contents), _texts(contents)) if group]
    yield [("", '"elements":['), *_listed(elements), ("", "]")]


def _objects(contents: Mapping[str, FacetClauses]) -> list[TextPiece]:
    """An element for every subject; the action is part of the first one."""
    pieces: list[TextPiece] = []
    subject = contents.get("subject", _NOTHING)
    for index, clauses in enumerate(subject.facts):
        box = _box(_boxes(subject.measurements[index]))
        comma = "," if index else ""
        pieces.append(
            ("subject", f'{comma}{{"type":"obj",{box}"desc":"{_inner(", ".join(clauses))}')
        )
        if not index and "action" in contents:
            facet, words = _tag(contents, "action")
            pieces.append((facet, _inner(f" {words}")))
        pieces.append(("subject", '"}'))
    return pieces


def _texts(contents: Mapping[str, FacetClauses]) -> list[TextPiece]:
    text = contents.get("text", _NOTHING)
    elements = [
        f'{{"type":"text",{_box(_boxes(numbers))}"text":{_quoted(words)},"desc":"lettering"}}'
        for (words,), numbers in zip(text.facts, text.measurements, strict=True)
    ]
    return [("text", ",".join(elements))] if elements else []


def _boxes(numbers: Measurement | None) -> tuple[Box, ...]:
    if isinstance(numbers, Subject):
        return numbers.boxes
    return (numbers.box,) if isinstance(numbers, Text) else ()


def _box(boxes: tuple[Box, ...]) -> str:
    """The member for the box around all boxes, with its comma; "" without boxes."""
    if not boxes:
        return ""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    grid = [
        min(max(round(side * _GRID_SIZE), 0), _GRID_SIZE) for side in (top, left, bottom, right)
    ]
    return f'"bbox":{json.dumps(grid, separators=(",", ":"))},'


def _tag(contents: Mapping[str, FacetClauses], facet: str) -> TextPiece:
    _, words = TAGS[facet](contents[facet], WordSlot((), (), frozenset(contents)))
    return facet, words


def _string(name: str, pieces: Iterable[TextPiece]) -> list[TextPiece]:
    inner = [(facet, _inner(words)) for facet, words in pieces]
    return [("", f'"{name}":"'), *inner, ("", '"')]


def _object(name: str, members: Iterable[list[TextPiece]]) -> list[TextPiece]:
    return [("", f'"{name}":{{'), *_listed(members), ("", "}")]


def _listed(members: Iterable[list[TextPiece]]) -> Iterator[TextPiece]:
    for index, member in enumerate(members):
        yield "", "," if index else ""
        yield from member


def _inner(words: str) -> str:
    """The words escaped for JSON, without the quotes."""
    return _quoted(words)[1:-1]


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
