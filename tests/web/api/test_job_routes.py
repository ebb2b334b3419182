import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from PIL import Image
from tests.web.api.callers import Caller, events, problem

from imagetoprompt.web.api.sse import job_event_stream
from imagetoprompt.web.server_errors import GoneError

if TYPE_CHECKING:
    from fastapi import FastAPI

NOBODYS = "AAAAAAAAAAAAAAAAAAAAAA"
HARD = {"presets": ["watercolor"], "wishes": {"seed": 7}}


@pytest.fixture
def echo(caller: Caller, described: str) -> dict[str, Any]:
    """A job of the caller's that is over in no time."""
    told: dict[str, Any] = caller.post(
        "/transform", {"picture": described, "engine": "echo"}
    ).json()
    return caller.ended(told["job"])


def test_a_transform_is_a_job_with_a_picture_at_its_end(caller: Caller, described: str) -> None:
    answer = caller.post("/transform", {"picture": described, **HARD})
    told = answer.json()
    assert (answer.status_code, told["state"], told["engine"]) == (202, "queued", "draft")
    assert answer.headers["location"] == f"/api/v1/jobs/{told['job']}" == told["links"]["self"]
    done = caller.ended(told["job"])
    assert (done["state"], done["error"], done["position"]) == ("done", "", 0)
    assert done["result"]["seed"] == 7
    assert done["result"]["drift"]["version"] == 1
    assert caller.get(f"/pictures/{done['result']['picture']}").json()["scene"]["facts"]
    painted = caller.get(f"/jobs/{told['job']}/result")
    assert painted.headers["content-type"] == "image/png"
    assert painted.headers["content-disposition"] == 'attachment; filename="watercolor-7.png"'
    image = Image.open(io.BytesIO(painted.content))
    assert (image.size, image.format) == ((451, 300), "PNG")


def test_the_page_of_a_job_asks_the_same(caller: Caller, described: str) -> None:
    told = caller.post("/transform", {"picture": described, **HARD}).json()
    assert told["ask"] == "for=midjourney&preset=watercolor&seed=7"
    assert told["links"]["page"] == f"/p/{described}?{told['ask']}&job={told['job']}"
    assert caller.client.get(told["links"]["page"]).status_code == 200
    caller.ended(told["job"])


