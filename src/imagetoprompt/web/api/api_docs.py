"""The API documentation: the OpenAPI document with its examples, and the page /docs about it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse

from imagetoprompt.web.api.request_models import AN_ID
from imagetoprompt.web.api.response_models import Problem
from imagetoprompt.web.pages.templates import render

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


router = APIRouter(include_in_schema=False)

Json: TypeAlias = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
REF: Final = "#/components/schemas/"
AN_HOUR: Final = {"Cache-Control": "private, max-age=3600"}
TYPE_WORDS: Final = {
    "image/jpeg": "photo.jpg",
    "image/png": "picture.png",
    "image/webp": "photo.webp",
}


@dataclass(frozen=True)
class FieldDoc:
    """One field or parameter: what it is called, where it goes, what it takes."""

    name: str
    kind: str
    required: bool = False
    words: str = ""
    refers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExampleDoc:
    """A call to paste into a shell."""

    words: str
    call: str


@dataclass(frozen=True)
class ResponseDoc:
    """How a call may end."""

    status: str
    words: str
    kinds: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallDoc:
    """One operation."""

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
    """A schema by its name: the fields of its objects."""

    name: str
    words: str
    fields: tuple[FieldDoc, ...]


@router.get("/docs")
def show_docs(request: Request) -> HTMLResponse:
    """The reference."""
    return HTMLResponse(docs_page(request.app.openapi()), headers=AN_HOUR)


def docs_page(document: Json) -> str:
    """The reference of a document as HTML."""
    return render(
        "reference.html",
        title=document["info"]["title"],
        version=document["info"]["version"],
        paragraphs=_paragraphs(document["info"]["description"]),
        groups=tuple(_groups(document)),
        shapes=tuple(_shapes(document["components"]["schemas"])),
        pieces=doc_pieces,
    )


def doc_pieces(text: str) -> Iterator[tuple[str, str]]:
    """Words with their marks as (kind, words): plain, `code` or **strong**."""
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
        (told["tags"][0], _call(method, path, told))
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    ]
    for tag in document["tags"]:
        yield GroupDoc(
            tag["name"],
            tag["description"],
            tuple(call for name, call in calls if name == tag["name"]),
        )


def _call(method: str, path: str, told: Json) -> CallDoc:
    return CallDoc(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        title=told["summary"],
        paragraphs=_paragraphs(told.get("description", "")),
        takes=tuple(_parameter(each) for each in told.get("parameters", ())),
        body=_request_body(told.get("requestBody")),
        examples=tuple(_examples(method.upper(), path, told.get("requestBody"))),
        endings=tuple(_ending(status, each) for status, each in told["responses"].items()),
    )


def _parameter(told: Json) -> FieldDoc:
    schema = told["schema"]
    words = told.get("description") or schema.get("description") or ""
    return FieldDoc(
        told["name"], f"{told['in']}, {type_words(schema)}", told.get("required", False), words
    )


def _request_body(told: Json | None) -> FieldDoc | None:
    if told is None:
        return None
    content = told["content"]
    schemas = [each.get("schema", {}) for each in content.values()]
    return FieldDoc("body", ", ".join(content), refers=_refers(schemas), required=True)


def _ending(status: str, told: Json) -> ResponseDoc:
    content = told.get("content", {})
    schemas = [each.get("schema", {}) for each in content.values()]
    return ResponseDoc(status, told["description"], tuple(content), _refers(schemas))


def _refers(schemas: Sequence[Json]) -> tuple[str, ...]:
    """The names of the schemas that stand somewhere in these."""
    found = re.findall(f'"{REF}([A-Za-z]+)"', json.dumps(list(schemas)))
    return tuple(dict.fromkeys(found))


def _shapes(schemas: Json) -> Iterator[SchemaDoc]:
    for name, schema in sorted(schemas.items()):
        required = schema.get("required", ())
        fields = (
            FieldDoc(
                each,
                type_words(value),
                each in required,
                value.get("description", ""),
                _refers([value]),
            )
            for each, value in schema.get("properties", {}).items()
        )
        yield SchemaDoc(name, " ".join(schema.get("description", "").split()), tuple(fields))


def type_words(schema: Json) -> str:
    """What a schema takes, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(type_words(each) for each in schema[several]))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if schema.get("type") == "array":
        return f"list of {type_words(schema.get('items', {}))}"
    return _plain(schema)


def _plain(schema: Json) -> str:
    name = str(schema.get("format") or schema.get("type") or "anything")
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f"{name} from {least:g} to {most:g}"
    longest = schema.get("maxLength")
    return f"{name} of at most {longest} characters" if longest else name


def _examples(method: str, path: str, body: Json | None) -> Iterator[ExampleDoc]:
    """Calls of curl: one for each example, or one for the first kind of picture."""
    content = (body or {}).get("content", {})
    told = content.get("application/json", {}).get("examples", {})
    start = "curl" if method in ("GET", "POST") else f"curl -X {method}"
    for each in told.values():
        sent = json.dumps(each["value"], ensure_ascii=False).replace("'", "'\\''")
        yield ExampleDoc(each["summary"], f"{start} {_place(path)} \\\n  --json '{sent}'")
    for media, name in TYPE_WORDS.items():
        if media in content and not told:
            sent = f"--data-binary @{name} -H 'Content-Type: {media}'"
            yield ExampleDoc("A file", f"{start} {_place(path)} \\\n  {sent}")
            break
    if body is None:
        yield ExampleDoc("", f"{start} {_place(path)}")


def _place(path: str) -> str:
    return "http://127.0.0.1:8000" + path.replace("{", "$").replace("}", "")
