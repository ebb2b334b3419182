from dataclasses import replace
from datetime import timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.db import concurrent_calls
from tests.web.db.clock_and_pools import Clock, RunTogether
from tests.web.db.sample_jobs import claimed, now, submitted

from imagetoprompt.web.db.job_queue import LOST_MESSAGE, JobProgress, JobQueue


def test_the_oldest_is_claimed_first(jobs: JobQueue) -> None:
    first, second = submitted(jobs), submitted(jobs)
    got = [jobs.claim(worker, 60) for worker in ("w1", "w2", "w3")]
    assert [each and each.id for each in got] == [first.id, second.id, None]


def test_a_claimed_job_runs(jobs: JobQueue, clock: Clock) -> None:
    job = submitted(jobs)
    clock.forward(seconds=5)
    running = jobs.claim("w1", 60)
    assert running == replace(job, state="running", attempts=1, version=2, started=clock())
    assert now(jobs, job) == running


def test_no_job_is_claimed_twice_with_many_at_once(
    url: str, run_together: RunTogether, jobs: JobQueue
) -> None:
    submitted_ids = sorted(submitted(jobs).id for _ in range(80))
    got = run_together(concurrent_calls.claim, *((url, f"w{number}") for number in range(12)))
    assert sorted(each for one in got for each in one) == submitted_ids


def test_progress_is_told(jobs: JobQueue) -> None:
    job = claimed(jobs)
    assert jobs.progress(job.id, "w1", JobProgress(3, 9, "painting", "ab.png")) == "go on"
    told = replace(job, step=3, total=9, phase="painting", preview="ab.png", version=3)
    assert now(jobs, job) == told


