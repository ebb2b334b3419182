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
    from imagetoprompt.compare import (
        Advice,
        Drift,
        FacetDrift,
        Finding,
        Similarity,
        advise,
        compare_pictures,
    )
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
    from imagetoprompt.engines.step_counts import steps_for, steps_run
    from imagetoprompt.errors import (
        EditError,
        EngineError,
        FetchError,
        ImageToPromptError,
        MaskError,
        MissingPartError,
        NotAPictureError,
        PictureError,
        PlanError,
        RefusedError,
        SceneError,
        SettingError,
        TooLargeError,
        UnknownNameError,
        UnreachableError,
        UnsupportedTaskError,
    )
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
    from imagetoprompt.reports.compare_text import advice_sentence, drift_sentences
    from imagetoprompt.targets import TARGETS

__version__ = "0.1.0"

_MODULES: Final = {
    "Advice": "compare",
    "Attachment": "core.plan",
    "BlendResult": "facts.edits",
    "CONTROLS": "controls",
    "Control": "core.plan",
    "Drift": "compare",
    "Dropped": "core.prompt",
    "ENGINES": "engines",
    "Edit": "facts.edits",
    "EditError": "errors",
    "EditedScene": "planning",
    "EmbeddedPrompt": "core.scene",
    "EngineChoice": "engines",
    "EngineError": "errors",
    "FacetChange": "core.plan",
    "FacetDrift": "compare",
    "Fact": "core.scene",
    "FetchError": "errors",
    "Finding": "compare",
    "ImageToPromptError": "errors",
    "Margins": "core.plan",
    "Mask": "core.plan",
    "MaskError": "errors",
    "Metadata": "images.picture",
    "MissingPartError": "errors",
    "NotAPictureError": "errors",
    "OBSERVERS": "observers",
    "Observation": "core.scene",
    "Painting": "engines",
    "Picture": "images.picture",
    "PictureError": "errors",
    "Plan": "core.plan",
    "PlanError": "errors",
    "PlanOptions": "planning",
    "Preset": "facts.edits",
    "Profile": "core.prompt",
    "Progress": "engines",
    "Prompt": "core.prompt",
    "PromptChange": "core.prompt",
    "Reference": "core.plan",
    "RefusedError": "errors",
    "Request": "core.plan",
    "Scene": "core.scene",
    "SceneError": "errors",
    "SettingError": "errors",
    "Similarity": "compare",
    "Span": "core.prompt",
    "TARGETS": "targets",
    "TargetRequest": "planning",
    "TooLargeError": "errors",
    "TransformJob": "engines",
    "UnknownNameError": "errors",
    "UnreachableError": "errors",
    "UnsupportedTaskError": "errors",
    "advice_sentence": "reports.compare_text",
    "advise": "compare",
    "alternatives": "pipeline",
    "apply": "facts.edits",
    "blend": "facts.edits",
    "compare_pictures": "compare",
    "describe": "pipeline",
    "drift_sentences": "reports.compare_text",
    "edit": "pipeline",
    "open_picture": "images.picture",
    "paint": "pipeline",
    "prepare": "pipeline",
    "preset": "facts.edits",
    "presets": "facts.edits",
    "request": "pipeline",
    "steps_for": "engines.step_counts",
    "steps_run": "engines.step_counts",
    "transform": "pipeline",
    "write": "pipeline",
}

__all__ = [
    "CONTROLS",
    "ENGINES",
    "OBSERVERS",
    "TARGETS",
    "Advice",
    "Attachment",
    "BlendResult",
    "Control",
    "Drift",
    "Dropped",
    "Edit",
    "EditError",
    "EditedScene",
    "EmbeddedPrompt",
    "EngineChoice",
    "EngineError",
    "FacetChange",
    "FacetDrift",
    "Fact",
    "FetchError",
    "Finding",
    "ImageToPromptError",
    "Margins",
    "Mask",
    "MaskError",
    "Metadata",
    "MissingPartError",
    "NotAPictureError",
    "Observation",
    "Painting",
    "Picture",
    "PictureError",
    "Plan",
    "PlanError",
    "PlanOptions",
    "Preset",
    "Profile",
    "Progress",
    "Prompt",
    "PromptChange",
    "Reference",
    "RefusedError",
    "Request",
    "Scene",
    "SceneError",
    "SettingError",
    "Similarity",
    "Span",
    "TargetRequest",
    "TooLargeError",
    "TransformJob",
    "UnknownNameError",
    "UnreachableError",
    "UnsupportedTaskError",
    "advice_sentence",
    "advise",
    "alternatives",
    "apply",
    "blend",
    "compare_pictures",
    "describe",
    "drift_sentences",
    "edit",
    "open_picture",
    "paint",
    "prepare",
    "preset",
    "presets",
    "request",
    "steps_for",
    "steps_run",
    "transform",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'imagetoprompt' has no attribute '{name}'")
    return getattr(import_module(f"imagetoprompt.{_MODULES[name]}"), name)
