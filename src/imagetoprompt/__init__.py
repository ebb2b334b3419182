"""ImageToPrompt: look at a picture, keep what is seen as facts, write the prompt for a generator.

    from imagetoprompt import describe, write

    scene = describe("photo.jpg")
    print(write(scene, "flux").text)

Importing it loads no model and no heavy library: each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from imagetoprompt.blending import blend
    from imagetoprompt.edit import Edit, apply, preset
    from imagetoprompt.errors import ImageToPromptError
    from imagetoprompt.picture import Picture, open_picture
    from imagetoprompt.pipeline import alternatives, describe, write
    from imagetoprompt.prompt import Prompt
    from imagetoprompt.scene import Fact, Scene
    from imagetoprompt.transforming import transform

__version__ = "0.1.0"

_HOMES: Final = {
    "Edit": "edit",
    "Fact": "scene",
    "ImageToPromptError": "errors",
    "Picture": "picture",
    "Prompt": "prompt",
    "Scene": "scene",
    "alternatives": "pipeline",
    "apply": "edit",
    "blend": "blending",
    "describe": "pipeline",
    "open_picture": "picture",
    "preset": "edit",
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
