"""Change the facts of a scene: edits, presets, blends of scenes, and the conflicts that result.

A preset is a named list of edits from lexicon/presets.toml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from imagetoprompt.core.measurements import Palette, Swatch, hex_codes
from imagetoprompt.core.scene import Fact, Scene, checked_facet, in_facet_order
from imagetoprompt.errors import EditError, UnknownNameError
from imagetoprompt.lexicon import table

USER_SOURCE: Final = "user"
REMOVED_REASON: Final = "Removed by you."

EditKind = Literal["set", "add", "remove", "lock", "unlock"]


@dataclass(frozen=True)
class Edit:
    """One change of one facet.

    set: the facet says `value` and nothing else. add: it says `value` too. remove: it no longer
    says `value`, or, for no value, anything. lock, unlock: presets leave a locked facet as it is,
    and editing it is an error.
    """

    facet: str
    value: str = ""
    how: EditKind = "set"


@dataclass(frozen=True)
class Preset:
    """A named change: the edits it stands for, and what carrying it out needs.

    strength: the denoising strength from 0 (keep) to 1 (free) that it takes. controls: the
    structure that is worth keeping meanwhile.
    """

    name: str
    title: str
    kind: str
    edits: tuple[Edit, ...]
    strength: float
    controls: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The preset as JSON values; set: words by facet, remove: facets."""
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "strength": self.strength,
            "controls": list(self.controls),
            "set": {edit.facet: edit.value for edit in self.edits if edit.how == "set"},
            "remove": [edit.facet for edit in self.edits if edit.how == "remove"],
        }


def apply(scene: Scene, edits: Iterable[Edit], /) -> Scene:
    """The scene with the edits made, in their order.

    EditError when a facet is locked, or when there is nothing to add or set;
    UnknownNameError for a facet that does not exist.
    """
    for edit in edits:
        scene = replace(scene, facts=in_facet_order(_edited(scene, edit)))
    return scene


def preset(name: str, /) -> Preset:
    """The preset of that name, in any spelling of it; UnknownNameError when there is none."""
    rows = table("presets")
    key = _canonical_name(name)
    if key not in rows:
        raise UnknownNameError("preset", name, rows)
    row = rows[key]
    removed = (Edit(checked_facet(facet), how="remove") for facet in row.get("remove", ()))
    changed = (Edit(checked_facet(facet), value) for facet, value in row["set"].items())
    controls = tuple(row.get("controls", ()))
    return Preset(key, row["title"], row["kind"], (*removed, *changed), row["strength"], controls)


def _canonical_name(name: str) -> str:
    """The name in the table of presets: 'Watercolour' is 'watercolor', 'oil' is 'oil-painting'."""
    spellings = table("spellings")
    words = re.split(r"[\s_-]+", name.strip().lower())
    plain = "-".join(word for word in words if word)
    if plain in table("presets"):
        return plain
    key = "-".join(spellings["words"].get(word, word) for word in words if word)
    return str(spellings["presets"].get(key, key))


def presets() -> tuple[Preset, ...]:
    """Every preset, in the order of its table."""
    return tuple(preset(name) for name in table("presets"))


def edits_allowed(scene: Scene, chosen: Preset, /) -> tuple[Edit, ...]:
    """The edits of a preset that do not touch a locked facet."""
    return tuple(edit for edit in chosen.edits if not is_locked(scene, edit.facet))


def is_locked(scene: Scene, facet: str) -> bool:
    """Whether the facet is locked."""
    return any(fact.locked for fact in scene.all(facet))


def changed_facets(before: Scene, after: Scene, /) -> tuple[str, ...]:
    """The facets whose said words differ, in facet order."""
    facets = dict.fromkeys(fact.facet for scene in (before, after) for fact in scene)
    said = {facet: (_words(before, facet), _words(after, facet)) for facet in facets}
    order = (fact.facet for fact in in_facet_order(Fact(facet, "", 0) for facet in facets))
    return tuple(facet for facet in order if said[facet][0] != said[facet][1])


def _words(scene: Scene, facet: str) -> tuple[str, ...]:
    return tuple(fact.value for fact in scene.said(facet))


def _edited(scene: Scene, edit: Edit) -> Iterator[Fact]:
    facts = scene.all(edit.facet)
    if edit.how not in ("lock", "unlock") and is_locked(scene, edit.facet):
        raise EditError(f"The {edit.facet} is locked: unlock it first.")
    if edit.how in ("set", "add") and not edit.value.strip():
        raise EditError(f"Give the words for the {edit.facet}, or remove it.")
    yield from (fact for fact in scene if fact.facet != edit.facet)
    yield from _EDITORS[edit.how](facts, edit)


def _set(facts: tuple[Fact, ...], edit: Edit) -> Iterator[Fact]:
    yield _user_fact(edit.facet, edit.value)
    yield from (_unsaid(fact, f"Replaced by you with '{edit.value}'.") for fact in facts)


