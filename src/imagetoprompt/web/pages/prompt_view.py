"""The prompt as the page shows it: pieces by facet, its length, what was left out, what is asked.

It does not write prompts; it does not know how a piece is colored.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.plan import Request
from imagetoprompt.core.prompt import Dropped, Prompt, PromptChange
from imagetoprompt.reports.description import measurement_text, profile_heading
from imagetoprompt.web.pages.urls import Pairs, address, joined
from imagetoprompt.web.pages.visit import Shown

_SETTING: Final = re.compile(r"((?<!\S)--[a-z]+(?: [^\s-]\S*)?)")


@dataclass(frozen=True)
class Piece:
    """Characters of the prompt that come from one facet, or from none ("").

    parameter: they are a setting, such as '--ar 3:2', and no words.
    """

    text: str
    facet: str = ""
    changed: bool = False
    parameter: bool = False


@dataclass(frozen=True)
class Told:
    """The request in the generator's own terms. text: what is copied; form: of what kind it is."""

    form: str
    text: str
    url: str
    knob: str
    losses: tuple[str, ...]
    steps: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Other:
    """The same facts told with another emphasis, and where it is chosen."""

    emphasis: str
    text: str
    pieces: tuple[Piece, ...]
    measure: str
    chosen: bool
    use: str


@dataclass(frozen=True)
class Wording:
    """The prompt of one generator. percent: of its limit; hard: whether more is cut off."""

    title: str
    text: str
    pieces: tuple[Piece, ...]
    negative: str
    parameters: tuple[tuple[str, str], ...]
    measure: str
    percent: int
    hard: bool
    dropped: tuple[Dropped, ...]
    changes: tuple[PromptChange, ...]
    told: Told | None
    refusal: str
    others: tuple[Other, ...]


def wording(shown: Shown, fields: Pairs) -> Wording | None:
    """The prompt of the one whom the page writes for; None when the ask cannot be met."""
    if shown.answer is None or not shown.answer.asked:
        return None
    asked = shown.answer.asked[0]
    prompt = asked.after
    changes = asked.changes if shown.ask.touched else ()
    limit = profile_heading(prompt).limit
    return Wording(
        title=profile_heading(prompt).title,
        text=prompt.text,
        pieces=pieces(prompt, {each.facet for each in changes}),
        negative=prompt.negative,
        parameters=tuple((name, _value(value)) for name, value in prompt.parameters.items()),
        measure=measurement_text(prompt),
        percent=min(100, round(100 * prompt.length / limit.count)),
        hard=limit.hard,
        dropped=prompt.dropped,
        changes=changes,
        told=None if asked.request is None else _told(asked.request),
        refusal=asked.refusal,
        others=tuple(_other(shown, fields, each) for each in shown.alternatives),
    )


def pieces(prompt: Prompt, changed: set[str] | frozenset[str] = frozenset()) -> tuple[Piece, ...]:
    """The text in pieces, each of one facet or none; joined they are the text."""
    return tuple(piece for piece in _pieces(prompt, changed) if piece.text)


def _pieces(prompt: Prompt, changed: set[str] | frozenset[str]) -> Iterator[Piece]:
    place = 0
    for span in sorted(prompt.spans, key=lambda each: (each.start, each.end)):
        start = max(place, span.start)
        yield from _plain(prompt.text[place:start])
        yield Piece(prompt.text[start : span.end], span.facet, span.facet in changed)
        place = max(place, span.end)
    yield from _plain(prompt.text[place:])


def _plain(text: str) -> Iterator[Piece]:
    """The text with each of its settings by itself."""
    for number, part in enumerate(_SETTING.split(text)):
        yield Piece(part, parameter=number % 2 == 1)


def _told(request: Request) -> Told:
    return Told(
        form=request.form,
        text=request.text or _body(request),
        url=request.url,
        knob=request.knob,
        losses=request.losses,
        steps=request.steps,
        files=tuple(f"{f.shows} ({f.form})" for f in request.attachments),
    )


def _body(request: Request) -> str:
    """The fields as JSON, after the address they are sent to and the headers they need."""
    head = [f"POST {request.url}"] if request.url else []
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    body = json.dumps(dict(request.body), indent=2, ensure_ascii=False)
    return "\n".join((*head, *([""] if head else []), body))


def _other(shown: Shown, fields: Pairs, prompt: Prompt) -> Other:
    return Other(
        emphasis=prompt.emphasis,
        text=prompt.text,
        pieces=pieces(prompt),
        measure=measurement_text(prompt),
        chosen=prompt.emphasis == shown.ask.emphasis,
        use=address(shown.picture, joined(fields, ("emphasis", prompt.emphasis))),
    )


def _value(value: object) -> str:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
