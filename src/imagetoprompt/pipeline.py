"""The whole story.

    bytes ──open──▶ Picture ──observe──▶ Observation* ──read──▶ Scene ──write──▶ Prompt

It does not know how anything is seen or worded: it only names the order.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Final

from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import FACETS, Observation, Scene, known
from imagetoprompt.errors import UnknownNameError
from imagetoprompt.facts.fusion import fuse
from imagetoprompt.observers import OBSERVERS
from imagetoprompt.settings import settings
from imagetoprompt.targets import TARGETS, Target

if TYPE_CHECKING:
    from imagetoprompt.images.picture import Picture, Source

ALIASES: Final = {"sd": "stable_diffusion", "dalle": "openai", "gpt": "openai", "mj": "midjourney"}
EMPHASES: Final = ("balanced", "subject", "light", "composition")
METERS: Final = ("metadata", "light", "palette", "focus")
"""The observers that need no large network."""
# Two observers at once fill two cores; more would only wait for one another's networks.
LOOKING: Final = 2


def describe(
    source: "Source", /, *, only: Collection[str] = (), without: Collection[str] = ()
) -> Scene:
    """The facts of a picture: a path, bytes, a file object, a PIL image, an array or a URL.

    `only` and `without` name facets; what is not wanted is not looked for.
    """
    *_, scene = unfold(source, only=only, without=without, first=())
    return scene


def unfold(
    source: "Source",
    /,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    first: Collection[str] = METERS,
) -> Iterator[Scene]:
    """The scene as it grows: what the observers of `first` see, then all, as `describe` has it."""
    # Here, since writing needs none of the libraries that decode pictures.
    from imagetoprompt.images.picture import open_picture  # noqa: PLC0415
    from imagetoprompt.metadata import find  # noqa: PLC0415

    wanted = {known(facet) for facet in (only or FACETS)} - {known(facet) for facet in without}
    picture = open_picture(source)
    origin = find(picture)
    heard: dict[str, list[Observation]] = {}
    for name, claims in _looks(picture, wanted, first):
        heard[name] = claims
        if len(heard) == len(first):
            yield fuse(chain.from_iterable(heard.values()), picture.size, origin)
    inorder = (heard[name] for name in OBSERVERS)
    yield fuse(chain.from_iterable(inorder), picture.size, origin)


def _looks(
    picture: "Picture", wanted: set[str], first: Collection[str]
) -> Iterator[tuple[str, list[Observation]]]:
    def look(name: str) -> list[Observation]:
        observer = OBSERVERS[name]
        looks = wanted.intersection(observer.FACETS)
        return [each for each in observer.observe(picture) if each.facet in wanted] if looks else []

    order = (*first, *(name for name in OBSERVERS if name not in first))
    with ThreadPoolExecutor(settings().threads or LOOKING) as pool:
        yield from zip(order, pool.map(look, order), strict=True)


def resolve(target: str, /) -> tuple[Target, str]:
    """The target and the variant that 'target' or 'target:variant' means, aliases too."""
    name, _, variant = target.partition(":")
    found = TARGETS[ALIASES.get(name, name)]
    if variant and variant not in found.VARIANTS:
        raise UnknownNameError(f"variant of {name}", variant, found.VARIANTS)
    return found, variant


def write(scene: Scene, target: str, /, *, emphasis: str = "balanced") -> Prompt:
    """The prompt for a target, or for one of its variants as 'target:variant'."""
    if emphasis not in EMPHASES:
        raise UnknownNameError("emphasis", emphasis, EMPHASES)
    found, variant = resolve(target)
    return found.write(scene, variant, emphasis)


def alternatives(scene: Scene, target: str, /) -> tuple[Prompt, ...]:
    """Four prompts for a target: four emphases of the same facts."""
    return tuple(write(scene, target, emphasis=emphasis) for emphasis in EMPHASES)