def test_a_mere_heartbeat_is_no_change(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.progress(job.id, "w1", JobProgress(3, 9, "painting", "ab.png"))
    told = now(jobs, job)
    jobs.progress(job.id, "w1", JobProgress(3, 9, "painting", "ab.png"))
    jobs.progress(job.id, "w1", JobProgress(3, 9, "painting"))
    assert now(jobs, job) == told


def test_the_last_preview_stays(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.progress(job.id, "w1", JobProgress(3, 9, "painting", "ab.png"))
    jobs.progress(job.id, "w1", JobProgress(4, 9, "painting"))
    assert now(jobs, job).preview == "ab.png"


def test_a_finished_job_has_its_result_and_lives_anew(jobs: JobQueue, clock: Clock) -> None:
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


def test_a_failed_job_says_why(jobs: JobQueue) -> None:
    job = claimed(jobs)
    assert jobs.fail(job.id, "w1", "The engine\0 did not answer.")
    found = now(jobs, job)
    assert (found.state, found.error) == ("failed", "The engine did not answer.")


def test_who_does_not_hold_a_job_changes_nothing(jobs: JobQueue) -> None:
    job = claimed(jobs, "w1")
    assert jobs.progress(job.id, "w2", JobProgress(1, 9, "painting")) == "not yours"
    assert not jobs.finish(job.id, "w2", "painted", {})
    assert not jobs.fail(job.id, "w2", "no")
    assert not jobs.cancelled(job.id, "w2")
    assert now(jobs, job) == job


def test_what_is_over_does_not_change(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.fail(job.id, "w1", "no")
    failed = now(jobs, job)
    assert jobs.progress(job.id, "w1", JobProgress(1, 9, "painting")) == "not yours"
    assert not jobs.finish(job.id, "w1", "painted", {})
    assert now(jobs, job) == failed


def test_a_released_job_goes_back_to_the_front(jobs: JobQueue) -> None:
    job = claimed(jobs, "w1")
    behind = submitted(jobs)
    jobs.progress(job.id, "w1", JobProgress(3, 9, "painting", "ab.png"))
    (again,) = jobs.release("w1")
    assert (again.id, again.state, again.attempts, again.step) == (job.id, "queued", 0, 0)
    assert (again.started, again.preview) == (None, "")
    assert [jobs.position(each.id) for each in (job, behind)] == [1, 2]
    assert not jobs.finish(job.id, "w1", "painted", {})


def test_a_job_that_is_to_be_done_again_keeps_its_attempts(jobs: JobQueue) -> None:
    job = claimed(jobs)
    assert (jobs.requeue(job.id, "w2"), jobs.requeue(job.id, "w1")) == (False, True)
    found = now(jobs, job)
    assert (found.state, found.attempts) == ("queued", 1)


def test_one_that_was_to_stop_is_not_done_again(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.cancel(job.id, "ann")
    assert jobs.requeue(job.id, "w1")
    assert now(jobs, job).state == "cancelled"


def test_a_worker_releases_only_its_own(jobs: JobQueue) -> None:
    job = claimed(jobs, "w1")
    assert jobs.release("w2") == ()
    assert now(jobs, job) == job


def test_one_that_was_to_stop_is_cancelled_when_released(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.cancel(job.id, "ann")
    assert [each.state for each in jobs.release("w1")] == ["cancelled"]


# From time to time.


def test_a_job_of_a_silent_worker_waits_again(jobs: JobQueue, clock: Clock) -> None:
    job = claimed(jobs, "w1")
    clock.forward(seconds=60)
    (again,) = jobs.reap()
    assert (again.state, again.attempts, again.error) == ("queued", 1, "")
    taken = jobs.claim("w2", 60)
    assert taken is not None
    assert (taken.id, taken.attempts) == (job.id, 2)
    assert jobs.progress(job.id, "w1", JobProgress(1, 9, "painting")) == "not yours"


def test_a_lease_that_runs_is_left_alone(jobs: JobQueue, clock: Clock) -> None:
    claimed(jobs)
    clock.forward(seconds=59)
    assert jobs.reap() == ()


def test_progress_renews_the_lease(jobs: JobQueue, clock: Clock) -> None:
    job = claimed(jobs)
    for step in range(5):
        clock.forward(seconds=59)
        assert jobs.progress(job.id, "w1", JobProgress(step, 9, "painting")) == "go on"
        assert jobs.reap() == ()


def test_a_job_that_takes_workers_with_it_is_lost(jobs: JobQueue, clock: Clock) -> None:
    job = claimed(jobs, "w1")
    clock.forward(seconds=60)
    jobs.reap()
    jobs.claim("w2", 60)
    clock.forward(seconds=60)
    (lost,) = jobs.reap()
    assert (lost.state, lost.error, lost.finished) == ("lost", LOST_MESSAGE, clock())
    assert (jobs.claim("w3", 60), now(jobs, job)) == (None, lost)


def test_released_attempts_do_not_count(jobs: JobQueue, clock: Clock) -> None:
    submitted(jobs)
    for _ in range(5):
        jobs.claim("w1", 60)
        jobs.release("w1")
    jobs.claim("w1", 60)
    clock.forward(seconds=60)
    assert [each.state for each in jobs.reap()] == ["queued"]


def test_one_that_was_to_stop_is_cancelled_when_its_worker_is_silent(
    jobs: JobQueue, clock: Clock
) -> None:
    job = claimed(jobs)
    jobs.cancel(job.id, "ann")
    clock.forward(seconds=60)
    assert [each.state for each in jobs.reap()] == ["cancelled"]


def test_every_change_raises_the_version(jobs: JobQueue, clock: Clock) -> None:
    job = submitted(jobs)
    versions = {job.version}
    for change in (
        lambda: jobs.claim("w1", 60),
        lambda: jobs.progress(job.id, "w1", JobProgress(1, 9, "painting")),
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


def test_a_job_is_gone_when_its_time_is_over(jobs: JobQueue, clock: Clock) -> None:
    job = submitted(jobs)
    clock.forward(hours=24)
    assert (jobs.get(job.id), jobs.cancel(job.id, "ann")) == (None, None)
    assert jobs.of_visitor("ann", 9) == ()
    assert (jobs.claim("w1", 60), jobs.waiting(), jobs.position(job.id)) == (None, 0, 0)
    assert jobs.expired() == (job.id,)
    assert (jobs.delete([job.id]), jobs.expired()) == (1, ())


def test_one_that_runs_is_not_over(jobs: JobQueue, clock: Clock) -> None:
    clock.forward(hours=-24)
    job = claimed(jobs)
    clock.forward(hours=24)
    assert (now(jobs, job), jobs.expired()) == (job, ())
