"""Every preset, in every dialect, changes the spans of the facets that it sets and nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.targets.test_edit_locality import VALUES, fact

from imagetoprompt.core.prompt import Prompt, shared_words
from imagetoprompt.core.scene import FACETS, Fact, Scene
from imagetoprompt.facts.edits import Edit, Preset, apply, presets
from imagetoprompt.targets import TARGETS

TARGET_VARIANTS = [(target, variant) for target in TARGETS for variant in TARGETS[target].VARIANTS]
PRESETS = presets()
RUNS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def values(chosen: Preset) -> dict[str, str]:
    return {edit.facet: edit.value for edit in chosen.edits if edit.how == "set"}


@st.composite
def scenes(draw: st.DrawFn, chosen: Preset) -> Scene:
    """A scene that says something of every facet that the preset sets, and of some others."""
    others = [facet for facet in FACETS if facet not in values(chosen)]
    facets = {*draw(st.lists(st.sampled_from(others), unique=True)), *values(chosen)}
    told = [
        fact(facet, draw(st.sampled_from(VALUES[facet]))) for facet in FACETS if facet in facets
    ]
    return Scene((1500, 1000), tuple(told), None, draw(st.sampled_from([(), ("people",)])))


def limited(prompt: Prompt) -> set[str]:
    return {each.facet for each in prompt.dropped if each.reason.startswith("No room")}


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
@RUNS
@given(data=st.data())
def test_a_preset_leaves_every_character_outside_its_facets(
    target: str, variant: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(PRESETS))
    before = data.draw(scenes(chosen))
    after = apply(before, (Edit(facet, value) for facet, value in values(chosen).items()))
    old, new = (TARGETS[target].write(each, variant) for each in (before, after))
    facets = tuple(values(chosen))
    lost = limited(old) | limited(new)
    if not lost:
        assert shared_words(old, facets) == shared_words(new, facets)
    left_out = {f.facet for f in after if f.said} - {span.facet for span in new.spans}
    assert left_out <= {each.facet for each in new.dropped}


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
@pytest.mark.parametrize("facet", FACETS)
def test_any_facet_can_change_alone(target: str, variant: str, facet: str) -> None:
    told = tuple(fact(each, VALUES[each][0]) for each in FACETS if each in ("subject", facet))
    before = Scene((1500, 1000), told)
    after = apply(before, [Edit(facet, VALUES[facet][1])])
    old, new = (TARGETS[target].write(each, variant) for each in (before, after))
    assert shared_words(old, (facet,)) == shared_words(new, (facet,))


def test_the_rest_of_a_prompt_has_none_of_the_facets_words() -> None:
    scene = Scene((1500, 1000), (Fact("subject", "a dog", 1), Fact("time", "dusk", 1)))
    assert "dusk" not in shared_words(TARGETS["flux"].write(scene), ("time",))
