from threading import Event

import pytest
from tests.engines.draft_inputs import draft_request, sky_and_ball

from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import TASKS
from imagetoprompt.engines import ENGINES, Painting, Progress
from imagetoprompt.errors import UnknownNameError


def test_an_engine_tells_its_progress_then_paints_once() -> None:
    for name in ("echo", "draft"):
        with ENGINES.open(name) as engine:
            steps = list(engine.paint(draft_request(preset="sepia"), sky_and_ball()))
        assert [type(step) for step in steps] == [Progress] * (len(steps) - 1) + [Painting]
        assert len(steps) > 1


def test_progress_counts_to_its_total() -> None:
    with ENGINES.open("draft") as engine:
        steps = list(engine.paint(draft_request(preset="golden-hour"), sky_and_ball()))
    told = [(step.step, step.total) for step in steps if isinstance(step, Progress)]
    assert told == [(done, len(told)) for done in range(len(told))]


def test_cancelling_stops_at_the_next_step() -> None:
    for name in ("echo", "draft"):
        cancel = Event()
        with ENGINES.open(name, cancel=cancel) as engine:
            steps = engine.paint(draft_request(preset="golden-hour"), sky_and_ball())
            first = next(steps)
            cancel.set()
            assert isinstance(first, Progress)
            assert list(steps) == []


def test_an_unknown_option_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="No option of the engine echo named 'color'"):
        ENGINES.open("echo", color="red")


def test_echo_paints_the_same_for_the_same_request() -> None:
    def color(preset: str) -> bytes:
        with ENGINES.open("echo") as engine:
            last = list(engine.paint(draft_request(preset=preset), sky_and_ball()))[-1]
        assert isinstance(last, Painting)
        return last.picture.pixels.tobytes()

    assert color("night") == color("night")
    assert color("night") != color("dawn")


def test_engines_declare_known_tasks_and_controls() -> None:
    assert all(set(ENGINES[name].TASKS) <= set(TASKS) for name in ENGINES)
    assert set(ENGINES["diffusers"].CONTROLS) == set(CONTROLS)
