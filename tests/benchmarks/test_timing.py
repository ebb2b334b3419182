from pathlib import Path

from bench.pictures import EXAMPLE_NAMES, enlarged
from bench.timing import Times, machine, times
from PIL import Image


def test_the_median_and_the_ninth_of_ten() -> None:
    measured = Times(tuple(range(10, 0, -1)))
    assert (measured.median, measured.p90) == (5.5, 9)


def test_one_run_is_its_own_ninth_of_ten() -> None:
    assert Times((0.5,)).p90 == 0.5


def test_so_many_runs_are_timed() -> None:
    ran: list[int] = []
    assert len(times(3, lambda: ran.append(1)).seconds) == len(ran) == 3


def test_the_machine_is_named() -> None:
    assert "cores, Python 3." in machine()


def test_pictures_have_the_wanted_size(tmp_path: Path) -> None:
    paths = enlarged(tmp_path, 0.1)
    areas = []
    for path in paths:
        with Image.open(path) as image:
            areas.append(image.width * image.height)
    assert len(areas) == len(EXAMPLE_NAMES)
    assert max(abs(area - 100_000) for area in areas) < 1_000
