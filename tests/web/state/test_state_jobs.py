from dataclasses import replace
from datetime import timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.state import hammering
from tests.web.state.together import Clock, Crew

from imagetoprompt.errors import ConflictError
from imagetoprompt.web.state.database import Database
from imagetoprompt.web.state.jobs import LOST, Job, Jobs, Reached

ORDER = {"edits": ["palette=teal"], "strength": 0.5}


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


def submitted(jobs: Jobs, visitor: str = "ann", key: str = "") -> Job:
    return jobs.submit(visitor, "transform", "picture", ORDER, key=key)


def claimed(jobs: Jobs, worker: str = "w1") -> Job:
    """A job that runs, for sixty seconds without a word."""
    submitted(jobs)
    job = jobs.claim(worker, 60)
    assert job is not None
    return job


def now(jobs: Jobs, job: Job) -> Job:
    found = jobs.get(job.id)
    assert found is not None
    return found


# Visitors.


def test_a_new_job_waits(jobs: Jobs, clock: Clock) -> None:
    job = submitted(jobs)
    assert job == Job(
        id=job.id,
        visitor="ann",
        kind="transform",
        picture="picture",
        order=ORDER,
        state="queued",
        cancelling=False,
        step=0,
        total=0,
        phase="",
        preview="",
        result="",
        outcome={},
        error="",
        attempts=0,
        version=1,
        created=clock(),
        started=None,
        finished=None,
        expires=clock() + timedelta(hours=24),
    )
    assert (now(jobs, job), job.over) == (job, False)


def test_the_same_key_gives_the_same_job(jobs: Jobs) -> None:
    assert submitted(jobs, key="k") == submitted(jobs, key="k")
    assert jobs.waiting() == 1


def test_the_same_key_gives_the_job_as_it_is_now(jobs: Jobs) -> None:
    submitted(jobs, key="k")
    assert jobs.claim("w1", 60) == submitted(jobs, key="k")


@pytest.mark.parametrize(
    ("kind", "picture", "order"),
    [("upscale", "picture", ORDER), ("transform", "other", ORDER), ("transform", "picture", {})],
)
def test_the_same_key_for_something_else_is_a_conflict(
    jobs: Jobs, kind: str, picture: str, order: dict[str, object]
) -> None:
    submitted(jobs, key="k")
    with pytest.raises(ConflictError, match="The key 'k' was given for another job"):
        jobs.submit("ann", kind, picture, order, key="k")
    assert jobs.waiting() == 1


def test_keys_of_two_visitors_have_nothing_to_do_with_each_other(jobs: Jobs) -> None:
    assert submitted(jobs, "ann", "k").id != submitted(jobs, "bob", "k").id


def test_without_a_key_each_is_its_own(jobs: Jobs) -> None:
    assert submitted(jobs).id != submitted(jobs).id


def test_a_key_is_free_again_when_its_job_has_expired(jobs: Jobs, clock: Clock) -> None:
    old = submitted(jobs, key="k")
    clock.forward(hours=24)
    new = jobs.submit("ann", "transform", "other", {}, key="k")
    assert (jobs.get(old.id), now(jobs, new)) == (None, new)


def test_an_order_is_equal_however_its_lists_are_written(jobs: Jobs) -> None:
    first = jobs.submit("ann", "transform", "picture", {"size": (1, 2)}, key="k")
    assert jobs.submit("ann", "transform", "picture", {"size": [1, 2]}, key="k") == first


def test_the_key_of_many_at_once_gives_one_job(url: str, crew: Crew, jobs: Jobs) -> None:
    assert len(set(crew(hammering.submit, *[(url, "k")] * 12))) == 1
    assert jobs.waiting() == 1


def test_a_visitor_sees_the_latest_of_their_own(jobs: Jobs) -> None:
    first, _, third, fourth = (submitted(jobs, name) for name in ("ann", "bob", "ann", "ann"))
    assert jobs.of_visitor("ann", 2) == (fourth, third)
    assert jobs.of_visitor("ann", 9) == (fourth, third, first)


def test_a_place_in_the_line(jobs: Jobs) -> None:
    first, second, third = (submitted(jobs) for _ in range(3))
    jobs.claim("w1", 60)
    assert [jobs.position(each.id) for each in (first, second, third)] == [0, 1, 2]
    assert (jobs.position("none"), jobs.waiting()) == (0, 2)


def test_a_job_that_waits_is_cancelled_at_once(jobs: Jobs, clock: Clock) -> None:
    job = submitted(jobs)
    gone = jobs.cancel(job.id, "ann")
    assert gone == replace(job, state="cancelled", version=2, finished=clock())
    assert gone.over
    assert jobs.claim("w1", 60) is None


