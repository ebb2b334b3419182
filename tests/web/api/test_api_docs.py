import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.api.callers import Caller

from imagetoprompt.core.scene import FACETS, Facet
from imagetoprompt.web.api import api_docs
from imagetoprompt.web.api.request_models import EXAMPLE_ID
from imagetoprompt.web.api.scene_models import SceneBody

if TYPE_CHECKING:
    from fastapi import FastAPI

ROOT = Path(__file__).parents[3]
SCENE = json.loads((ROOT / "docs" / "scene.schema.json").read_text("utf-8"))
CALLS = [
    "compare_pictures",
    "cancel_job",
    "delete_picture",
    "describe",
    "edit_facts",
    "get_control",
    "get_image",
    "get_job",
    "get_picture",
    "get_preview",
    "get_result",
    "keep_picture",
    "list_controls",
    "list_engines",
    "list_facets",
    "list_jobs",
    "list_presets",
    "list_targets",
    "list_tasks",
    "live",
    "make_request",
    "metrics",
    "plan_changes",
    "ready",
    "transform",
    "uses_left",
    "watch_job",
    "write_prompts",
]


@pytest.fixture(scope="module")
def document(app: "FastAPI") -> dict[str, Any]:
    told: dict[str, Any] = app.openapi()
    return told


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        yield from ((path, method, told) for method, told in methods.items())


def test_it_is_openapi_as_it_is_served(caller: Caller, document: dict[str, Any]) -> None:
    assert caller.get("/openapi.json").json() == document
    assert document["openapi"].startswith("3.1")
    assert [each["url"] for each in document["servers"]] == ["/"]


def test_names_of_calls_stay(document: dict[str, Any]) -> None:
    found = sorted(told["operationId"] for _, _, told in operations(document))
    assert found == sorted(CALLS)


def test_every_call_says_what_it_does_and_how_it_ends(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, told in operations(document):
        assert told["summary"]
        assert told["description"]
        assert set(told["tags"]) <= tags
        if path.startswith("/api/"):
            assert {"401", "422", "429", "503"} <= set(told["responses"])
        for status, response in told["responses"].items():
            kinds = list(response.get("content", {}))
            if path.startswith("/api/") and int(status) >= 400:
                assert kinds == ["application/problem+json"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert names <= set(document["components"]["schemas"])


def test_every_body_has_examples_that_are_taken(
    caller: Caller, described: str, document: dict[str, Any]
) -> None:
    taken = 0
    for path, method, told in operations(document):
        json_body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in json_body.get("examples", {}).values():
            assert method == "post"
            text = json.dumps(example["value"]).replace(EXAMPLE_ID, described)
            body = json.loads(text.replace(EXAMPLE_ID[::-1], described))
            answer = caller.post(path.removeprefix("/api/v1"), body)
            assert answer.status_code in (200, 202), answer.text
            taken += 1
    assert taken >= 12


def test_the_facets_are_all_named() -> None:
    assert get_args(Facet) == FACETS


def resolved(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The published schema with its references in place."""
    if isinstance(schema, dict) and "$ref" in schema:
        return resolved(SCENE["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    return schema


def test_scenes_have_the_fields_and_bounds_of_their_published_schema() -> None:
    ours = SceneBody.model_json_schema()["$defs"]
    assert set(SceneBody.model_fields) == set(SCENE["properties"])
    for kind in ("light", "palette", "focus", "composition", "camera", "subject", "action", "text"):
        told, published = ours[f"{kind.title()}Numbers"], SCENE["$defs"][kind]
        assert set(told["properties"]) == set(published["properties"])
        assert set(told.get("required", ())) == set(published.get("required", ()))
        for name, field in published["properties"].items():
            known = resolved(field)
            for bound in ("minimum", "maximum"):
                if bound in known and known.get("type") == "number":
                    assert told["properties"][name][bound] == known[bound], (kind, name)


def test_the_page_shows_every_call_without_asking_elsewhere(
    caller: Caller, document: dict[str, Any]
) -> None:
    answer = caller.client.get("/docs")
    assert answer.status_code == 200
    for path, _, told in operations(document):
        assert f'id="{told["operationId"]}"' in answer.text
        assert path in answer.text
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert all(link.startswith(("/", "#")) for link in links)
    anchors = {link[1:] for link in links if link.startswith("#")}
    assert anchors <= set(re.findall(r'id="([^"]+)"', answer.text))
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


@given(st.text())
@settings(max_examples=50, derandomize=True, database=None)
def test_words_lose_nothing_but_their_marks(text: str) -> None:
    plain = "".join(part for _, part in api_docs.doc_pieces(text))
    assert plain.replace("`", "").replace("*", "") == text.replace("`", "").replace("*", "")


def test_health_and_metrics(caller: Caller, described: str, png: Callable[..., bytes]) -> None:
    client = caller.client
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}
    caller.get(f"/pictures/{described}")
    caller.get("/nowhere/at/all")
    told = client.get("/metrics").text
    assert (
        'imagetoprompt_request_seconds_count{method="GET",route="/api/v1/pictures/{picture}"'
        in told
    )
    assert 'route="none",status="404"' in told
    assert described not in told
    assert 'imagetoprompt_describes_total{outcome="done"}' in told
    for name in ("jobs_waiting", "gate_occupied", "gate_places", "job_wait_seconds_count"):
        assert f"imagetoprompt_{name} " in told


def test_not_ready_while_the_database_is_away(
    app: "FastAPI", caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.database, "alive", lambda: False)
    answer = caller.client.get("/health/ready")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert caller.client.get("/health/live").status_code == 200
