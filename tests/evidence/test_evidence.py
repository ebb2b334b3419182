import numpy as np
import pytest

from imagetoprompt import evidence
from imagetoprompt.core.measurements import (
    Action,
    Composition,
    Focus,
    Light,
    Measurement,
    Palette,
    Subject,
    Swatch,
    Text,
)
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.evidence.marks import HORIZON, PERSON, SUBJECT, SUN, WORDS
from imagetoprompt.images.picture import open_picture

GRAY = np.full((600, 800, 3), 128, np.uint8)


def drawn(facet: str, measurement: Measurement, said: bool = True) -> np.ndarray:
    scene = Scene((800, 600), (Fact(facet, "words", 0.9, said, ("pixels",), measurement),))
    return np.asarray(evidence.draw(open_picture(GRAY), scene))


def center_of(figure: np.ndarray, color: tuple[int, int, int]) -> tuple[int, int]:
    """Where the color is drawn on the picture: x, y in per cent of its width and height."""
    rows, columns = np.nonzero((np.abs(figure[:, :1000].astype(int) - color) < 12).all(axis=2))
    height = 750
    return round(100 * columns.mean() / 1000), round(100 * rows.mean() / height)


def has(figure: np.ndarray, color: tuple[int, int, int]) -> bool:
    return bool((np.abs(figure.astype(int) - color) < 12).all(axis=2).any())


@pytest.mark.parametrize(("azimuth", "side"), [(0, (50, 10)), (90, (90, 50)), (270, (10, 50))])
def test_the_arrow_stands_where_the_light_comes_from(azimuth: float, side: tuple[int, int]) -> None:
    x, y = center_of(drawn("light", Light(azimuth, 0, 1, 0.5, "mid", 5500)), SUN)
    assert (abs(x - side[0]) < 8, abs(y - side[1]) < 8) == (True, True)


def test_light_from_nowhere_has_no_arrow() -> None:
    assert not has(drawn("light", Light(None, 0, 1, 0.5, "mid", 5500)), SUN)


def test_swatches_are_drawn_in_their_own_color() -> None:
    palette = Palette(
        (Swatch("#0F6E7C", "deep teal", 0.6), Swatch("#F2A541", "amber", 0.4)), "", 0, 0
    )
    figure = drawn("palette", palette)
    assert (has(figure, (0x0F, 0x6E, 0x7C)), has(figure, (0xF2, 0xA5, 0x41))) == (True, True)


def test_a_horizon_is_a_line_at_its_height() -> None:
    figure = drawn("composition", Composition("wide shot", (), None, 0.25, 0.5))
    assert (np.abs(figure[187:190, 500].astype(int) - HORIZON) < 12).all(axis=1).any()


def test_a_subject_is_boxed_only_when_said() -> None:
    subject = Subject("dog", 1, ((0.2, 0.2, 0.4, 0.4),))
    assert (
        has(drawn("subject", subject), SUBJECT),
        has(drawn("subject", subject, False), SUBJECT),
    ) == (
        True,
        False,
    )


def test_words_are_boxed() -> None:
    assert has(drawn("text", Text("OPEN", (0.1, 0.1, 0.2, 0.1))), WORDS)


def test_joints_that_are_guesses_are_not_drawn() -> None:
    sure = Action((((0.5, 0.5, 0.9),) * 17,))
    guess = Action((((0.5, 0.5, 0.1),) * 17,))
    assert (has(drawn("action", sure), PERSON), has(drawn("action", guess), PERSON)) == (
        True,
        False,
    )


def test_the_panel_shows_where_it_is_sharp() -> None:
    half = GRAY.copy()
    half[:, :400] = np.random.default_rng(1).integers(0, 255, (600, 400, 3), np.uint8)
    focus = Fact("focus", "", 0.9, False, ("pixels",), Focus("shallow", 0.5, None, 0, None))
    figure = np.asarray(evidence.draw(open_picture(half), Scene((800, 600), (focus,))))
    row = figure[150, 1000:].astype(int).sum(axis=1)
    assert row[60] > row[220] + 100


@pytest.mark.parametrize("shape", [(1, 1, 3), (4000, 3, 3), (3, 4000, 3)])
def test_odd_shapes_are_drawn(shape: tuple[int, int, int]) -> None:
    picture = open_picture(np.zeros(shape, np.uint8))
    scene = Scene(picture.size, (Fact("focus", "", 0, False, (), Focus("deep", 0, None, 0, None)),))
    assert evidence.draw(picture, scene).width >= 430
