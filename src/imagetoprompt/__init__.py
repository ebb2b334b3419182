"""ImageToPrompt: list what is in a picture as facts, and write the prompt for a generator.

    from imagetoprompt import describe, write

    scene = describe("photo.jpg")
    print(write(scene, "flux").text)

Everything that the public functions take or return is exported here. Importing the package loads
no model and no heavy library: each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from imagetoprompt.controls import CONTROLS
    from imagetoprompt.core.plan import (
        Attachment,
        Control,
        FacetChange,
        Margins,
        Mask,
        Plan,
        Reference,
        Request,
    )
    from imagetoprompt.core.prompt import Dropped, Profile, Prompt, PromptChange, Span
    from imagetoprompt.core.scene import EmbeddedPrompt, Fact, Observation, Scene
    from imagetoprompt.engines import ENGINES, EngineChoice, Painting, Progress, TransformJob
    from imagetoprompt.errors import ImageToPromptError
    from imagetoprompt.facts.edits import BlendResult, Edit, Preset, apply, blend, preset, presets
    from imagetoprompt.images.picture import Metadata, Picture, open_picture
    from imagetoprompt.observers import OBSERVERS
    from imagetoprompt.pipeline import (
        alternatives,
        describe,
        edit,
        paint,
        prepare,
        request,
        transform,
        write,
    )
    from imagetoprompt.planning import EditedScene, PlanOptions, TargetRequest
    from imagetoprompt.targets import TARGETS

__version__ = "0.1.0"

_MODULES: Final = {
    "Attachment": "core.plan",
    "BlendResult": "facts.edits",
    "CONTROLS": "controls",
    "Control": "core.plan",
    "Dropped": "core.prompt",
    "ENGINES": "engines",
    "Edit": "facts.edits",
    "EditedScene": "planning",
    "EmbeddedPrompt": "core.scene",
    "EngineChoice": "engines",
    "FacetChange": "core.plan",
    "Fact": "core.scene",
    "ImageToPromptError": "errors",
    "Margins": "core.plan",
    "Mask": "core.plan",
    "Metadata": "images.picture",
    "OBSERVERS": "observers",
    "Observation": "core.scene",
    "Painting": "engines",
    "Picture": "images.picture",
    "Plan": "core.plan",
    "PlanOptions": "planning",
    "Preset": "facts.edits",
    "Profile": "core.prompt",
    "Progress": "engines",
    "Prompt": "core.prompt",
    "PromptChange": "core.prompt",
    "Reference": "core.plan",
    "Request": "core.plan",
    "Scene": "core.scene",
    "Span": "core.prompt",
    "TARGETS": "targets",
    "TargetRequest": "planning",
    "TransformJob": "engines",
    "alternatives": "pipeline",
    "apply": "facts.edits",
    "blend": "facts.edits",
    "describe": "pipeline",
    "edit": "pipeline",
    "open_picture": "images.picture",
    "paint": "pipeline",
    "prepare": "pipeline",
    "preset": "facts.edits",
    "presets": "facts.edits",
    "request": "pipeline",
    "transform": "pipeline",
    "write": "pipeline",
}

__all__ = [
    "CONTROLS",
    "ENGINES",
    "OBSERVERS",
    "TARGETS",
    "Attachment",
    "BlendResult",
    "Control",
    "Dropped",
    "Edit",
    "EditedScene",
    "EmbeddedPrompt",
    "EngineChoice",
    "FacetChange",
    "Fact",
    "ImageToPromptError",
    "Margins",
    "Mask",
    "Metadata",
    "Observation",
    "Painting",
    "Picture",
    "Plan",
    "PlanOptions",
    "Preset",
    "Profile",
    "Progress",
    "Prompt",
    "PromptChange",
    "Reference",
    "Request",
    "Scene",
    "Span",
    "TargetRequest",
    "TransformJob",
    "alternatives",
    "apply",
    "blend",
    "describe",
    "edit",
    "open_picture",
    "paint",
    "prepare",
    "preset",
    "presets",
    "request",
    "transform",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'imagetoprompt' has no attribute '{name}'")
    return getattr(import_module(f"imagetoprompt.{_MODULES[name]}"), name)
