"""floor() -> pictures a second that the packaged networks alone look at, on every core.

No server can beat it: the text in the picture is not even read.
"""

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.pictures import enlarged
from bench.timing import timed
from imagetoprompt import open_picture
from imagetoprompt.images.picture import Picture
from imagetoprompt.models import classify, detect, find_key_points

ROUNDS: Final = 5


def floor() -> float:
    """Pictures of 1 MP a second, opened and looked at, a process for each core."""
    before = os.environ.get("IMAGETOPROMPT_THREADS")
    os.environ["IMAGETOPROMPT_THREADS"] = "1"
    cores = len(os.sched_getaffinity(0))
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool,
        ):
            paths = enlarged(Path(folder), 1.0)
            list(pool.map(_look, paths * 2))
            seconds = timed(lambda: list(pool.map(_look, paths * ROUNDS)))
    finally:
        os.environ.pop("IMAGETOPROMPT_THREADS")
        if before is not None:
            os.environ["IMAGETOPROMPT_THREADS"] = before
    return round(len(paths) * ROUNDS / seconds, 2)


def _look(path: Path) -> int:
    picture: Picture = open_picture(path)
    classify(picture)
    people = [each for each in detect(picture) if each.label == "person"][:3]
    for person in people:
        find_key_points(picture, person.box)
    return len(people)
