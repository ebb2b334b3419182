"""The whole story.

    bytes ──open──▶ Picture ──observe──▶ Observation* ──read──▶ Scene ──write──▶ Prompt

It does not know how anything is seen or worded: it only names the order.
"""

from collections.abc import Collection, Iterator
from typing import Final

from imagetoprompt.errors import UnknownNameError
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.origin import find
from imagetoprompt.picture import Picture, Source, open_picture
from imagetoprompt.prompt import Prompt
from imagetoprompt.reading import read
from imagetoprompt.scene import FACETS, Observation, Scene, known
from imagetoprompt.targets import TARGETS

ALIASES: Final = {"sd": "stable_diffusion", "dalle": "openai", "gpt": "openai", "mj": "midjourney"}
EMPHASES: Final = ("balanced", "subject", "light", "composition")


def describe(
    source: Source, /, *, only: Collection[str] = (), without: Collection[str] = ()
) -> Scene:
    """The facts of a picture: a path, bytes, a file object, a PIL image, an array or a URL.

    `only` and `without` name facets; what is not wanted is not looked for.
    """
    wanted = {known(facet) for facet in (only or FACETS)} - {known(facet) for facet in without}
    picture = source if isinstance(source, Picture) else open_picture(source)
    return read(_observe(picture, wanted), picture.size, find(picture))


def _observe(picture: Picture, wanted: set[str]) -> Iterator[Observation]:
    for name in OBSERVERS:
        observer = OBSERVERS[name]
        if wanted.intersection(observer.FACETS):
            yield from (each for each in observer.observe(picture) if each.facet in wanted)


def write(scene: Scene, target: str, /, *, emphasis: str = "balanced") -> Prompt:
    """The prompt for a target, or for one of its variants as 'target:variant'."""
    name, _, variant = target.partition(":")
    if emphasis not in EMPHASES:
        raise UnknownNameError("emphasis", emphasis, EMPHASES)
    return TARGETS[ALIASES.get(name, name)].write(scene, variant, emphasis)


def alternatives(scene: Scene, target: str, /) -> tuple[Prompt, ...]:
    """Four prompts for a target: four emphases of the same facts."""
    return tuple(write(scene, target, emphasis=emphasis) for emphasis in EMPHASES)
