"""schemathesis asks everything that the OpenAPI document allows, and much that it does not."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from tests.web.api.callers import Caller

from imagetoprompt.errors import FetchError
from imagetoprompt.images.loading import download

schemathesis = pytest.importorskip("schemathesis", reason="needs the extra [dev]")

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

EXAMPLES = 12
# What can only be known by looking: no picture, a name that nobody has, a locked facet.
REFUSED = ["2xx", "404", "409", "413", "415", "422", "501"]
CHECKS = {"positive_data_acceptance": {"expected-statuses": REFUSED}}


@pytest.fixture(scope="module")
def alone() -> Iterator[None]:
    """No address leads anywhere."""

    def nowhere(url: str) -> bytes:
        raise FetchError("There is no way out of the tests.")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(download, "fetch", nowhere)
        yield


@pytest.fixture(scope="module")
def operations(app: "FastAPI", running: "TestClient", described: str, alone: None) -> list[Any]:
    """Every call of the document, about a picture and a job that there are."""
    job = Caller(running).post("/transform", {"picture": described, "engine": "echo"}).json()["job"]
    Caller(running).ended(job)
    known = {"picture": described, "job": job}
    config = {"checks": CHECKS, "parameters": known}
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", app, config=schemathesis.config.SchemathesisConfig.from_dict(config)
    )
    return [each.ok() for each in schema.get_all_operations()]


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_every_call_keeps_to_the_document(operations: list[Any], mode: str) -> None:
    tried = []
    for operation in operations:
        strategy = operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode))

        @given(case=strategy)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        def keeps(case: Any) -> None:  # noqa: ANN401 - schemathesis's, without types
            tried.append(case.call_and_validate().status_code)

        # A call without parameters cannot be made wrongly.
        with suppress(Unsatisfiable):
            keeps()
    assert len(tried) > len(operations)
    assert max(tried) < 500
