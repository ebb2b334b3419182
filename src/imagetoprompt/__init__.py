"""ImageToPrompt: look at a picture, keep what is seen as facts, write the prompt for a generator.

    from imagetoprompt import describe, write

    scene = describe("photo.jpg")
    print(write(scene, "flux").text)

Importing it loads no model and no heavy library: each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from imagetoprompt.core.prompt import Prompt
    from imagetoprompt.core.scene import Fact, Scene
    from imagetoprompt.errors import ImageToPromptError
    from imagetoprompt.facts.edits import Edit, apply, blend, preset
    from imagetoprompt.images.picture import Picture, open_picture
    from imagetoprompt.pipeline import alternatives, describe, transform, write

__version__ = "0.1.0"

_HOMES: Final = {
    "Edit": "facts.edits",
    "Fact": "core.scene",
    "ImageToPromptError": "errors",
    "Picture": "images.picture",
    "Prompt": "core.prompt",
    "Scene": "core.scene",
    "alternatives": "pipeline",
    "apply": "facts.edits",
    "blend": "facts.blend",
    "describe": "pipeline",
    "open_picture": "images.picture",
    "preset": "facts.edits",
    "transform": "transforming",
    "write": "pipeline",
}

__all__ = [
    "Edit",
    "Fact",
    "ImageToPromptError",
    "Picture",
    "Prompt",
    "Scene",
    "alternatives",
    "apply",
    "blend",
    "describe",
    "open_picture",
    "preset",
    "transform",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'imagetoprompt' has no attribute '{name}'")
    return getattr(import_module(f"imagetoprompt.{_HOMES[name]}"), name)
