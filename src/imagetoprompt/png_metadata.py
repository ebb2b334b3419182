"""Write and read PNG files whose metadata say how the picture was made.

Two text chunks: `parameters` in the format of A1111, which most tools read, and `imagetoprompt`,
our own JSON with scene, plan and prompt. File names are not written.
"""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

from PIL.PngImagePlugin import PngInfo

from imagetoprompt import __version__
from imagetoprompt.core import measurements
from imagetoprompt.core.plan import TASKS, Control, FacetChange, Plan
from imagetoprompt.engines import Painting, TransformJob
from imagetoprompt.errors import SceneError
from imagetoprompt.images.picture import Picture

# zlib compression level: higher ones take much longer and save hardly anything.
COMPRESSION_LEVEL: Final = 4
# The text chunk that holds our own JSON.
CHUNK: Final = "imagetoprompt"


def encode_png(painting: Painting, job: TransformJob) -> bytes:
    """The painting as a PNG file with prompt, plan and engine in its text chunks."""
    notes = PngInfo()
    notes.add_text("Software", f"ImageToPrompt {__version__}")
    notes.add_itxt("parameters", infotext(painting, job))
    notes.add_itxt(CHUNK, json.dumps(run_record(painting, job), ensure_ascii=False))
    buffer = io.BytesIO()
    painting.picture.to_image().save(buffer, "PNG", pnginfo=notes, compress_level=COMPRESSION_LEVEL)
    return buffer.getvalue()


def infotext(painting: Painting, job: TransformJob) -> str:
    """Prompt, negative prompt and settings in the text format of A1111."""
    prompt, width, height = job.request.prompt, *painting.picture.size
    facts = {key.replace("_", " ").capitalize(): value for key, value in painting.facts.items()}
    settings = {
        "Seed": painting.seed,
        "Size": f"{width}x{height}",
        "Denoising strength": job.plan.strength,
        **{key: value for key, value in facts.items() if isinstance(value, str | int | float)},
        "App": "ImageToPrompt",
        "Version": __version__,
    }
    line = ", ".join(f"{key}: {_quoted(value)}" for key, value in settings.items())
    negative = f"\nNegative prompt: {prompt.negative}" if prompt.negative else ""
    return f"{prompt.text}{negative}\n{line}"


def run_record(painting: Painting, job: TransformJob) -> dict[str, object]:
    """The record of a run as JSON values: new facts, plan, prompt, engine, seed and reference."""
    return {
        "version": 1,
        "scene": job.after.to_json(),
        "plan": job.plan.to_json(),
        "prompt": job.request.prompt.to_json(),
        "engine": job.request.target,
        "seed": painting.seed,
        "facts": dict(painting.facts),
        "reference": job.picture.digest,
    }


def _quoted(value: object) -> str:
    """A value with a comma or colon stands in quotes, as A1111 reads it back."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if set(text) & set(',:\n"') else text


def read_plan(picture: Picture) -> Plan | None:
    """The plan in the notes of a file that `png` wrote; None if there is none that can be read.

    Only what advice needs: task, strength, size, changes and controls. Files come from
    anywhere, so notes of any other shape count as none.
    """
    try:
        return _plan(json.loads(picture.metadata.info[CHUNK])["plan"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, SceneError):
        return None


def _plan(data: Mapping[str, Any]) -> Plan:
    if data["task"] not in TASKS:
        raise ValueError(data["task"])
    width, height = data["size"]
    return Plan(
        task=data["task"],
        strength=float(data["strength"]),
        size=(int(width), int(height)),
        changes=tuple(_change(change) for change in data["changes"]),
        controls=tuple(Control(str(c["kind"]), float(c["weight"])) for c in data["controls"]),
    )


def _change(data: Mapping[str, Any]) -> FacetChange:
    facet, numbers = str(data["facet"]), data.get("measurement")
    measurement = None if numbers is None else measurements.from_json(facet, numbers)
    return FacetChange(facet, str(data["before"]), str(data["after"]), measurement)
