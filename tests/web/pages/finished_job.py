"""A finished job, made of the same values that a worker stores."""

from datetime import UTC, datetime

from imagetoprompt.compare import Advice, Drift, FacetDrift, Finding, Similarity
from imagetoprompt.core.scene import Scene
from imagetoprompt.reports.compare_text import drift_to_json, findings_to_json
from imagetoprompt.web.db.job_queue import Job

SIZE = (400, 400)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADVICE = Advice("missing", "time", "night", "strength", 0.6, 0.75)


def drift() -> Drift:
    """The preset night, of which the light arrived; the focus moved though nobody asked."""
    alike = Similarity(1.0, 9, 1.0, 0.0, 1.0, 0.9)
    warmer = Finding("warmer"), Finding("softer")
    sat = (Finding("reworded", {"before": "standing", "after": "sitting"}),)
    facets = (
        FacetDrift("time", "", ""),
        FacetDrift("light", "hard light", "soft light", findings=warmer),
        FacetDrift("palette", "muted grays", "muted grays"),
        FacetDrift("composition", "centered", "centered"),
        FacetDrift("action", "standing", "", findings=sat),
        FacetDrift("focus", "", "", findings=(Finding("less_sharp"),)),
    )
    return Drift(SIZE, SIZE, True, alike, None, None, facets, Scene(SIZE, ()), Scene(SIZE, ()))


def done() -> Job:
    """The job as it stands in its row."""
    outcome = {
        "seed": 4,
        "facts": {"engine": "draft", "strength": 0.6},
        "drift": drift_to_json(drift()),
        "findings": findings_to_json(drift(), [ADVICE]),
    }
    return Job(
        id="job", visitor="visitor", kind="transform", picture="id",
        order={"ask": "for=midjourney&preset=night&strength=0.6"},
        state="done", cancelling=False, step=1, total=1, phase="grade", preview="",
        result="result", outcome=outcome, error="", attempts=1, version=5,
        created=NOW, started=NOW, finished=NOW, expires=NOW,
    )  # fmt: skip
