"""A painting that is done, made of the same values that a worker files."""

from datetime import UTC, datetime

from imagetoprompt.compare import Drift, Likeness
from imagetoprompt.compare.changes import Move
from imagetoprompt.core.scene import Scene
from imagetoprompt.web.db.job_queue import Job

SIZE = (400, 400)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADVICE = "The time asked for, night, did not arrive: raise the strength from 0.6 to 0.75."


def drift() -> Drift:
    """The preset night, of which the light arrived; the focus moved though nobody asked."""
    alike = Likeness(1.0, 9, 1.0, 0.0, 1.0, 0.9)
    moves = (
        Move("time", "", ""),
        Move("light", "hard light", "soft light", words="The light moved: warmer, softer."),
        Move("palette", "muted grays", "muted grays"),
        Move("composition", "centerd", "centerd"),
        Move("action", "standing", "", words="The action moved: it was standing and is sitting."),
        Move("focus", "", "", words="The focus moved: less of it is sharp."),
    )
    return Drift(SIZE, SIZE, True, alike, None, None, moves, Scene(SIZE, ()), Scene(SIZE, ()))


def done() -> Job:
    """The job as it stands in its row."""
    outcome = {
        "seed": 4,
        "facts": {"engine": "draft", "strength": 0.6},
        "drift": drift().to_json(),
        "advice": [ADVICE],
    }
    return Job(
        id="job", visitor="visitor", kind="transform", picture="id",
        order={"ask": "for=midjourney&preset=night&strength=0.6"},
        state="done", cancelling=False, step=1, total=1, phase="grade", preview="",
        result="result", outcome=outcome, error="", attempts=1, version=5,
        created=NOW, started=NOW, finished=NOW, expires=NOW,
    )  # fmt: skip
