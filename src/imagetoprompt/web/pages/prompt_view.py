"""View models of the prompt: its text in pieces by facet, its length, the request, what is dropped.

Also of the prompt that the picture's file carried, if any.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.plan import Request
from imagetoprompt.core.prompt import Dropped, Prompt, PromptChange
from imagetoprompt.core.scene import FACETS, Scene
from imagetoprompt.reports.description import measurement_text, printable, profile_heading
from imagetoprompt.web.pages.context import PageState
from imagetoprompt.web.pages.urls import Pairs, address, joined

EMBEDDED_SOURCE: Final = "file's prompt"
"""The source of facts that were read from the file's own prompt."""
_PARAMETER: Final = re.compile(r"((?<!\S)--[a-z]+(?: [^\s-]\S*)?)")


@dataclass(frozen=True)
class PromptPiece:
    """Characters of the prompt that come from one facet, or from none ("").

    parameter: True for a setting such as '--ar 3:2'.
    """

    text: str
    facet: str = ""
    changed: bool = False
    parameter: bool = False


@dataclass(frozen=True)
class RequestView:
    """The request in the target's own terms. form: its kind; text: what is copied."""

    form: str
    text: str
    url: str
    strength: str
    limitations: tuple[str, ...]
    steps: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class AlternativeView:
    """The prompt with another emphasis, and the address that chooses it."""

    emphasis: str
    text: str
    pieces: tuple[PromptPiece, ...]
    measure: str
    chosen: bool
    url: str


@dataclass(frozen=True)
class PromptView:
    """The prompt for one target.

    percent: its length, of the limit. hard: whether the target cuts off what is longer. refusal:
    why there is no request.
    """

    title: str
    text: str
    pieces: tuple[PromptPiece, ...]
    negative: str
    parameters: tuple[tuple[str, str], ...]
    measure: str
    percent: int
    hard: bool
    dropped: tuple[Dropped, ...]
    changes: tuple[PromptChange, ...]
    request: RequestView | None
    refusal: str
    alternatives: tuple[AlternativeView, ...]


@dataclass(frozen=True)
class FilePromptConflict:
    """A facet of which the file says one thing and the picture shows another."""

    facet: str
    file: str
    picture: str


@dataclass(frozen=True)
class EmbeddedPromptView:
    """The prompt and settings that the picture's file carried."""

    generator: str
    prompt: str
    negative: str
    parameters: tuple[tuple[str, str], ...]
    conflicts: tuple[FilePromptConflict, ...]


def prompt_view(state: PageState, fields: Pairs) -> PromptView | None:
    """The prompt for the chosen target; None if the page's edits are not valid."""
    if state.answer is None or not state.answer.requests:
        return None
    answer = state.answer.requests[0]
    prompt = answer.after
    changes = answer.changes if state.query.has_changes else ()
    limit = profile_heading(prompt).limit
    return PromptView(
        title=profile_heading(prompt).title,
        text=prompt.text,
        pieces=pieces(prompt, {change.facet for change in changes}),
        negative=prompt.negative,
        parameters=tuple((name, _value(value)) for name, value in prompt.parameters.items()),
        measure=measurement_text(prompt),
        percent=min(100, round(100 * prompt.length / limit.count)),
        hard=limit.hard,
        dropped=prompt.dropped,
        changes=changes,
        request=None if answer.request is None else _request_view(answer.request),
        refusal=answer.refusal,
        alternatives=tuple(_alternative(state, fields, prompt) for prompt in state.alternatives),
    )


def pieces(
    prompt: Prompt, changed: set[str] | frozenset[str] = frozenset()
) -> tuple[PromptPiece, ...]:
    """The text in pieces of one facet or none each; joined they are the text."""
    return tuple(piece for piece in _pieces(prompt, changed) if piece.text)


def _pieces(prompt: Prompt, changed: set[str] | frozenset[str]) -> Iterator[PromptPiece]:
    end = 0
    for span in sorted(prompt.spans, key=lambda span: (span.start, span.end)):
        start = max(end, span.start)
        yield from _plain_pieces(prompt.text[end:start])
        yield PromptPiece(prompt.text[start : span.end], span.facet, span.facet in changed)
        end = max(end, span.end)
    yield from _plain_pieces(prompt.text[end:])


def _plain_pieces(text: str) -> Iterator[PromptPiece]:
    """Text of no facet, with each parameter as a piece by itself."""
    for number, part in enumerate(_PARAMETER.split(text)):
        yield PromptPiece(part, parameter=number % 2 == 1)


def _request_view(request: Request) -> RequestView:
    return RequestView(
        form=request.form,
        text=request.text or _http_request(request),
        url=request.url,
        strength=request.knob,
        limitations=request.losses,
        steps=request.steps,
        files=tuple(f"{f.shows} ({f.form})" for f in request.attachments),
    )


def _http_request(request: Request) -> str:
    """Method and URL, headers, and the body as JSON."""
    head = [f"POST {request.url}"] if request.url else []
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    body = json.dumps(dict(request.body), indent=2, ensure_ascii=False)
    return "\n".join((*head, *([""] if head else []), body))


def _alternative(state: PageState, fields: Pairs, prompt: Prompt) -> AlternativeView:
    return AlternativeView(
        emphasis=prompt.emphasis,
        text=prompt.text,
        pieces=pieces(prompt),
        measure=measurement_text(prompt),
        chosen=prompt.emphasis == state.query.emphasis,
        url=address(state.picture, joined(fields, ("emphasis", prompt.emphasis))),
    )


def _value(value: object) -> str:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def embedded_prompt_view(scene: Scene) -> EmbeddedPromptView | None:
    """The prompt that the file carried; None if there is none."""
    embedded = scene.origin
    if embedded is None or not (embedded.prompt or embedded.generator):
        return None
    return EmbeddedPromptView(
        generator=printable(embedded.generator),
        prompt=printable(embedded.prompt),
        negative=printable(embedded.negative),
        parameters=tuple((printable(k), printable(v)) for k, v in embedded.parameters.items()),
        conflicts=tuple(_conflicts(scene)),
    )


def _conflicts(scene: Scene) -> Iterator[FilePromptConflict]:
    """One for each fact of the file that was overruled by what the picture shows."""
    for facet in FACETS:
        seen = " · ".join(f.value for f in scene.said(facet) if EMBEDDED_SOURCE not in f.sources)
        for fact in scene.all(facet):
            if seen and not fact.said and fact.value and EMBEDDED_SOURCE in fact.sources:
                yield FilePromptConflict(facet, fact.value, seen)
