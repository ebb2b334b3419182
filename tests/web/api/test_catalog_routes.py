from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.api.callers import Caller, configured

from imagetoprompt import capabilities
from imagetoprompt.controls import CONTROLS
from imagetoprompt.core.plan import TASKS
from imagetoprompt.core.scene import FACETS
from imagetoprompt.facts.edits import presets
from imagetoprompt.targets import TARGETS

if TYPE_CHECKING:
    from imagetoprompt.web.config import Config


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> "Config":
    pytest.importorskip("fastapi", reason="needs the extra [web]")
    plain = configured(tmp_path_factory.mktemp("state"))
    return replace(plain, engines=("draft", "elsewhere"), free_uses="")


def table(caller: Caller, name: str) -> list[dict[str, Any]]:
    answer = caller.get(f"/{name}")
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["version"]) == (200, 1)
    return list(told[name])


def test_targets_are_told_from_their_profiles(caller: Caller) -> None:
    rows = table(caller, "targets")
    assert [row["target"] for row in rows] == list(TARGETS)
    for row in rows:
        for told, profile in zip(
            row["variants"], TARGETS[row["target"]].VARIANTS.values(), strict=True
        ):
            assert told["name"] == f"{profile.target}:{profile.variant}"
            assert told["limit"]["count"] == profile.limit.count
            assert told["sizes"] == [list(size) for size in profile.sizes]
            assert told["tasks"] == [
                task for task in TASKS if told["name"] in capabilities.names_for_task(task)
            ]
            assert set(told["facets"]) | set(told["untold"]) >= set(FACETS)


def test_presets_say_what_they_set(caller: Caller) -> None:
    rows = table(caller, "presets")
    assert [row["name"] for row in rows] == [each.name for each in presets()]
    assert rows[0]["set"] == {"medium": "watercolor painting"}


def test_tasks_name_who_can(caller: Caller) -> None:
    rows = table(caller, "tasks")
    assert [row["task"] for row in rows] == list(TASKS)
    assert all(row["who"] == list(capabilities.short_names_for_task(row["task"])) for row in rows)


def test_controls_say_what_they_keep(caller: Caller) -> None:
    rows = table(caller, "controls")
    assert [row["kind"] for row in rows] == list(CONTROLS)
    assert all(row["keeps"] for row in rows)


def test_facets_are_in_their_order(caller: Caller) -> None:
    rows = table(caller, "facets")
    assert [row["facet"] for row in rows] == list(FACETS)
    assert next(row["facet"] for row in rows if row["many"]) == "subject"


def test_engines_are_those_of_this_server(caller: Caller) -> None:
    rows = table(caller, "engines")
    assert [(row["engine"], row["available"]) for row in rows] == [
        ("draft", True),
        ("elsewhere", True),
    ]
    assert rows[0]["tasks"][0] == "restyle"


def test_tables_may_be_kept_for_a_while(caller: Caller) -> None:
    assert caller.get("/targets").headers["cache-control"] == "private, max-age=3600"
    assert caller.get("/engines").headers["cache-control"] == "no-store"


def test_alone_on_this_machine_nothing_is_counted(caller: Caller) -> None:
    told = caller.get("/uses").json()
    assert told == {"version": 1, "limited": False, "left": None, "limit": None, "back": None}
