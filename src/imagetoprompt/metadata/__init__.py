"""find_embedded_prompt(picture) -> EmbeddedPrompt | None: the prompt that a generator left.

Each reader handles one metadata format; the first one that finds a prompt wins, else the first one
that finds a generator. Whether the prompt agrees with the pixels is not checked.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata, Picture, cached_per_picture

READERS: Final = ("infotext", "workflow_graphs", "json_and_midjourney", "c2pa")


@cached_per_picture
def find_embedded_prompt(picture: Picture, /) -> EmbeddedPrompt | None:
    """The embedded prompt or generator of the file, or None. Damaged metadata raises nothing."""
    return _find(picture.metadata)


def _find(metadata: Metadata) -> EmbeddedPrompt | None:
    if not (metadata.info or metadata.credentials):
        return None
    generators: list[EmbeddedPrompt] = []
    for name in READERS:
        read: Callable[[Metadata], EmbeddedPrompt | None] = import_module(f"{__name__}.{name}").read
        embedded = read(metadata)
        if embedded is not None and embedded.prompt:
            return embedded
        generators += [] if embedded is None else [embedded]
    return generators[0] if generators else None
