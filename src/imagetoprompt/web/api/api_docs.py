"""The API documentation: the OpenAPI document with its examples, and the page /docs."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse

from imagetoprompt.web.api.request_models import EXAMPLE_ID
from imagetoprompt.web.api.response_models import Problem
from imagetoprompt.web.pages.templates import render

PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
BINARY: Final = {"type": "string", "format": "binary"}
URL: Final = {"type": "string", "format": "uri", "examples": ["https://example.org/cat.jpg"]}
TAGS: Final = (
    ("pictures", "Describe pictures, store, get, compare and delete them"),
    ("words", "Prompts, edits, plans and requests from facts, at no cost"),
    ("jobs", "Transform pictures, and follow the progress"),
    ("tables", "Lists of targets, presets, tasks, engines, controls and facets"),
    ("health", "For the operator of the server"),
)
DESCRIPTION: Final = """\
Describe a picture as separate facts, change facts, write them as a prompt for each image
generator, and have the change painted. The values are those of the Python package.

A describe and a transform cost one **use** each; everything else is free. Pictures and jobs are
stored for a day under random ids. Yours are those of your cookie or of your API key
(`Authorization: Bearer itp_…`), which also lifts the limit of uses. Errors are problem details
(RFC 9457) whose `detail` is one sentence that says what to do about it.
"""
SECURITY_SCHEME: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, made by `imagetoprompt keys add`. Without one, uses are limited.",
}


def picture_body(*, with_url: bool) -> dict[str, Any]:
    """The OpenAPI request body of a call that takes a picture: raw, as a form, or as a URL."""
    form: dict[str, Any] = {"type": "object", "properties": {"picture": BINARY}}
    if not with_url:
        form["required"] = ["picture"]
    content: dict[str, Any] = {kind: {"schema": BINARY} for kind in PICTURES}
    if with_url:
        form["properties"]["url"] = {"description": "Its URL, instead of the picture"}
        by_url = {"type": "object", "required": ["url"], "properties": {"url": URL}}
        content[JSON] = {"schema": by_url}
    content[FORM] = {"schema": form}
    return {"required": True, "content": content}


def install(app: FastAPI) -> None:
    """Make the application serve this document, built once."""
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        app.openapi_schema = _build(app)
    return app.openapi_schema


def _build(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS],
        servers=[{"url": "/", "description": "This server"}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_schemas(Problem))
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {"key": SECURITY_SCHEME}
    document["security"] = [{}, {"key": []}]
    return document


def _schemas(model: type[Problem]) -> Mapping[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), model.__name__: schema}


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
WATERCOLOR: Final = {"picture": EXAMPLE_ID, "presets": ["watercolor"]}
NIGHT: Final = {
    "scene": SCENE,
    "edits": [
        {"facet": "time", "value": "night"},
        {"facet": "light", "value": "a single lantern"},
    ],
    "wishes": {"strength": 0.5, "keep": ["depth"]},
}


def _body(**examples: tuple[str, Examples]) -> Any:  # noqa: ANN401 - FastAPI's has no type
    values = {name: {"summary": text, "value": body} for name, (text, body) in examples.items()}
    return Body(openapi_examples=values)  # type: ignore[arg-type]


WRITES: Final = _body(
    facts=("Your own facts, for FLUX", {"scene": SCENE, "targets": ["flux"]}),
    picture=("A described picture, for all targets", {"picture": EXAMPLE_ID}),
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
        "Remove something within a box",
        {
            "picture": EXAMPLE_ID,
            "edits": [{"facet": "subject", "value": "a bicycle", "how": "remove"}],
            "wishes": {"task": "inpaint", "mask": {"boxes": [[0.1, 0.5, 0.3, 0.4]]}},
        },
    ),
    wider=(
        "Extend the picture on both sides",
        {"picture": EXAMPLE_ID, "wishes": {"margins": {"left": 0.25, "right": 0.25}}},
    ),
)
COMPARES: Final = _body(
    result=("A picture and its result", {"reference": EXAMPLE_ID, "result": EXAMPLE_ID[::-1]})
)


router = APIRouter(include_in_schema=False)

Json: TypeAlias = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
REF: Final = "#/components/schemas/"
CACHE_AN_HOUR: Final = {"Cache-Control": "private, max-age=3600"}
EXAMPLE_FILES: Final = {
    "image/jpeg": "photo.jpg",
    "image/png": "picture.png",
    "image/webp": "photo.webp",
}


@dataclass(frozen=True)
class FieldDoc:
    """A field or parameter. kind: where it goes and its type; refers: schemas that it contains."""

    name: str
    kind: str
    required: bool = False
    words: str = ""
    refers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExampleDoc:
    """A call to paste into a shell. words: its heading."""

    words: str
    call: str


@dataclass(frozen=True)
class ResponseDoc:
    """A response of a call. kinds: media types; refers: schemas that it contains."""

    status: str
    words: str
    kinds: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallDoc:
    """One operation. takes: its parameters; endings: its responses."""

    id: str
    method: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    takes: tuple[FieldDoc, ...]
    body: FieldDoc | None
    examples: tuple[ExampleDoc, ...]
    endings: tuple[ResponseDoc, ...]


@dataclass(frozen=True)
class GroupDoc:
    """The calls of one tag."""

    name: str
    words: str
    calls: tuple[CallDoc, ...]


@dataclass(frozen=True)
class SchemaDoc:
    """A schema and its fields."""

    name: str
    words: str
    fields: tuple[FieldDoc, ...]


@router.get("/docs")
def show_docs(request: Request) -> HTMLResponse:
    """The page /docs."""
    return HTMLResponse(docs_page(request.app.openapi()), headers=CACHE_AN_HOUR)


def docs_page(document: Json) -> str:
    """The page for an OpenAPI document, as HTML."""
    return render(
        "reference.html",
        title=document["info"]["title"],
        version=document["info"]["version"],
        paragraphs=_paragraphs(document["info"]["description"]),
        groups=tuple(_groups(document)),
        shapes=tuple(_schema_docs(document["components"]["schemas"])),
        pieces=doc_pieces,
    )


def doc_pieces(text: str) -> Iterator[tuple[str, str]]:
    """Split text at its `code` and **strong** marks; yields pairs of kind and text."""
    for part in re.split(r"(`[^`]+`|\*\*[^*]+\*\*)", text):
        if part.startswith("`"):
            yield "code", part.strip("`")
        elif part.startswith("**"):
            yield "strong", part.strip("*")
        elif part:
            yield "plain", part


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def _groups(document: Json) -> Iterator[GroupDoc]:
    calls = [
        (operation["tags"][0], _call(method, path, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    for tag in document["tags"]:
        yield GroupDoc(
            tag["name"],
            tag["description"],
            tuple(call for name, call in calls if name == tag["name"]),
        )


def _call(method: str, path: str, operation: Json) -> CallDoc:
    return CallDoc(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        paragraphs=_paragraphs(operation.get("description", "")),
        takes=tuple(_parameter(parameter) for parameter in operation.get("parameters", ())),
        body=_request_body(operation.get("requestBody")),
        examples=tuple(_examples(method.upper(), path, operation.get("requestBody"))),
        endings=tuple(
            _response(status, response) for status, response in operation["responses"].items()
        ),
    )


def _parameter(parameter: Json) -> FieldDoc:
    schema = parameter["schema"]
    words = parameter.get("description") or schema.get("description") or ""
    return FieldDoc(
        parameter["name"],
        f"{parameter['in']}, {type_words(schema)}",
        parameter.get("required", False),
        words,
    )


def _request_body(body: Json | None) -> FieldDoc | None:
    if body is None:
        return None
    content = body["content"]
    schemas = [media.get("schema", {}) for media in content.values()]
    return FieldDoc("body", ", ".join(content), refers=_refers(schemas), required=True)


def _response(status: str, response: Json) -> ResponseDoc:
    content = response.get("content", {})
    schemas = [media.get("schema", {}) for media in content.values()]
    return ResponseDoc(status, response["description"], tuple(content), _refers(schemas))


def _refers(schemas: Sequence[Json]) -> tuple[str, ...]:
    """The names of the schemas that these refer to, at any depth."""
    names = re.findall(f'"{REF}([A-Za-z]+)"', json.dumps(list(schemas)))
    return tuple(dict.fromkeys(names))


def _schema_docs(schemas: Json) -> Iterator[SchemaDoc]:
    for name, schema in sorted(schemas.items()):
        required = schema.get("required", ())
        fields = (
            FieldDoc(
                field,
                type_words(value),
                field in required,
                value.get("description", ""),
                _refers([value]),
            )
            for field, value in schema.get("properties", {}).items()
        )
        yield SchemaDoc(name, " ".join(schema.get("description", "").split()), tuple(fields))


def type_words(schema: Json) -> str:
    """The type of a schema in a few words, such as "list of integer"."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(type_words(option) for option in schema[key]))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if schema.get("type") == "array":
        return f"list of {type_words(schema.get('items', {}))}"
    return _simple_type(schema)


