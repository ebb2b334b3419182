"""Scores on what cameras wrote into their files: aperture, shutter and focal length."""

import json
from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from typing import Final

from bench.accuracy.described_pictures import DescribedPicture, Question, describe_all
from bench.accuracy.scores import Score, share

TAGS: Final[Mapping[str, str]] = {
    "f_number": "aperture",
    "exposure_s": "shutter",
    "focal35": "focal_length",
}
"""The name in exif.jsonl, and in the measurement of `camera`."""

MIN_F_NUMBER: Final = 0.7
"""No photographic lens is faster (Zeiss Planar 50 mm f/0.7); some cameras wrote f/0.2."""

RELATIVE_TOLERANCE: Final = 0.02
"""Cameras round: 1/60 of a second is also written as 0.0166."""


def scores(folder: Path) -> Iterator[Score]:
    """Of the photographs whose tag makes sense, the share of which it was read."""
    home = folder / "exif_photos"
    rows = [json.loads(line) for line in (home / "exif.jsonl").read_text("utf-8").splitlines()]
    seen = describe_all(
        [Question(home / row["file"], ("camera",), row) for row in rows], "camera tags"
    )
    for tag, name in TAGS.items():
        least = MIN_F_NUMBER if name == "aperture" else 0.0
        asked = [picture for picture in seen if float(picture.truth[tag] or 0) > least]
        right = [_read(picture, name, float(picture.truth[tag])) for picture in asked]
        yield share("camera", f"{name.replace('_', ' ')} of the file read (real)", right)


def _read(seen: DescribedPicture, name: str, truth: float) -> bool:
    measured = seen.measured("camera") or {}
    answer = measured.get(name)
    return answer is not None and isclose(answer, truth, rel_tol=RELATIVE_TOLERANCE)
