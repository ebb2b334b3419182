"""own(scene) -> the prompt that the file itself carried, and where the pixels say otherwise.

It does not know how the file was read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from imagetoprompt.core.scene import FACETS, Scene
from imagetoprompt.reports.description import printable

SOURCE: Final = "file's prompt"


@dataclass(frozen=True)
class Differs:
    """A facet of which the file says one thing and the picture another."""

    facet: str
    file: str
    picture: str


@dataclass(frozen=True)
class Own:
    """What the file says of its own making."""

    generator: str
    prompt: str
    negative: str
    parameters: tuple[tuple[str, str], ...]
    differs: tuple[Differs, ...]


def own(scene: Scene) -> Own | None:
    """The file's own prompt; None when it carried none."""
    origin = scene.origin
    if origin is None or not (origin.prompt or origin.generator):
        return None
    return Own(
        generator=printable(origin.generator),
        prompt=printable(origin.prompt),
        negative=printable(origin.negative),
        parameters=tuple((printable(k), printable(v)) for k, v in origin.parameters.items()),
        differs=tuple(_differs(scene)),
    )


def _differs(scene: Scene) -> Iterator[Differs]:
    """One for each claim of the file that lost against what was seen."""
    for facet in FACETS:
        seen = " · ".join(f.value for f in scene.said(facet) if SOURCE not in f.sources)
        for fact in scene.all(facet):
            if seen and not fact.said and fact.value and SOURCE in fact.sources:
                yield Differs(facet, fact.value, seen)
