"""keeping(shown) -> the maps that keep structure: which are chosen and why, and who takes them.

It draws none, and does not know how a map is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from imagetoprompt.controls import CONTROLS
from imagetoprompt.lexicon import table
from imagetoprompt.planning.capabilities import names_for_control, takes_control
from imagetoprompt.planning.options import KEEP_NOTHING, control_kind
from imagetoprompt.reports.description import profile_heading
from imagetoprompt.web.pages.panel_strength import without_names
from imagetoprompt.web.pages.urls import address, pairs
from imagetoprompt.web.pages.visit import Shown

ENGINE: Final = "diffusers"
"""The engine that takes maps."""


@dataclass(frozen=True)
class Map:
    """One kind of map. keeps: what it keeps. chosen: by the visitor; usual: by the plan, and why.

    drawing: the map itself. taken: whether the chosen generator takes it.
    """

    kind: str
    keeps: str
    chosen: bool
    usual: bool
    why: str
    drawing: str
    taken: bool


@dataclass(frozen=True)
class Keeping:
    """All maps.

    own: whether the visitor chose. default: the address that leaves it to the plan. none: the one
    that keeps nothing, "" when nothing is kept already. title: of the chosen generator; taken:
    whether it takes any. takers: generators and engines that do. painter: whether the chosen engine
    takes maps.
    """

    maps: tuple[Map, ...]
    own: bool
    default: str
    none: str
    title: str
    taken: bool
    takers: tuple[str, ...]
    painter: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are kept, by whoever's choice."""
        return tuple(each.kind for each in self.maps if each.chosen or each.usual)


def keeping(shown: Shown) -> Keeping | None:
    """The maps for what is asked; None when that cannot be met."""
    if shown.answer is None or not shown.answer.asked:
        return None
    wishes = shown.ask.wishes
    maps = tuple(_map(shown, kind) for kind in CONTROLS)
    unkept = without_names(pairs(shown.ask), ("keep",))
    return Keeping(
        maps=maps,
        own=bool(wishes.keep),
        default=address(shown.picture, unkept),
        none=address(shown.picture, (*unkept, ("keep", KEEP_NOTHING))) if _any(maps) else "",
        title=profile_heading(shown.answer.asked[0].after).title,
        taken=any(each.taken for each in maps),
        takers=_titles(),
        painter=shown.ask.engine == ENGINE,
    )


def _any(maps: tuple[Map, ...]) -> bool:
    return any(each.chosen or each.usual for each in maps)


def _map(shown: Shown, kind: str) -> Map:
    assert shown.answer is not None  # noqa: S101 - the caller has looked
    plan, prompt = shown.answer.edited.plan, shown.answer.asked[0].after
    wished = tuple(
        each if each == KEEP_NOTHING else control_kind(each) for each in shown.ask.wishes.keep
    )
    rows = cast(Mapping[str, Mapping[str, str]], table("planning")["kinds"])
    return Map(
        kind=kind,
        keeps=rows[kind]["keeps"],
        chosen=kind in wished,
        usual=not wished and any(each.kind == kind for each in plan.controls),
        why=plan.reasons.get(f"control {kind}", ""),
        drawing=f"/p/{shown.picture}/map/{kind}.png",
        taken=takes_control(prompt.target, prompt.variant, kind),
    )


def _titles() -> tuple[str, ...]:
    """Who takes maps: generators by their titles, then the engine."""
    from imagetoprompt.targets import TARGETS  # noqa: PLC0415

    found = []
    for each in names_for_control("depth"):
        name, _, variant = each.partition(":")
        found.append(TARGETS[name].VARIANTS[variant].title if variant else name)
    return tuple(found)
