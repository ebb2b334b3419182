"""The same request means the same from the command line, an address of the page and the API."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from imagetoprompt.cli.edit_command import edit as edit_command
from imagetoprompt.cli.transform_command import transform as transform_command
from imagetoprompt.images.picture import open_picture
from imagetoprompt.pipeline import describe
from imagetoprompt.png_metadata import read_plan

CAT = str(Path(__file__).parents[1] / "examples" / "cat.jpg")

# (name of the field, value) pairs: the options of the command line have the same names.
REQUESTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("preset", "watercolour"), ("set", "time=dusk"), ("strength", "0.6")),
    (("lock", "light"), ("preset", "golden-hour"), ("keep", "depth"), ("seed", "7")),
    (("set", "palette=#ff8800 and #003366"), ("task", "recolour")),
    (("set", "subject=a fox"), ("mask", "0.1,0.2,0.5,0.5")),
    (("expand", "left=0.25,top=0.1"), ("exclude", "people")),
    (("add", "subject=a red ball"), ("remove", "mood"), ("size", "800x600")),
    (("task", "upscale"), ("scale", "2")),
)
BAD: tuple[tuple[tuple[str, str], ...], ...] = (
    (("set", "dusk"),),
    (("set", "time="),),
    (("expand", "middle=1"),),
    (("size", "big"),),
    (("task", "cubism"),),
    (("strength", "1.5"),),
    (("keep", "everything"),),
    (("preset", "cubist"),),
)


def options(request: tuple[tuple[str, str], ...]) -> list[str]:
    return [word for name, value in request for word in (f"--{name}", value)]


def from_edit(request: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    result = CliRunner().invoke(edit_command, [CAT, *options(request), "--for", "sd:xl", "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def plain(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan without the name of the picture, which an address does not have."""
    return json.loads(json.dumps({**plan, "picture": ""}))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def scene() -> Any:  # noqa: ANN401 - a Scene
    return describe(CAT)


@pytest.mark.parametrize("request_", REQUESTS)
def test_an_address_means_what_the_command_line_means(
    request_: tuple[tuple[str, str], ...],
    scene: Any,  # noqa: ANN401
) -> None:
    query = pytest.importorskip("imagetoprompt.web.query")
    answer = query.answer_query(scene, query.parse_query(request_), {}, ["sd:xl"])
    printed = from_edit(request_)
    assert plain(answer.edited.plan.to_json()) == plain(printed["plan"])
    assert answer.edited.after.to_json() == printed["after"]


@pytest.mark.parametrize("request_", REQUESTS)
def test_an_address_survives_being_written_and_read(
    request_: tuple[tuple[str, str], ...],
) -> None:
    query = pytest.importorskip("imagetoprompt.web.query")
    asked = query.parse_query(request_)
    assert query.normalized_query(asked) == asked


BODIES: tuple[dict[str, Any], ...] = (
    {
        "presets": ["watercolour"],
        "edits": [{"facet": "time", "value": "dusk"}],
        "wishes": {"strength": 0.6},
    },
    {
        "edits": [{"facet": "light", "how": "lock"}],
        "presets": ["golden-hour"],
        "wishes": {"keep": ["depth"], "seed": 7},
    },
    {
        "edits": [{"facet": "palette", "value": "#ff8800 and #003366"}],
        "wishes": {"task": "recolour"},
    },
    {
        "edits": [{"facet": "subject", "value": "a fox"}],
        "wishes": {"mask": {"boxes": [[0.1, 0.2, 0.5, 0.5]]}},
    },
    {"exclude": ["people"], "wishes": {"margins": {"left": 0.25, "top": 0.1}}},
)


@pytest.mark.parametrize(("request_", "body"), list(zip(REQUESTS, BODIES, strict=False)))
def test_a_body_of_the_api_means_what_an_address_means(
    request_: tuple[tuple[str, str], ...], body: dict[str, Any]
) -> None:
    query = pytest.importorskip("imagetoprompt.web.query")
    models = pytest.importorskip("imagetoprompt.web.api.request_models")
    assert models.ChangeBody(**body).query() == query.parse_query(request_)


@pytest.mark.parametrize("request_", REQUESTS[:3])
def test_transform_plans_what_edit_plans(
    request_: tuple[tuple[str, str], ...],
    tmp_path: Path,
) -> None:
    painted = tmp_path / "painted.png"
    result = CliRunner().invoke(
        transform_command, [CAT, *options(request_), "--engine", "echo", "-o", str(painted)]
    )
    assert result.exit_code == 0, result.output
    plan = read_plan(open_picture(painted))
    assert plan is not None
    expected = from_edit(request_)["plan"]
    assert (plan.task, plan.strength) == (expected["task"], expected["strength"])
    assert [change.after for change in plan.changes] == [
        change["after"] for change in expected["changes"]
    ]


@pytest.mark.parametrize("request_", BAD)
def test_what_makes_no_sense_gets_the_same_sentence_everywhere(
    request_: tuple[tuple[str, str], ...],
    scene: Any,  # noqa: ANN401
) -> None:
    query = pytest.importorskip("imagetoprompt.web.query")
    words = set()
    for command in (edit_command, transform_command):
        error = CliRunner().invoke(command, [CAT, *options(request_)]).exception
        words.add(str(error))
    with pytest.raises(Exception) as caught:  # noqa: PT011 - compared below
        query.answer_query(scene, query.parse_query(request_), {})
    assert words == {str(caught.value)}
