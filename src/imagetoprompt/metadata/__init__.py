"""find(picture) -> Origin | None: what the file says of its own making, as written.

Each reader knows one way in which generators leave notes; the first that finds a prompt is
believed, else the first that finds a generator. It does not judge the prompt: whether the pixels
agree is for the facts to show.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from imagetoprompt.core.scene import EmbeddedPrompt
from imagetoprompt.images.picture import Metadata, Picture, cached_per_picture

READERS: Final = ("infotext", "workflow_graphs", "json_and_midjourney", "c2pa")


@cached_per_picture
def find_embedded_prompt(picture: Picture, /) -> EmbeddedPrompt | None:
    """What the file says of its own making; None when it says nothing. Never an error."""
    return _find(picture.metadata)


def _find(metadata: Metadata) -> EmbeddedPrompt | None:
    if not (metadata.info or metadata.credentials):
        return None
    found: list[EmbeddedPrompt] = []
    for name in READERS:
        read: Callable[[Metadata], EmbeddedPrompt | None] = import_module(f"{__name__}.{name}").read
        origin = read(metadata)
        if origin is not None and origin.prompt:
            return origin
        found += [] if origin is None else [origin]
    return found[0] if found else None
