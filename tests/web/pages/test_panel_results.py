"""A painting under way and what came of it, as the panel tells them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.web.pages.finished_job import done, drift

from imagetoprompt.compare import Advice, advise
from imagetoprompt.core.plan import Control, Plan
from imagetoprompt.core.scene import Scene
from imagetoprompt.web.db.job_queue import Job
from imagetoprompt.web.pages.context import PageState, Visit, VisitPicture
from imagetoprompt.web.pages.panel_results import (
    Result,
    advice_links,
    others,
    progress,
    result,
)

Show = Callable[..., PageState]


def _result(shown: PageState, job: Job) -> Result:
    found = result(replace(shown, job=job))
    assert found is not None
    return found


def test_a_running_job_has_its_percentage(photographer: Scene, show: Show) -> None:
    running = replace(done(), state="running", step=1, total=4, phase="grain", preview="file")
    shown = replace(show(photographer, ("job", "job")), job=running)
    found = progress(shown)

    assert found is not None
    assert (found.percent, found.phase, found.over) == (25, "grain", False)
    assert found.preview == "/jobs/job/preview.jpg"
    assert found.back == "/p/id?for=midjourney"
    assert result(shown) is None


def test_a_queued_job_has_no_percentage(photographer: Scene, show: Show) -> None:
    found = progress(replace(show(photographer), job=replace(done(), state="queued", total=0)))

    assert found is not None
    assert found.percent is None


def test_without_a_job_there_is_no_progress_or_result(photographer: Scene, show: Show) -> None:
    assert progress(show(photographer)) is None
    assert result(show(photographer)) is None
    assert progress(replace(show(photographer), job=done())) is None


def test_facets_have_outcomes(photographer: Scene, show: Show) -> None:
    found = _result(show(photographer), done())
    outcomes = {row.facet: row.outcome for row in found.rows}

    assert outcomes["light"] == "arrived"
    assert outcomes["time"] == "missing"
    assert outcomes["palette"] == "unsure"
    assert outcomes["focus"] == "moved"
    assert found.kept == ("composition",)


def test_light_follows_the_time_of_day(photographer: Scene, show: Show) -> None:
    asked = replace(done(), order={"ask": "for=flux&set=time=dusk"})
    outcomes = {row.facet: row.outcome for row in _result(show(photographer), asked).rows}

    assert (outcomes["light"], outcomes["action"]) == ("followed", "moved")


def test_changes_are_shown_without_the_facet_s_name(photographer: Scene, show: Show) -> None:
    found = _result(show(photographer), done())

    assert [row.words for row in found.rows if row.facet == "light"] == ["warmer, softer"]
    assert found.notes == ()
    assert found.outlines == 90


def test_with_a_mask_nothing_is_missing(photographer: Scene, show: Show) -> None:
    masked = replace(done(), order={"ask": f"{done().order['ask']}&mask=painted"})
    found = _result(show(photographer), masked)

    assert found.partly
    assert found.advice == ()
    assert "missing" not in {row.outcome for row in found.rows}


def test_a_result_is_stale_after_other_edits(photographer: Scene, show: Show) -> None:
    same = _result(show(photographer, ("preset", "night"), ("strength", "0.6")), done())
    other = _result(show(photographer, ("preset", "dawn")), done())

    assert (same.stale, other.stale) == (False, True)
    assert other.then == "/p/id?for=midjourney&preset=night&strength=0.6&job=job"


def test_a_result_offers_another_seed(photographer: Scene, show: Show) -> None:
    found = _result(show(photographer), done())

    assert (found.seed, found.other) == (4, 5)
    assert found.hold == "/p/id?for=midjourney&seed=4"
    assert dict(found.fields) == {"for": "midjourney", "preset": "night", "strength": "0.6"}


def test_an_outpainted_result_shows_the_picture_inset(photographer: Scene, show: Show) -> None:
    wide = replace(done(), order={"ask": "for=midjourney&left=0.5&right=0.5"})
    wide = replace(wide, outcome=_sized(done().outcome, (800, 400)))

    assert _result(show(photographer), wide).inset == (200, 0, 400, 400)
    assert _result(show(photographer), wide).notes == ()
    assert _result(show(photographer), done()).inset is None


def _sized(outcome: Any, size: tuple[int, int]) -> dict[str, Any]:  # noqa: ANN401 - JSON
    resized = {"code": "resized", "values": {"from": "800 x 400", "to": "400 x 400"}}
    findings = {**outcome["findings"], "picture": [resized]}
    drift = {**outcome["drift"], "result_size": list(size)}
    return {**outcome, "drift": drift, "findings": findings}


def test_advice_has_a_link_where_an_address_can_follow_it() -> None:
    fields = (("for", "flux"), ("preset", "night"), ("job", "old"))
    told = advice_links("id", fields, (
        Advice("missing", "time", "night", "strength", 0.45, 0.6),
        Advice("unwanted", "action", parameter="control", new=0.6, control="pose"),
        Advice("missing", "time", "night", "weight", 0.8, 0.5, "tile"),
    ))  # fmt: skip

    assert [each.url for each in told] == [
        "/p/id?for=flux&preset=night&job=old&strength=0.6",
        "/p/id?for=flux&preset=night&job=old&keep=pose",
        "",
    ]
    assert told[1].words == "The action changed although it should stay: keep it with pose at 0.6."


@pytest.mark.parametrize("controls", [(), (Control("pose", 1.0),), (Control("depth", 0.8),)])
def test_every_change_of_strength_or_control_has_a_link(
    controls: tuple[Control, ...],
) -> None:
    plan = Plan("relight", 0.45, (400, 400), controls=controls)
    told = advise(drift(), plan)

    assert told
    assert all(each.url for each in advice_links("id", (), told))


def test_pictures_of_the_visit_are_shown_if_there_are_several(
    photographer: Scene, show: Show
) -> None:
    alone = Visit(opened=(VisitPicture("id"),))

    assert others(show(photographer)) == (VisitPicture("one"),)
    assert others(replace(show(photographer), visit=alone)) == ()
