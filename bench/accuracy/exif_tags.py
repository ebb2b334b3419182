"""Scores on what cameras wrote into their files: aperture, shutter and focal length."""

import json
from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from typing import Final

from bench.accuracy.described_pictures import Question, Seen, look
from bench.accuracy.scores import Score, share

TAGS: Final[Mapping[str, str]] = {
    "f_number": "aperture",
    "exposure_s": "shutter",
    "focal35": "focal_length",
}
"""The name in exif.jsonl, and in the measurement of `camera`."""

LEAST: Final = 0.7
"""No photographic lens is faster (Zeiss Planar 50 mm f/0.7); some cameras wrote f/0.2."""

CLOSE: Final = 0.02
"""Cameras round: 1/60 of a second is also written as 0.0166."""


def scores(folder: Path) -> Iterator[Score]:
    """Of the photographs whose tag makes sense, the share of which it was read."""
    home = folder / "exif_photos"
    rows = [json.loads(line) for line in (home / "exif.jsonl").read_text("utf-8").splitlines()]
    seen = look([Question(home / row["file"], ("camera",), row) for row in rows], "camera tags")
    for tag, name in TAGS.items():
        least = LEAST if name == "aperture" else 0.0
        asked = [each for each in seen if float(each.truth[tag] or 0) > least]
        right = [_read(each, name, float(each.truth[tag])) for each in asked]
        yield share("camera", f"{name.replace('_', ' ')} of the file read (real)", right)


def _read(seen: Seen, name: str, truth: float) -> bool:
    measured = seen.measured("camera") or {}
    told = measured.get(name)
    return told is not None and isclose(told, truth, rel_tol=CLOSE)
