"""The OpenAPI document: what the routes say of themselves, made whole."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Body, FastAPI
from fastapi.openapi.utils import get_openapi

from imagetoprompt.web.api.request_models import AN_ID
from imagetoprompt.web.api.response_models import Problem

PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
BINARY: Final = {"type": "string", "format": "binary"}
URL: Final = {"type": "string", "format": "uri", "examples": ["https://example.org/cat.jpg"]}
TAGS: Final = (
    ("pictures", "Look at pictures, and have what is kept of them"),
    ("words", "Prompts, edits, plans and requests: words from facts, at no cost"),
    ("jobs", "Have pictures painted, and watch"),
    ("tables", "What there is to choose from"),
    ("health", "For whoever runs the server"),
)
DESCRIPTION: Final = """\
Look at a picture, keep what is seen as separate facts, change facts, write them for each image
generator, and have the change painted. The values are those of the Python package.

A describe and a transform each cost one **use**; everything else costs none. Pictures and jobs are
kept for a day under ids that nobody guesses. Yours are those of your cookie, or of your API key
(`Authorization: Bearer itp_…`), which also lifts the limit of uses. Errors are problem details
(RFC 9457) whose `detail` is one sentence that says what mends it.
"""
KEY: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, made by `imagetoprompt keys add`. Without one, free uses count.",
}


def picture_body(*, with_url: bool) -> dict[str, Any]:
    """The body of a call that takes a picture, in whatever form it comes."""
    part: dict[str, Any] = {"type": "object", "properties": {"picture": BINARY}}
    if not with_url:
        part["required"] = ["picture"]
    content: dict[str, Any] = {kind: {"schema": BINARY} for kind in PICTURES}
    if with_url:
        part["properties"]["url"] = {"description": "Its URL, instead of the picture"}
        named = {"type": "object", "required": ["url"], "properties": {"url": URL}}
        content[JSON] = {"schema": named}
    content[FORM] = {"schema": part}
    return {"required": True, "content": content}


def install(app: FastAPI) -> None:
    """Let the application answer with the whole document, made once."""
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        app.openapi_schema = _whole(app)
    return app.openapi_schema


def _whole(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS],
        servers=[{"url": "/", "description": "This server"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {}).update(_schemas(Problem))
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["securitySchemes"] = {"key": KEY}
    document["security"] = [{}, {"key": []}]
    return document


def _schemas(shape: type[Problem]) -> Mapping[str, Any]:
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), shape.__name__: schema}


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
