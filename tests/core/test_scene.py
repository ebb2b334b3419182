import json

import pytest

from imagetoprompt.core.measurements import (
    Action,
    Camera,
    Composition,
    Focus,
    Light,
    Measurement,
    Palette,
    Scores,
    Subject,
    Swatch,
    Text,
)
from imagetoprompt.core.scene import FACETS, EmbeddedPrompt, Fact, Scene
from imagetoprompt.errors import SceneError, UnknownNameError

MEASURED: dict[str, Measurement] = {
    "subject": Subject("dog", 2, ((0.1, 0.2, 0.3, 0.4), (0.5, 0.5, 0.1, 0.1))),
    "action": Action((((0.1, 0.2, 0.9), (0.3, 0.4, 0.8)),)),
    "time": Scores({"night": 0.9, "day": 0.1}),
    "light": Light(None, -0.5, 0.3, 0.7, "low", 3200.0),
    "palette": Palette((Swatch("#0F6E7C", "deep teal", 0.4, True),), "complementary", -0.2, 0.5),
    "composition": Composition("wide", ("centered", "symmetric"), (0.1, 0.1, 0.2, 0.2), 0.4, 0.8),
    "camera": Camera("low", 1.5, 35.0, 2.0, 0.01, 200),
    "focus": Focus("shallow", 0.2, True, 0.0, None),
    "text": Text("OPEN", (0.1, 0.1, 0.2, 0.1)),
}
SCENE = Scene(
    size=(300, 200),
    facts=tuple(
        Fact(facet, facet, 0.5, False, ("pixels",), MEASURED.get(facet), "unsure")
        for facet in FACETS
    ),
    origin=EmbeddedPrompt("ComfyUI", "a dog", "cats", {"steps": "20"}),
    excluded=("people",),
)


def test_json_round_trip_keeps_everything() -> None:
    assert Scene.from_json(json.loads(json.dumps(SCENE.to_json()))) == SCENE


def test_from_json_puts_facts_in_facet_order() -> None:
    data = SCENE.to_json()
    facts = data["facts"]
    assert isinstance(facts, list)
    assert Scene.from_json({**data, "facts": facts[::-1]}) == SCENE


def test_said_leaves_out_what_is_not_said() -> None:
    scene = Scene((1, 1), (Fact("text", "A", 0.9), Fact("text", "B", 0.2, said=False)))
    assert [fact.value for fact in scene.said("text")] == ["A"]


def test_an_unknown_facet_is_named_with_those_there_are() -> None:
    with pytest.raises(
        UnknownNameError, match=r"No facet named 'color'\. There are: subject, action"
    ):
        SCENE.all("color")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"size": [1]},
        {"size": "wide"},
        {"facts": [{"facet": "mood"}]},
        {"facts": [{"facet": "light", "value": "", "confidence": 1, "measurement": {"angle": 3}}]},
        {"facts": [{"facet": "palette", "value": "", "confidence": 1, "measurement": {}}]},
        {"facts": None},
        {"origin": 7},
    ],
)
def test_json_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SceneError):
        Scene.from_json({**SCENE.to_json(), **change})
