"""What is asked of a picture: the same in the address of a page and in the body of an API call.

    /p/PICTURE?for=flux&preset=watercolor&set=time=dusk&strength=0.6

so that every state of the page is a link, undo is the way back, and a page and its JSON come from
one function.
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
# Nobody changes more by hand, and each costs time.
MAX_EDITS: Final = 60
MAX_LENGTH: Final = 600
"""Characters of one value: more than any facet says."""

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class PageQuery:
    """The edits in their order, the options, whom to write for, and who paints.

    take: facets that come from another picture, by its id. via: the service or model of the target
    that a request is for. job: the painting that is shown.
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
    def others(self) -> tuple[str, ...]:
        """The ids of every other picture that it needs, each once."""
        mask = self.options.mask
        masks = (mask.source,) if mask and mask.source else ()
        styles = tuple(reference.source for reference in self.options.references)
        return tuple(dict.fromkeys((*masks, *styles, *(name for _, name in self.take))))

    @property
    def touched(self) -> bool:
        """Whether anything at all is asked for beside a prompt for the picture as it is."""
        plain = PlanOptions() == replace(self.options, picture="")
        return bool(self.edits or self.take or self.exclude) or not plain


@dataclass(frozen=True)
class QueryAnswer:
    """The facts before and after, the plan, and what each target is asked."""

    edited: EditedScene
    asked: tuple[TargetRequest, ...]


def answer_query(
    scene: Scene, wanted: PageQuery, scenes: Mapping[str, Scene], targets: Iterable[str] = ()
) -> QueryAnswer:
    """What comes of it; `scenes` are those of the other pictures, by their ids.

    EditError, PlanError and UnknownNameError as the parts raise them.
    """
    taken = {facet: scenes[name] for facet, name in wanted.take}
    before = replace(scene, excluded=wanted.exclude)
    edited = edit(before, wanted.edits, wanted.options, taken=taken)
    names = tuple(targets) or (wanted.target,)
    how = {"via": wanted.via, "emphasis": wanted.emphasis}
    return QueryAnswer(edited, tuple(request(edited, name, **how) for name in names))


def parse_query(pairs: Pairs) -> PageQuery:
    """The ask that the fields of an address or a form stand for; names it does not know are left.

    EditError, PlanError and UnknownNameError in one sentence for a value that makes no sense.
    """
    given = [(name, value.strip()) for name, value in pairs if value.strip()]
    _check_lengths(given)
    last = dict(given)
    target, emphasis = last.get("for", DEFAULT_TARGET), last.get("emphasis", "balanced")
    resolve(target)
    return PageQuery(
        target=target,
        emphasis=emphasis if emphasis in EMPHASES else "balanced",
        edits=tuple(parse_change(name, value) for name, value in given if name in EDIT_KINDS),
        options=_plan_options(given, last),
        take=tuple(parse_taken(value) for name, value in given if name == "take"),
        exclude=tuple(value for name, value in given if name == "exclude"),
        engine=last.get("engine", DEFAULT_ENGINE),
        via=last.get("via", ""),
        job=last.get("job", ""),
    )


def normalized_query(wanted: PageQuery) -> PageQuery:
    """The ask as its address has it, so that whatever else asks can ask no more than a page."""
    return parse_query(parse_qsl(format_query(wanted), keep_blank_values=True))


def _check_lengths(given: list[tuple[str, str]]) -> None:
    if len(given) > MAX_EDITS:
        raise EditError(f"More than {MAX_EDITS} changes at once are too many: remove some.")
    if any(len(value) > MAX_LENGTH for _, value in given):
        raise EditError(f"A value is at most {MAX_LENGTH} characters long: shorten it.")


def _plan_options(given: list[tuple[str, str]], last: Mapping[str, str]) -> PlanOptions:
    named = tuple(preset(value).name for name, value in given if name == "preset")
    sides = {side: parse_number(side, last[side]) for side in SIDES if side in last}
    margins = parse_margins(last["expand"]) if "expand" in last else Margins(**sides)
    strength, seed = last.get("strength"), last.get("seed")
    return PlanOptions(
        task=parse_task(last["task"]) if "task" in last else None,
        strength=None if strength is None else parse_number("strength", strength),
        mask=_mask(given, last),
        keep=tuple(value for name, value in given if name == "keep"),
        references=tuple(parse_reference(value) for name, value in given if name == "reference"),
        margins=margins if margins != Margins() else None,
        scale=int(parse_number("scale", last.get("scale", "1"))),
        size=parse_size(last["size"]) if "size" in last else None,
        seed=None if seed is None else int(parse_number("seed", seed)),
        presets=tuple(dict.fromkeys(named)),
    )


def _mask(given: list[tuple[str, str]], last: Mapping[str, str]) -> Mask | None:
    boxes = tuple(parse_box(value) for name, value in given if name == "box")
    feather = parse_number("feather", last.get("feather", "0"))
    if not 0 <= feather <= 1:
        raise PlanError("A feather is a fraction of the picture's longer side, from 0 to 1.")
    if boxes:
        return Mask(boxes, feather=feather)
    return parse_mask(last["mask"], feather) if "mask" in last else None


def format_query(wanted: PageQuery) -> str:
    """The address that stands for the ask; `from_pairs` reads it back."""
    return urlencode(list(_pairs(wanted)))


def _pairs(wanted: PageQuery) -> Iterator[tuple[str, str]]:
    options = wanted.options
    yield "for", wanted.target
    if wanted.emphasis != "balanced":
        yield "emphasis", wanted.emphasis
    yield from (("preset", name) for name in options.presets)
    for each in wanted.edits:
        plain = each.how not in ("set", "add") and not each.value
        yield each.how, each.facet if plain else f"{each.facet}={each.value}"
    yield from (("take", f"{facet}={name}") for facet, name in wanted.take)
    yield from (("exclude", words) for words in wanted.exclude)
    yield from _option_pairs(options)
    if wanted.engine != DEFAULT_ENGINE:
        yield "engine", wanted.engine
    if wanted.via:
        yield "via", wanted.via
    if wanted.job:
        yield "job", wanted.job


def _option_pairs(options: PlanOptions) -> Iterator[tuple[str, str]]:
    if options.task:
        yield "task", options.task
    if options.strength is not None:
        yield "strength", _plain(options.strength)
    yield from (("keep", kind) for kind in options.keep)
    if options.mask is not None:
        yield from _masked(options.mask)
    yield from (("reference", _referred(reference)) for reference in options.references)
    if options.margins is not None:
        yield from ((side, _plain(getattr(options.margins, side))) for side in SIDES)
    if options.scale != 1:
        yield "scale", str(options.scale)
    if options.size is not None:
        yield "size", f"{options.size[0]}x{options.size[1]}"
    if options.seed is not None:
        yield "seed", str(options.seed)


def _masked(mask: Mask) -> Iterator[tuple[str, str]]:
    yield from (("box", ",".join(_plain(number) for number in box)) for box in mask.boxes)
    if mask.source:
        yield "mask", mask.source
    if mask.feather:
        yield "feather", _plain(mask.feather)


def _referred(each: Reference) -> str:
    weight = "" if each.weight == Reference.weight else f"@{_plain(each.weight)}"
    return f"{each.role}={each.source}{weight}"


def _plain(number: float) -> str:
    """As short as it can be without being another number."""
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))
