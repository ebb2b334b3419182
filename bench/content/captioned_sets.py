"""The captioned pictures that are measured on: none of them is trained on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.accuracy.described_pictures import in_processes
from bench.accuracy.split import held_out
from bench.content.content_score import CaptionedPrompt, content_text
from imagetoprompt import describe, write

# Sentences, in the order in which people describe a picture.
TARGET: Final = "flux"


@dataclass(frozen=True)
class CaptionedPicture:
    """A picture and what people wrote of it."""

    path: Path
    captions: tuple[str, ...]


# Title of a row, and the folders that it is measured on.
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "everyday photographs": ("flickr8k",),
    "COCO": ("coco_mini",),
    "COCO, one caption each": ("coco_mixed",),
    "rooms": ("ade_rooms",),
    "food": ("food",),
    "household": ("houses", "objects_home"),
    "AI-made": ("ai_text2img", "ai_gpt_image", "ai_drawbench"),
}
# Of these sets every picture is kept out of training; of the others, one group in five.
WHOLE_SETS: Final = ("coco_mini",)


def captioned(data: Path, name: str) -> list[CaptionedPicture]:
    """The pictures of a set that are kept out of training, in the order of its list."""
    home = data / name
    rows = [_picture(home, row) for row in _lines(home)]
    if name in WHOLE_SETS:
        return rows
    if (home / "dev.txt").is_file():
        dev = set((home / "dev.txt").read_text(encoding="utf-8").split())
        return [row for row in rows if row.path.name in dev]
    kept = set(held_out(home, [row.path for row in rows]))
    return [row for row in rows if row.path in kept]


def _lines(home: Path) -> Iterator[Mapping[str, Any]]:
    listed = home / "captions.jsonl"
    if not listed.is_file():
        listed = home / "labels.jsonl"
    with listed.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _picture(home: Path, row: Mapping[str, Any]) -> CaptionedPicture:
    """The picture of a row; labels without a sentence count as one caption."""
    path = home / row["file"]
    if not path.is_file():
        path = home / "images" / row["file"]
    captions = tuple(row["captions"]) if "captions" in row else (", ".join(row["labels"]),)
    return CaptionedPicture(path, captions)


def prompts_of(pictures: Sequence[CaptionedPicture], title: str) -> list[CaptionedPrompt]:
    """The prompts of the pictures, in their order; `title` is shown with the progress."""
    return in_processes(_described, pictures, title)


def _described(picture: CaptionedPicture) -> CaptionedPrompt:
    scene = describe(picture.path)
    has_subject = bool(scene.said("subject"))
    return CaptionedPrompt(picture.captions, content_text(write(scene, TARGET)), has_subject)
