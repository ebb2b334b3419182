"""find_embedded_prompt(picture) -> EmbeddedPrompt | None: the prompt that a generator left.

Each reader handles one metadata format; the first one that finds a prompt wins, else the first one
that finds a generator. Whether the prompt agrees with the pixels is not checked.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata, Picture, cached_per_picture
from imagetoprompt.metadata.text_prompts import (
    read_generator_claim,
    read_infotext,
    read_json_or_midjourney,
)
from imagetoprompt.metadata.workflow_graphs import read_workflow_graph

Reader: TypeAlias = Callable[[Metadata], EmbeddedPrompt | None]

READERS: Final[tuple[Reader, ...]] = (
    read_infotext,
    read_workflow_graph,
    read_json_or_midjourney,
    read_generator_claim,
)
"""In the order in which they are asked."""


@cached_per_picture
def find_embedded_prompt(picture: Picture, /) -> EmbeddedPrompt | None:
    """The embedded prompt or generator of the file, or None. Damaged metadata raises nothing."""
    return _find(picture.metadata)


def _find(metadata: Metadata) -> EmbeddedPrompt | None:
    if not (metadata.info or metadata.credentials):
        return None
    generators: list[EmbeddedPrompt] = []
    for read in READERS:
        embedded = read(metadata)
        if embedded is not None and embedded.prompt:
            return embedded
        generators += [] if embedded is None else [embedded]
    return generators[0] if generators else None
