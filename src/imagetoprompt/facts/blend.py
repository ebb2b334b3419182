"""blend(scenes, take) -> Blend: the facts of one picture with some facets of others.

Facts that do not go together are listed, never silently resolved. It does not look at pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from imagetoprompt.core.scene import Fact, Scene, in_order, known
from imagetoprompt.errors import EditError
from imagetoprompt.lexicon import table

# As many as Midjourney's /blend takes (docs/sources.md, MJ-D).
FEWEST: Final = 2
MOST: Final = 5


@dataclass(frozen=True)
class Blend:
    """The blended scene, and one sentence for each pair of facts that do not go together."""

    scene: Scene
    conflicts: tuple[str, ...]


def blend(scenes: Sequence[Scene], take: Mapping[str, int], /) -> Blend:
    """The facts of the first scene, but for the facets in `take`: those come from that scene.

    `take` maps a facet to the place of a scene, 0 the first. EditError for fewer than two or more
    than five scenes, or a place where there is none.
    """
    if not FEWEST <= len(scenes) <= MOST:
        raise EditError(f"Blending takes {FEWEST} to {MOST} pictures, not {len(scenes)}.")
    for facet, place in take.items():
        if not 0 <= place < len(scenes):
            raise EditError(f"There is no picture {place + 1} to take the {known(facet)} from.")
    taken = {known(facet): scenes[place].all(facet) for facet, place in take.items()}
    kept = [fact for fact in scenes[0] if fact.facet not in taken]
    facts = in_order(iter([*kept, *(fact for facts in taken.values() for fact in facts)]))
    scene = replace(scenes[0], facts=facts, origin=None)
    return Blend(scene, conflicts(scene))


def conflicts(scene: Scene, /) -> tuple[str, ...]:
    """One sentence for each pair of said facts that do not go together, by a published table."""
    return tuple(_conflicts(scene))


def _conflicts(scene: Scene) -> Iterator[str]:
    said = [fact for fact in scene if fact.said]
    for rule in table("conflicts")["rules"]:
        against = [fact for fact in said if _meets(fact, rule["other"])]
        for one in said if against else ():
            for other in against if _meets(one, rule["one"]) else ():
                yield (
                    f"{one.facet} '{one.value}' does not go with {other.facet} "
                    f"'{other.value}': {rule['why']}."
                )


def _meets(fact: Fact, words: Mapping[str, Sequence[str]]) -> bool:
    if fact.facet not in words:
        return False
    value = f" {fact.value.casefold().replace(',', ' ')} "
    return any(f" {word} " in value for word in words[fact.facet])