def _add(facts: tuple[Fact, ...], edit: Edit) -> Iterator[Fact]:
    """Another fact where a facet may have several, else another clause of the one it has."""
    said = next((fact for fact in facts if fact.said), None)
    if said is None or table("facets")[edit.facet].get("many"):
        yield from (fact for fact in facts if fact.said)
        yield _user_fact(edit.facet, edit.value)
        yield from (fact for fact in facts if not fact.said)
        return
    for fact in facts:
        longer = replace(
            fact, value=f"{fact.value}, {edit.value}", sources=(*fact.sources, USER_SOURCE)
        )
        yield longer if fact is said else fact


def _remove(facts: tuple[Fact, ...], edit: Edit) -> Iterator[Fact]:
    gone = edit.value.strip().casefold()
    for fact in facts:
        left = [part for part in fact.value.split(", ") if gone and part.casefold() != gone]
        if gone and left and fact.value.casefold() != gone:
            yield replace(fact, value=", ".join(left))
        else:
            yield _unsaid(fact, REMOVED_REASON)


def _lock(facts: tuple[Fact, ...], edit: Edit) -> Iterator[Fact]:
    if not facts:
        raise EditError(f"There is no {edit.facet} to lock: set it first.")
    yield from (replace(fact, locked=edit.how == "lock") for fact in facts)


_EDITORS: Final = {"set": _set, "add": _add, "remove": _remove, "lock": _lock, "unlock": _lock}


def _user_fact(facet: str, value: str) -> Fact:
    words = value.strip()
    numbers = palette_from_words(words) if facet == "palette" else None
    return Fact(facet, words, 1.0, sources=(USER_SOURCE,), measurement=numbers)


def _unsaid(fact: Fact, reason: str) -> Fact:
    return replace(fact, said=False, reason=reason) if fact.said else fact


def palette_from_words(words: str) -> Palette | None:
    """The palette of the hex colors in the words, in equal shares; None when there are none."""
    codes = hex_codes(words)
    if not codes:
        return None
    share = round(1 / len(codes), 4)
    return Palette(tuple(Swatch(code, code, share) for code in codes[:8]), "custom", 0.0, 0.0)


# As many as Midjourney's /blend takes (docs/sources.md, MJ-D).
MIN_SCENES: Final = 2
MAX_SCENES: Final = 5


@dataclass(frozen=True)
class BlendResult:
    """The blended scene, and one sentence for each pair of facts that do not go together."""

    scene: Scene
    conflicts: tuple[str, ...]


def blend(scenes: Sequence[Scene], take: Mapping[str, int], /) -> BlendResult:
    """The facts of the first scene, but for the facets in `take`: those come from that scene.

    `take` maps a facet to the place of a scene, 0 the first. EditError for fewer than two or more
    than five scenes, or a place where there is none.
    """
    if not MIN_SCENES <= len(scenes) <= MAX_SCENES:
        raise EditError(f"Blending takes {MIN_SCENES} to {MAX_SCENES} pictures, not {len(scenes)}.")
    for facet, place in take.items():
        if not 0 <= place < len(scenes):
            raise EditError(
                f"There is no picture {place + 1} to take the {checked_facet(facet)} from."
            )
    taken = {checked_facet(facet): scenes[place].all(facet) for facet, place in take.items()}
    kept = [fact for fact in scenes[0] if fact.facet not in taken]
    facts = in_facet_order(iter([*kept, *(fact for facts in taken.values() for fact in facts)]))
    scene = replace(scenes[0], facts=facts, origin=None)
    return BlendResult(scene, conflicts(scene))


def conflicts(scene: Scene, /) -> tuple[str, ...]:
    """One sentence for each pair of said facts that do not go together, by a published table."""
    return tuple(_conflicts(scene))


def _conflicts(scene: Scene) -> Iterator[str]:
    said = [fact for fact in scene if fact.said]
    for rule in table("conflicts")["rules"]:
        against = [fact for fact in said if _meets(fact, rule["other"])]
        for fact in said if against else ():
            for contrary in against if _meets(fact, rule["one"]) else ():
                yield (
                    f"{fact.facet} '{fact.value}' does not go with {contrary.facet} "
                    f"'{contrary.value}': {rule['why']}."
                )


def _meets(fact: Fact, words: Mapping[str, Sequence[str]]) -> bool:
    if fact.facet not in words:
        return False
    value = f" {fact.value.casefold().replace(',', ' ')} "
    return any(f" {word} " in value for word in words[fact.facet])


def actions_without_subject(before: Scene, after: Scene, /) -> tuple[str, ...]:
    """One sentence for each action that is still said though the last subject was removed."""
    removed = before.said("subject") and not after.said("subject")
    actions = [fact.value for fact in after.said("action")] if removed else []
    return tuple(f"Nobody is left for the action '{action}': remove it too." for action in actions)
