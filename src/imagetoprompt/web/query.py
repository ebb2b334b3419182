"""Queries: what a page's address or an API call asks for a picture, parsed and formatted.

    /p/PICTURE?for=flux&preset=watercolor&set=time=dusk&strength=0.6

Every state of the page is a link, the browser's back button undoes, and the page and the API
compute their answers in one function.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from imagetoprompt.core.plan import Margins, Mask, Reference
from imagetoprompt.core.scene import Scene
from imagetoprompt.engines import DEFAULT_ENGINE
from imagetoprompt.errors import EditError, PlanError
from imagetoprompt.facts.edits import Edit, EditKind, preset
from imagetoprompt.pipeline import EMPHASES, edit, request, resolve
from imagetoprompt.planning import EditedScene, PlanOptions, TargetRequest
from imagetoprompt.planning.options import (
    SIDES,
    parse_box,
    parse_change,
    parse_margins,
    parse_mask,
    parse_number,
    parse_reference,
    parse_size,
    parse_taken,
    parse_task,
)
from imagetoprompt.targets import DEFAULT_TARGET

EDIT_KINDS: Final[tuple[EditKind, ...]] = ("set", "add", "remove", "lock", "unlock")
# More than anyone changes by hand; each costs computing time.
MAX_EDITS: Final = 60
MAX_VALUE_LENGTH: Final = 600
"""Characters of one value; the words of a facet are shorter."""

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class PageQuery:
    """The edits in their order, the plan options, the target to write for, and the engine.

    take: pairs of a facet and the id of the picture that it is taken from. exclude: words that the
    new picture must not show. via: the target's provider that a request is for, "" for its first.
    job: the id of the transform job that the page shows, or "".
    """

    target: str = DEFAULT_TARGET
    emphasis: str = "balanced"
    edits: tuple[Edit, ...] = ()
    options: PlanOptions = field(default_factory=PlanOptions)
    take: tuple[tuple[str, str], ...] = ()
    exclude: tuple[str, ...] = ()
    engine: str = DEFAULT_ENGINE
    via: str = ""
    job: str = ""

    @property
    def other_pictures(self) -> tuple[str, ...]:
        """The ids of all other pictures that the query names, each once."""
        mask = self.options.mask
        masks = (mask.source,) if mask and mask.source else ()
        styles = tuple(reference.source for reference in self.options.references)
        return tuple(dict.fromkeys((*masks, *styles, *(name for _, name in self.take))))

    @property
    def has_changes(self) -> bool:
        """Whether the query asks for more than a prompt for the picture as it is."""
        plain = PlanOptions() == replace(self.options, picture="")
        return bool(self.edits or self.take or self.exclude) or not plain


@dataclass(frozen=True)
class QueryAnswer:
    """The facts before and after, the plan, and the request to each target."""

    edited: EditedScene
    requests: tuple[TargetRequest, ...]


def answer_query(
    scene: Scene, query: PageQuery, scenes: Mapping[str, Scene], targets: Iterable[str] = ()
) -> QueryAnswer:
    """Apply the query to the facts of a picture.

    scenes: those of the pictures that facets are taken from, by id. targets: names instead of the
    query's target. EditError, PlanError and UnknownNameError for a query that cannot be done.
    """
    taken = {facet: scenes[picture] for facet, picture in query.take}
    before = replace(scene, excluded=query.exclude)
    edited = edit(before, query.edits, query.options, taken=taken)
    names = tuple(targets) or (query.target,)
    options = {"via": query.via, "emphasis": query.emphasis}
    return QueryAnswer(edited, tuple(request(edited, name, **options) for name in names))


def parse_query(pairs: Pairs) -> PageQuery:
    """The query in the fields of an address or a form; unknown field names are ignored.

    EditError, PlanError and UnknownNameError for a value that is not valid.
    """
    fields = [(name, value.strip()) for name, value in pairs if value.strip()]
    _check_lengths(fields)
    last = dict(fields)
    target, emphasis = last.get("for", DEFAULT_TARGET), last.get("emphasis", "balanced")
    resolve(target)
    return PageQuery(
        target=target,
        emphasis=emphasis if emphasis in EMPHASES else "balanced",
        edits=tuple(parse_change(name, value) for name, value in fields if name in EDIT_KINDS),
        options=_plan_options(fields, last),
        take=tuple(parse_taken(value) for name, value in fields if name == "take"),
        exclude=tuple(value for name, value in fields if name == "exclude"),
        engine=last.get("engine", DEFAULT_ENGINE),
        via=last.get("via", ""),
        job=last.get("job", ""),
    )


def normalized_query(query: PageQuery) -> PageQuery:
    """The query formatted and parsed again, so that an API call passes the checks of a page."""
    return parse_query(parse_qsl(format_query(query), keep_blank_values=True))


def _check_lengths(fields: list[tuple[str, str]]) -> None:
    if len(fields) > MAX_EDITS:
        raise EditError(f"At most {MAX_EDITS} changes are possible at once: remove some.")
    if any(len(value) > MAX_VALUE_LENGTH for _, value in fields):
        raise EditError(f"A value has at most {MAX_VALUE_LENGTH} characters: shorten it.")


def _plan_options(fields: list[tuple[str, str]], last: Mapping[str, str]) -> PlanOptions:
    presets = tuple(preset(value).name for name, value in fields if name == "preset")
    sides = {side: parse_number(side, last[side]) for side in SIDES if side in last}
    margins = parse_margins(last["expand"]) if "expand" in last else Margins(**sides)
    strength, seed = last.get("strength"), last.get("seed")
    return PlanOptions(
        task=parse_task(last["task"]) if "task" in last else None,
        strength=None if strength is None else parse_number("strength", strength),
        mask=_mask(fields, last),
        keep=tuple(value for name, value in fields if name == "keep"),
        references=tuple(parse_reference(value) for name, value in fields if name == "reference"),
        margins=margins if margins != Margins() else None,
        scale=int(parse_number("scale", last.get("scale", "1"))),
        size=parse_size(last["size"]) if "size" in last else None,
        seed=None if seed is None else int(parse_number("seed", seed)),
        presets=tuple(dict.fromkeys(presets)),
    )


def _mask(fields: list[tuple[str, str]], last: Mapping[str, str]) -> Mask | None:
    boxes = tuple(parse_box(value) for name, value in fields if name == "box")
    feather = parse_number("feather", last.get("feather", "0"))
    if not 0 <= feather <= 1:
        raise PlanError("A feather is a fraction of the picture's longer side, from 0 to 1.")
    if boxes:
        return Mask(boxes, feather=feather)
    return parse_mask(last["mask"], feather) if "mask" in last else None


def format_query(query: PageQuery) -> str:
    """The query as the query string of an address, which `parse_query` reads back."""
    return urlencode(list(_pairs(query)))


def _pairs(query: PageQuery) -> Iterator[tuple[str, str]]:
    options = query.options
    yield "for", query.target
    if query.emphasis != "balanced":
        yield "emphasis", query.emphasis
    yield from (("preset", name) for name in options.presets)
    for change in query.edits:
        bare = change.how not in ("set", "add") and not change.value
        yield change.how, change.facet if bare else f"{change.facet}={change.value}"
    yield from (("take", f"{facet}={name}") for facet, name in query.take)
    yield from (("exclude", words) for words in query.exclude)
    yield from _option_pairs(options)
    if query.engine != DEFAULT_ENGINE:
        yield "engine", query.engine
    if query.via:
        yield "via", query.via
    if query.job:
        yield "job", query.job


def _option_pairs(options: PlanOptions) -> Iterator[tuple[str, str]]:
    if options.task:
        yield "task", options.task
    if options.strength is not None:
        yield "strength", _shortest(options.strength)
    yield from (("keep", kind) for kind in options.keep)
    if options.mask is not None:
        yield from _mask_pairs(options.mask)
    yield from (("reference", _reference_text(reference)) for reference in options.references)
    if options.margins is not None:
        yield from ((side, _shortest(getattr(options.margins, side))) for side in SIDES)
    if options.scale != 1:
        yield "scale", str(options.scale)
    if options.size is not None:
        yield "size", f"{options.size[0]}x{options.size[1]}"
    if options.seed is not None:
        yield "seed", str(options.seed)


def _mask_pairs(mask: Mask) -> Iterator[tuple[str, str]]:
    yield from (("box", ",".join(_shortest(number) for number in box)) for box in mask.boxes)
    if mask.source:
        yield "mask", mask.source
    if mask.feather:
        yield "feather", _shortest(mask.feather)


def _reference_text(reference: Reference) -> str:
    default = reference.weight == Reference.weight
    weight = "" if default else f"@{_shortest(reference.weight)}"
    return f"{reference.role}={reference.source}{weight}"


def _shortest(number: float) -> str:
    """The shortest text that reads back as the same number."""
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))