def test_events_tell_of_each_change_until_the_end(caller: Caller, described: str) -> None:
    job = caller.post("/transform", {"picture": described, **HARD}).json()["job"]
    answer = caller.get(f"/jobs/{job}/events")
    told = events(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert {name for name, _ in told} == {"job"}
    revisions = [data["revision"] for _, data in told]
    assert revisions == sorted(revisions)
    assert told[-1][1] == caller.get(f"/jobs/{job}").json()


def test_who_has_seen_the_end_is_told_to_stay_away(caller: Caller, echo: dict[str, Any]) -> None:
    path, last = f"/jobs/{echo['job']}/events", echo["revision"]
    assert caller.get(path, Last_Event_ID=str(last)).status_code == 204
    assert events(caller.get(path, Last_Event_ID=str(last - 1)).text) == [("job", echo)]
    assert events(caller.get(path, Last_Event_ID="rubbish").text) == [("job", echo)]


def watched(rows: list[Any], last: int = 0) -> list[str]:
    """The events of a job whose row reads so, one look after the other."""

    def read() -> Any:  # noqa: ANN401 - any JSON
        row = rows.pop(0) if len(rows) > 1 else rows[0]
        if isinstance(row, Exception):
            raise row
        return row

    async def all_of_it() -> list[str]:
        return [event async for event in job_event_stream(read, last)]

    return anyio.run(all_of_it)


def row(revision: int, state: str, position: int = 0) -> dict[str, Any]:
    return {"revision": revision, "state": state, "position": position}


def test_an_event_for_each_change_and_none_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagetoprompt.web.api.sse.POLL_SECONDS", 0.001)
    monkeypatch.setattr("imagetoprompt.web.api.sse.QUEUED_POLL_SECONDS", 0.001)
    rows = [row(1, "queued", 2), row(1, "queued", 2), row(1, "queued", 1), row(2, "running")]
    told = events("".join(watched([*rows, row(2, "running"), row(3, "done")])))
    assert [(data["revision"], data["position"]) for _, data in told] == [
        (1, 2),
        (1, 1),
        (2, 0),
        (3, 0),
    ]


def test_silence_is_broken_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagetoprompt.web.api.sse.POLL_SECONDS", 0.001)
    monkeypatch.setattr("imagetoprompt.web.api.sse.HEARTBEAT_SECONDS", 0.003)
    told = watched([*[row(1, "running")] * 8, row(2, "done")])
    assert ": still here\n\n" in told


def test_a_job_that_goes_meanwhile_is_a_problem() -> None:
    ((_, told),) = events("".join(watched([GoneError("It is gone.")])))
    assert (told["status"], told["detail"]) == (404, "It is gone.")


def test_nobody_watches_for_who_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagetoprompt.web.api.sse.POLL_SECONDS", 0.001)
    looks = []

    def read() -> Any:  # noqa: ANN401 - any JSON
        looks.append(1)
        return row(1, "running")

    async def leave() -> None:
        with anyio.move_on_after(0.05):
            async for _ in job_event_stream(read, 0):
                pass

    anyio.run(leave)
    seen = len(looks)
    time.sleep(0.05)
    assert len(looks) == seen


def test_one_key_is_one_job(caller: Caller, visit: Callable[[], Caller], described: str) -> None:
    body = {"picture": described, "engine": "echo"}
    first = caller.post("/transform", body, Idempotency_Key="mine").json()["job"]
    again = caller.post("/transform", body, Idempotency_Key="mine")
    assert (again.status_code, again.json()["job"]) == (202, first)
    other = caller.post("/transform", {**body, "presets": ["night"]}, Idempotency_Key="mine")
    assert problem(other) == (
        409,
        "The key 'mine' was used for another job: use a new key for each job.",
    )
    assert visit().post("/transform", body, Idempotency_Key="mine").json()["job"] != first
    assert problem(caller.post("/transform", body, Idempotency_Key="a b"))[0] == 422


def test_jobs_are_listed_for_their_visitor(
    caller: Caller, visit: Callable[[], Caller], echo: dict[str, Any]
) -> None:
    assert caller.get("/jobs").json() == {"version": 1, "jobs": [echo]}
    assert visit().get("/jobs").json()["jobs"] == []
    assert problem(caller.get("/jobs?limit=0"))[0] == 422


def test_a_job_is_cancelled_by_its_visitor_alone(
    app: "FastAPI", caller: Caller, visit: Callable[[], Caller], described: str
) -> None:
    # One that runs for long enough: pixels take their time.
    wishes = {"task": "upscale", "scale": 4}
    job = caller.post("/transform", {"picture": described, "wishes": wishes}).json()["job"]
    assert problem(visit().delete(f"/jobs/{job}")) == (
        403,
        "This job is another visitor's: you can cancel only your own jobs.",
    )
    assert caller.delete(f"/jobs/{job}").status_code == 200
    ended = caller.ended(job)
    assert ended["state"] == "cancelled"
    assert problem(caller.get(f"/jobs/{job}/result")) == (
        409,
        "The job is cancelled and has no result: submit it again.",
    )
    assert caller.delete(f"/jobs/{job}").json() == ended


def test_what_cannot_be_painted_fails_with_a_sentence(
    caller: Caller, described: str, png: Callable[..., bytes]
) -> None:
    wishes = {"task": "inpaint", "mask": {"source": caller.kept(png(451, 300))}}
    job = caller.post("/transform", {"picture": described, **HARD, "wishes": wishes}).json()["job"]
    ended = caller.ended(job)
    sentence = "The mask marks nothing: paint white where the picture may change."
    assert (ended["state"], ended["error"], ended["result"]) == ("failed", sentence, None)
    assert problem(caller.get(f"/jobs/{job}/result")) == (
        409,
        f"The job is failed and has no result: {sentence}",
    )


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"engine": "diffusers"}, "No engine named 'diffusers'. There are: draft, echo."),
        ({"wishes": {"task": "reimagine"}}, "The engine draft cannot reimagine: choose one of "),
        ({"wishes": {"size": [16000, 16000], "task": "vary"}}, "16000 x 16000 is too large"),
        ({"wishes": {"margins": {"left": 2.5}}}, "body.wishes.margins.left: Input should be less"),
        ({"picture": "x"}, "body.picture: String should match pattern"),
        ({"presets": ["nylon"]}, "No preset named 'nylon'. There are: "),
    ],
)
def test_what_is_refused_never_waits_in_line(
    caller: Caller, described: str, more: dict[str, Any], sentence: str
) -> None:
    status, detail = problem(caller.post("/transform", {"picture": described, **more}))
    assert (status, detail[: len(sentence)]) == (422, sentence)
    assert caller.get("/jobs").json()["jobs"] == []


