"""`/docs`: the reference of the API as a page, made from its OpenAPI document.

The page asks nobody else for anything, so it works offline and under the strictest policy.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from imagetoprompt.web.pages.templates import render

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
        body=_body(told.get("requestBody")),
        examples=tuple(_examples(method.upper(), path, told.get("requestBody"))),
        endings=tuple(_ending(status, each) for status, each in told["responses"].items()),
    )


def _parameter(told: Json) -> FieldDoc:
    schema = told["schema"]
    words = told.get("description") or schema.get("description") or ""
    return FieldDoc(
        told["name"], f"{told['in']}, {type_words(schema)}", told.get("required", False), words
    )


def _body(told: Json | None) -> FieldDoc | None:
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