def test_the_worker_is_asked_to_stop_one_that_runs(jobs: Jobs) -> None:
    job = claimed(jobs)
    asked = jobs.cancel(job.id, "ann")
    assert asked == replace(job, cancelling=True, version=job.version + 1)
    assert jobs.progress(job.id, "w1", Reached(1, 9, "painting")) == "cancel"
    assert jobs.cancelled(job.id, "w1")
    assert now(jobs, job).state == "cancelled"


def test_asking_twice_changes_nothing(jobs: Jobs) -> None:
    job = claimed(jobs)
    assert jobs.cancel(job.id, "ann") == jobs.cancel(job.id, "ann")


def test_one_that_is_done_stays_done(jobs: Jobs) -> None:
    job = claimed(jobs)
    jobs.finish(job.id, "w1", "painted", {})
    done = now(jobs, job)
    assert (jobs.cancel(job.id, "ann"), done.state) == (done, "done")


def test_nobody_cancels_the_job_of_another(jobs: Jobs) -> None:
    job = submitted(jobs)
    assert (jobs.cancel(job.id, "bob"), jobs.cancel("none", "ann")) == (None, None)
    assert now(jobs, job) == job


# Workers.


def test_the_oldest_is_claimed_first(jobs: Jobs) -> None:
    first, second = submitted(jobs), submitted(jobs)
    got = [jobs.claim(worker, 60) for worker in ("w1", "w2", "w3")]
    assert [each and each.id for each in got] == [first.id, second.id, None]


def test_a_claimed_job_runs(jobs: Jobs, clock: Clock) -> None:
    job = submitted(jobs)
    clock.forward(seconds=5)
    running = jobs.claim("w1", 60)
    assert running == replace(job, state="running", attempts=1, version=2, started=clock())
    assert now(jobs, job) == running


def test_no_job_is_claimed_twice_with_many_at_once(url: str, crew: Crew, jobs: Jobs) -> None:
    submitted_ids = sorted(submitted(jobs).id for _ in range(80))
    got = crew(hammering.claim, *((url, f"w{number}") for number in range(12)))
    assert sorted(each for one in got for each in one) == submitted_ids


def test_progress_is_told(jobs: Jobs) -> None:
    job = claimed(jobs)
    assert jobs.progress(job.id, "w1", Reached(3, 9, "painting", "ab.png")) == "go on"
    told = replace(job, step=3, total=9, phase="painting", preview="ab.png", version=3)
    assert now(jobs, job) == told


def test_the_last_preview_stays(jobs: Jobs) -> None:
    job = claimed(jobs)
    jobs.progress(job.id, "w1", Reached(3, 9, "painting", "ab.png"))
    jobs.progress(job.id, "w1", Reached(4, 9, "painting"))
    assert now(jobs, job).preview == "ab.png"


def test_a_finished_job_has_its_result_and_lives_anew(jobs: Jobs, clock: Clock) -> None:
    job = claimed(jobs)
    clock.forward(hours=1)
    assert jobs.finish(job.id, "w1", "painted", {"seed": 7, "drift": {"palette": None}})
    assert now(jobs, job) == replace(
        job,
        state="done",
        result="painted",
        outcome={"seed": 7, "drift": {"palette": None}},
        version=3,
        finished=clock(),
        expires=clock() + timedelta(hours=24),
    )


def test_a_failed_job_says_why(jobs: Jobs) -> None:
    job = claimed(jobs)
    assert jobs.fail(job.id, "w1", "The engine\0 did not answer.")
    found = now(jobs, job)
    assert (found.state, found.error) == ("failed", "The engine did not answer.")


def test_who_does_not_hold_a_job_changes_nothing(jobs: Jobs) -> None:
    job = claimed(jobs, "w1")
    assert jobs.progress(job.id, "w2", Reached(1, 9, "painting")) == "not yours"
    assert not jobs.finish(job.id, "w2", "painted", {})
    assert not jobs.fail(job.id, "w2", "no")
    assert not jobs.cancelled(job.id, "w2")
    assert now(jobs, job) == job


def test_what_is_over_does_not_change(jobs: Jobs) -> None:
    job = claimed(jobs)
    jobs.fail(job.id, "w1", "no")
    failed = now(jobs, job)
    assert jobs.progress(job.id, "w1", Reached(1, 9, "painting")) == "not yours"
    assert not jobs.finish(job.id, "w1", "painted", {})
    assert now(jobs, job) == failed