@pytest.mark.parametrize("path", ["", "/events", "/result", "/preview"])
def test_a_job_that_is_gone_is_404(caller: Caller, path: str) -> None:
    status, sentence = problem(caller.get(f"/jobs/{NOBODYS}{path}"))
    assert (status, sentence) == (
        404,
        "This job has expired or does not exist: submit it again.",
    )
    assert problem(caller.delete(f"/jobs/{NOBODYS}"))[0] == 404


def test_without_a_preview_there_is_nothing_to_see(caller: Caller, echo: dict[str, Any]) -> None:
    assert echo["links"]["preview"] is None
    assert problem(caller.get(f"/jobs/{echo['job']}/preview"))[0] == 404


def test_a_mask_that_is_a_picture_is_painted_within(
    caller: Caller, described: str, png: Callable[..., bytes]
) -> None:
    mask = caller.kept(png(451, 300, (100, 100, 200, 200)))
    wishes = {"task": "inpaint", "mask": {"source": mask}, "seed": 1}
    body = {"picture": described, "presets": ["watercolor"], "wishes": wishes}
    job = caller.ended(caller.post("/transform", body).json()["job"])
    assert (job["state"], job["error"]) == ("done", "")
    result = job["result"]["picture"]
    drift = caller.post("/compare", {"reference": described, "result": result, "mask": mask}).json()
    assert drift["likeness"]["outside"]["largest"] == 0
    assert drift["likeness"]["inside"]["largest"] > 0


def test_a_photograph_of_a_camera_is_painted_at_full_size(
    caller: Caller, png: Callable[..., bytes]
) -> None:
    # To be looked at, JPEG files of this size are decoded at half their size.
    photo = io.BytesIO()
    noise = Image.effect_noise((326, 244), 60).convert("RGB").resize((3260, 2440))
    noise.save(photo, "JPEG", quality=80)
    picture = caller.send("/describe", photo.getvalue()).json()["picture"]
    mask = caller.kept(png(3260, 2440, (1000, 700, 1400, 1100)))
    body = {"picture": picture, "presets": ["night"], "wishes": {"mask": {"source": mask}}}

    job = caller.ended(caller.post("/transform", body).json()["job"], seconds=120)

    assert (job["state"], job["error"]) == ("done", "")
    with Image.open(io.BytesIO(caller.get(f"/jobs/{job['job']}/result").content)) as result:
        assert result.size == (3260, 2440)
    assert job["result"]["drift"]["likeness"]["outside"]["largest"] == 0


def test_a_full_line_says_when_to_come_again(
    app: "FastAPI", caller: Caller, described: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.jobs, "waiting", lambda: app.state.config.waiting)
    answer = caller.post("/transform", {"picture": described, **HARD})
    assert problem(answer) == (503, "The queue is full: try again in ten seconds.")
    assert answer.headers["retry-after"] == "10"
