from dataclasses import replace
from datetime import timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.db import concurrent_calls
from tests.web.db.clock_and_pools import Clock, RunTogether
from tests.web.db.sample_jobs import ORDER, claimed, now, submitted

from imagetoprompt.web.db.job_queue import Job, JobProgress, JobQueue
from imagetoprompt.web.server_errors import ConflictError


def test_a_new_job_waits(jobs: JobQueue, clock: Clock) -> None:
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


def test_the_same_key_gives_the_same_job(jobs: JobQueue) -> None:
    assert submitted(jobs, key="k") == submitted(jobs, key="k")
    assert jobs.waiting() == 1


def test_the_same_key_gives_the_job_as_it_is_now(jobs: JobQueue) -> None:
    submitted(jobs, key="k")
    assert jobs.claim("w1", 60) == submitted(jobs, key="k")


@pytest.mark.parametrize(
    ("kind", "picture", "order"),
    [("upscale", "picture", ORDER), ("transform", "other", ORDER), ("transform", "picture", {})],
)
def test_the_same_key_for_something_else_is_a_conflict(
    jobs: JobQueue, kind: str, picture: str, order: dict[str, object]
) -> None:
    submitted(jobs, key="k")
    with pytest.raises(ConflictError, match="The key 'k' was used for another job"):
        jobs.submit("ann", kind, picture, order, key="k")
    assert jobs.waiting() == 1


def test_keys_of_two_visitors_have_nothing_to_do_with_each_other(jobs: JobQueue) -> None:
    assert submitted(jobs, "ann", "k").id != submitted(jobs, "bob", "k").id


def test_without_a_key_each_is_its_own(jobs: JobQueue) -> None:
    assert submitted(jobs).id != submitted(jobs).id


def test_a_key_is_free_again_when_its_job_has_expired(jobs: JobQueue, clock: Clock) -> None:
    old = submitted(jobs, key="k")
    clock.forward(hours=24)
    new = jobs.submit("ann", "transform", "other", {}, key="k")
    assert (jobs.get(old.id), now(jobs, new)) == (None, new)


def test_an_order_is_equal_however_its_lists_are_written(jobs: JobQueue) -> None:
    first = jobs.submit("ann", "transform", "picture", {"size": (1, 2)}, key="k")
    assert jobs.submit("ann", "transform", "picture", {"size": [1, 2]}, key="k") == first


def test_whether_a_job_is_new_can_be_told(jobs: JobQueue) -> None:
    first, again = (jobs.put("ann", "transform", "picture", ORDER, key="k") for _ in range(2))
    assert (first, again) == ((first[0], True), (first[0], False))


def test_a_job_is_found_by_its_key(jobs: JobQueue) -> None:
    job = submitted(jobs, key="k")
    assert (jobs.by_key("ann", "k"), jobs.by_key("bob", "k")) == (job, None)


def test_one_without_a_key_is_not(jobs: JobQueue) -> None:
    submitted(jobs)
    assert jobs.by_key("ann", "") is None


def test_the_key_of_many_at_once_gives_one_job(
    url: str, run_together: RunTogether, jobs: JobQueue
) -> None:
    assert len(set(run_together(concurrent_calls.submit, *[(url, "k")] * 12))) == 1
    assert jobs.waiting() == 1


def test_a_visitor_sees_the_latest_of_their_own(jobs: JobQueue) -> None:
    first, _, third, fourth = (submitted(jobs, name) for name in ("ann", "bob", "ann", "ann"))
    assert jobs.of_visitor("ann", 2) == (fourth, third)
    assert jobs.of_visitor("ann", 9) == (fourth, third, first)


def test_a_place_in_the_line(jobs: JobQueue) -> None:
    first, second, third = (submitted(jobs) for _ in range(3))
    jobs.claim("w1", 60)
    assert [jobs.position(each.id) for each in (first, second, third)] == [0, 1, 2]
    assert (jobs.position("none"), jobs.waiting()) == (0, 2)


def test_a_job_that_waits_is_cancelled_at_once(jobs: JobQueue, clock: Clock) -> None:
    job = submitted(jobs)
    gone = jobs.cancel(job.id, "ann")
    assert gone == replace(job, state="cancelled", version=2, finished=clock())
    assert gone.over
    assert jobs.claim("w1", 60) is None


def test_the_worker_is_asked_to_stop_one_that_runs(jobs: JobQueue) -> None:
    job = claimed(jobs)
    asked = jobs.cancel(job.id, "ann")
    assert asked == replace(job, cancelling=True, version=job.version + 1)
    assert jobs.progress(job.id, "w1", JobProgress(1, 9, "painting")) == "cancel"
    assert jobs.cancelled(job.id, "w1")
    assert now(jobs, job).state == "cancelled"


def test_asking_twice_changes_nothing(jobs: JobQueue) -> None:
    job = claimed(jobs)
    assert jobs.cancel(job.id, "ann") == jobs.cancel(job.id, "ann")


def test_one_that_is_done_stays_done(jobs: JobQueue) -> None:
    job = claimed(jobs)
    jobs.finish(job.id, "w1", "painted", {})
    done = now(jobs, job)
    assert (jobs.cancel(job.id, "ann"), done.state) == (done, "done")


def test_nobody_cancels_the_job_of_another(jobs: JobQueue) -> None:
    job = submitted(jobs)
    assert (jobs.cancel(job.id, "bob"), jobs.cancel("none", "ann")) == (None, None)
    assert now(jobs, job) == job
