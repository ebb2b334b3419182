"""Examples of bodies, as they stand in the document; the tests send each of them.

They do not know what is answered.
"""

from typing import Any, Final

from fastapi import Body

from imagetoprompt.web.api.request_models import AN_ID

Examples = dict[str, Any]

SCENE: Final = {
    "version": 1,
    "size": [1200, 800],
    "facts": [
        {"facet": "subject", "value": "a lighthouse", "confidence": 0.93},
        {"facet": "setting", "value": "rocky coast", "confidence": 0.84},
        {"facet": "time", "value": "dusk", "confidence": 0.81},
    ],
}
WATERCOLOR: Final = {"picture": AN_ID, "presets": ["watercolor"]}
NIGHT: Final = {
    "scene": SCENE,
    "edits": [
        {"facet": "time", "value": "night"},
        {"facet": "light", "value": "a single lantern"},
    ],
    "wishes": {"strength": 0.5, "keep": ["depth"]},
}


def _body(**examples: tuple[str, Examples]) -> Any:  # noqa: ANN401 - FastAPI's, which has no type
    told = {name: {"summary": words, "value": body} for name, (words, body) in examples.items()}
    return Body(openapi_examples=told)  # type: ignore[arg-type]


WRITES: Final = _body(
    facts=("Facts of your own, for FLUX", {"scene": SCENE, "targets": ["flux"]}),
    picture=("A picture that was described, for all", {"picture": AN_ID}),
    four=(
        "Four alternatives for Midjourney",
        {"scene": SCENE, "targets": ["midjourney"], "alternatives": True},
    ),
)
EDITS: Final = _body(
    night=("By night", {**NIGHT, "targets": ["flux", "stable_diffusion:xl"]}),
    watercolor=("A preset", {**WATERCOLOR, "targets": ["midjourney"]}),
)
PLANS: Final = _body(night=("By night", NIGHT), watercolor=("A preset", WATERCOLOR))
REQUESTS: Final = _body(
    night=("By night, with Stable Diffusion XL", {**NIGHT, "target": "stable_diffusion:xl"}),
    watercolor=("A preset, in Midjourney", {**WATERCOLOR, "target": "midjourney"}),
)
TRANSFORMS: Final = _body(
    watercolor=("A preset", {**WATERCOLOR, "wishes": {"seed": 7}}),
    fill=(
        "Something painted anew where a box is",
        {
            "picture": AN_ID,
            "edits": [{"facet": "subject", "value": "a bicycle", "how": "remove"}],
            "wishes": {"task": "inpaint", "mask": {"boxes": [[0.1, 0.5, 0.3, 0.4]]}},
        },
    ),
    wider=(
        "More picture on both sides",
        {"picture": AN_ID, "wishes": {"margins": {"left": 0.25, "right": 0.25}}},
    ),
)
COMPARES: Final = _body(
    result=("A picture and its result", {"reference": AN_ID, "result": AN_ID[::-1]})
)