def test_a_released_job_goes_back_to_the_front(jobs: Jobs) -> None:
    job = claimed(jobs, "w1")
    behind = submitted(jobs)
    jobs.progress(job.id, "w1", Reached(3, 9, "painting", "ab.png"))
    (again,) = jobs.release("w1")
    assert (again.id, again.state, again.attempts, again.step) == (job.id, "queued", 0, 0)
    assert (again.started, again.preview) == (None, "")
    assert [jobs.position(each.id) for each in (job, behind)] == [1, 2]
    assert not jobs.finish(job.id, "w1", "painted", {})


def test_a_worker_releases_only_its_own(jobs: Jobs) -> None:
    job = claimed(jobs, "w1")
    assert jobs.release("w2") == ()
    assert now(jobs, job) == job


def test_one_that_was_to_stop_is_cancelled_when_released(jobs: Jobs) -> None:
    job = claimed(jobs)
    jobs.cancel(job.id, "ann")
    assert [each.state for each in jobs.release("w1")] == ["cancelled"]


# From time to time.


def test_a_job_of_a_silent_worker_waits_again(jobs: Jobs, clock: Clock) -> None:
    job = claimed(jobs, "w1")
    clock.forward(seconds=60)
    (again,) = jobs.reap()
    assert (again.state, again.attempts, again.error) == ("queued", 1, "")
    taken = jobs.claim("w2", 60)
    assert taken is not None
    assert (taken.id, taken.attempts) == (job.id, 2)
    assert jobs.progress(job.id, "w1", Reached(1, 9, "painting")) == "not yours"


def test_a_lease_that_runs_is_left_alone(jobs: Jobs, clock: Clock) -> None:
    claimed(jobs)
    clock.forward(seconds=59)
    assert jobs.reap() == ()


def test_progress_renews_the_lease(jobs: Jobs, clock: Clock) -> None:
    job = claimed(jobs)
    for step in range(5):
        clock.forward(seconds=59)
        assert jobs.progress(job.id, "w1", Reached(step, 9, "painting")) == "go on"
        assert jobs.reap() == ()


def test_a_job_that_takes_workers_with_it_is_lost(jobs: Jobs, clock: Clock) -> None:
    job = claimed(jobs, "w1")
    clock.forward(seconds=60)
    jobs.reap()
    jobs.claim("w2", 60)
    clock.forward(seconds=60)
    (lost,) = jobs.reap()
    assert (lost.state, lost.error, lost.finished) == ("lost", LOST, clock())
    assert (jobs.claim("w3", 60), now(jobs, job)) == (None, lost)


def test_released_attempts_do_not_count(jobs: Jobs, clock: Clock) -> None:
    submitted(jobs)
    for _ in range(5):
        jobs.claim("w1", 60)
        jobs.release("w1")
    jobs.claim("w1", 60)
    clock.forward(seconds=60)
    assert [each.state for each in jobs.reap()] == ["queued"]


def test_one_that_was_to_stop_is_cancelled_when_its_worker_is_silent(
    jobs: Jobs, clock: Clock
) -> None:
    job = claimed(jobs)
    jobs.cancel(job.id, "ann")
    clock.forward(seconds=60)
    assert [each.state for each in jobs.reap()] == ["cancelled"]


def test_every_change_raises_the_version(jobs: Jobs, clock: Clock) -> None:
    job = submitted(jobs)
    versions = {job.version}
    for change in (
        lambda: jobs.claim("w1", 60),
        lambda: jobs.progress(job.id, "w1", Reached(1, 9, "painting")),
        lambda: jobs.release("w1"),
        lambda: jobs.claim("w2", 60),
        lambda: clock.forward(seconds=60),
        jobs.reap,
        lambda: jobs.claim("w3", 60),
        lambda: jobs.cancel(job.id, "ann"),
        lambda: jobs.cancelled(job.id, "w3"),
    ):
        change()
        versions.add(now(jobs, job).version)
    assert versions == set(range(1, 10))


def test_a_job_is_gone_when_its_time_is_over(jobs: Jobs, clock: Clock) -> None:
    job = submitted(jobs)
    clock.forward(hours=24)
    assert (jobs.get(job.id), jobs.cancel(job.id, "ann")) == (None, None)
    assert jobs.of_visitor("ann", 9) == ()
    assert (jobs.claim("w1", 60), jobs.waiting(), jobs.position(job.id)) == (None, 0, 0)
    assert jobs.expired() == (job.id,)
    assert (jobs.forget([job.id]), jobs.expired()) == (1, ())


def test_one_that_runs_is_not_over(jobs: Jobs, clock: Clock) -> None:
    clock.forward(hours=-24)
    job = claimed(jobs)
    clock.forward(hours=24)
    assert (now(jobs, job), jobs.expired()) == (job, ())
