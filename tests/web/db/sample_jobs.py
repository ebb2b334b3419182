"""Jobs in the line, as the tests of visitors and of workers need them."""

from imagetoprompt.web.db.job_queue import Job, JobQueue

ORDER = {"edits": ["palette=teal"], "strength": 0.5}


def submitted(jobs: JobQueue, visitor: str = "ann", key: str = "") -> Job:
    return jobs.submit(visitor, "transform", "picture", ORDER, key=key)


def claimed(jobs: JobQueue, worker: str = "w1") -> Job:
    """A job that runs, for sixty seconds without a word."""
    submitted(jobs)
    job = jobs.claim(worker, 60)
    assert job is not None
    return job


def now(jobs: JobQueue, job: Job) -> Job:
    found = jobs.get(job.id)
    assert found is not None
    return found