def _simple_type(schema: Json) -> str:
    name = str(schema.get("format") or schema.get("type") or "anything")
    minimum, maximum = schema.get("minimum"), schema.get("maximum")
    if minimum is not None and maximum is not None:
        return f"{name} from {minimum:g} to {maximum:g}"
    max_length = schema.get("maxLength")
    return f"{name} of at most {max_length} characters" if max_length else name


def _examples(method: str, path: str, body: Json | None) -> Iterator[ExampleDoc]:
    """Curl commands: one for each JSON example, or one that sends a picture."""
    content = (body or {}).get("content", {})
    examples = content.get("application/json", {}).get("examples", {})
    command = "curl" if method in ("GET", "POST") else f"curl -X {method}"
    for example in examples.values():
        data = json.dumps(example["value"], ensure_ascii=False).replace("'", "'\\''")
        yield ExampleDoc(example["summary"], f"{command} {_url(path)} \\\n  --json '{data}'")
    for media, name in EXAMPLE_FILES.items():
        if media in content and not examples:
            options = f"--data-binary @{name} -H 'Content-Type: {media}'"
            yield ExampleDoc("A file", f"{command} {_url(path)} \\\n  {options}")
            break
    if body is None:
        yield ExampleDoc("", f"{command} {_url(path)}")


def _url(path: str) -> str:
    return "http://127.0.0.1:8000" + path.replace("{", "$").replace("}", "")
