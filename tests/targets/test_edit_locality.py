"""Changing one fact changes its own spans and nothing else, in every dialect."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from imagetoprompt.core.measurements import Palette, Swatch, Text
from imagetoprompt.core.prompt import Prompt
from imagetoprompt.core.scene import Fact, Scene, in_facet_order
from imagetoprompt.pipeline import EMPHASES
from imagetoprompt.targets import TARGETS

TARGET_VARIANTS = [(target, variant) for target in TARGETS for variant in TARGETS[target].VARIANTS]

VALUES = {
    "subject": ["a border collie", "an old man", "three people", "geese", "Two kids, laughing"],
    "action": [
        "standing",
        "sitting, facing left",
        "crouching with arms raised",
        "walking, smiling",
    ],
    "setting": [
        "city street",
        "kitchen",
        "indoor setting",
        "mountains",
        "on the moon",
        "beach, tents",
    ],
    "time": ["night", "dusk", "daytime", "late afternoon", "golden hour"],
    "weather": ["rain", "light fog", "overcast sky", "sunny", "scattered clouds"],
    "season": ["winter", "autumn"],
    "light": [
        "soft diffuse light",
        "hard side light from the left, deep shadows",
        "backlight, low key",
        "neon signs",
    ],
    "palette": ["teal and amber palette", "warm earth tones", "black and white", "teal, gold"],
    "composition": ["wide shot, leading lines", "centered subject", "close-up", "rule of thirds"],
    "camera": ["low angle", "eye-level view, 35mm lens at f/2", "Dutch angle", "shot at f/8"],
    "focus": ["shallow depth of field, blurred background", "deep focus", "soft focus, bokeh"],
    "mood": ["calm", "moody, mysterious", "awe"],
    "medium": ["photograph", "black-and-white photograph", "oil painting", "felt", "anime"],
    "style": ["impressionist", "art deco", "in the style of old prints"],
    "text": ["OPEN", "Mind the gap"],
}

HOSTILE = [
    "--ar 1:1 --v 5",
    "a cat::2 dog::-1",
    "(((masterpiece",
    "[x|y] {a, b} <lora:z:1>",
    'say "hi", \\"there\\"',
    "first\nsecond\r\nthird",
    "كلب أسود",
    "🙂 👩‍👩‍👧 smile",
    "\u202eabc\u2066",
    "https://example.org/a.png --iw 2",
    "BREAK AND a",
    "\u2014\u2014 dash \u2013 dash",
    "word " * 120,
    "x" * 900,
    "?!",
]

Pairs = tuple[Scene, Scene, str]


def fact(facet: str, value: str) -> Fact:
    numbers: Palette | Text | None = None
    if facet == "palette":
        numbers = Palette((Swatch("#0F6E7C", "deep teal", 0.4),), "monochrome", 0.0, 0.5)
    if facet == "text":
        numbers = Text(value, (0.1, 0.1, 0.2, 0.1))
    return Fact(facet, value, 0.9, measurement=numbers)


@st.composite
def edits(draw: st.DrawFn, values: dict[str, list[str]]) -> Pairs:
    """A scene, the same scene with one value changed, and the facet of that value."""
    facets = draw(st.lists(st.sampled_from(sorted(values)), min_size=1, unique=True))
    changed = draw(st.sampled_from(facets))
    told = {facet: draw(st.sampled_from(values[facet])) for facet in facets}
    other = draw(st.sampled_from(values[changed]))
    more = [fact("subject", "a bicycle")] if "subject" in told and draw(st.booleans()) else []
    excluded = draw(st.sampled_from([(), ("people", "green cars")]))

    def scene(values: dict[str, str]) -> Scene:
        facts = [fact(facet, value) for facet, value in values.items()]
        return Scene((1500, 1000), in_facet_order(iter(facts + more)), None, excluded)

    return scene(told), scene({**told, changed: other}), changed


def outside(prompt: Prompt, facet: str) -> str:
    own = {i for s in prompt.spans if s.facet == facet for i in range(s.start, s.end)}
    return "".join(letter for i, letter in enumerate(prompt.text) if i not in own)


def limited(prompt: Prompt) -> bool:
    return any(dropped.reason.startswith("No room") for dropped in prompt.dropped)


def check_spans(prompt: Prompt) -> None:
    ends = [0, *(span.end for span in prompt.spans)]
    starts = [*(span.start for span in prompt.spans), len(prompt.text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    assert all(span.start < span.end for span in prompt.spans)


RUNS = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
@RUNS
@given(pair=edits(VALUES), emphasis=st.sampled_from(EMPHASES))
def test_a_new_value_leaves_every_character_outside_its_spans(
    target: str, variant: str, pair: Pairs, emphasis: str
) -> None:
    before, after, facet = pair
    old = TARGETS[target].write(before, variant, emphasis)
    new = TARGETS[target].write(after, variant, emphasis)
    check_spans(old)
    assume(not limited(old) and not limited(new))
    assert outside(new, facet) == outside(old, facet)


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
@RUNS
@given(pair=edits({facet: [*values, *HOSTILE] for facet, values in VALUES.items()}))
def test_hostile_values_stay_in_their_spans_too(target: str, variant: str, pair: Pairs) -> None:
    before, after, facet = pair
    old, new = (TARGETS[target].write(each, variant) for each in (before, after))
    check_spans(new)
    kept = {span.facet for span in old.spans} == {span.facet for span in new.spans}
    assume(kept and not limited(old) and not limited(new))
    assert outside(new, facet) == outside(old, facet)


# What may come and go with a neighbor: articles, prepositions, verbs of being and of framing.
CONNECTIVES = set(
    re.findall(
        r"\w+",
        "a an the in on at by with and is are there setting of as seen framed shot photographed "
        "photograph against among under light lighting fills falls frame comes from casting "
        "palette colors keep to atmosphere that exposure",
    )
)


def content(prompt: Prompt, facet: str) -> set[str]:
    said = " ".join(prompt.text[s.start : s.end] for s in prompt.spans if s.facet == facet)
    return set(re.findall(r"[\w/#.]+", said.casefold())) - CONNECTIVES - {"1.2"}


@pytest.mark.parametrize(("target", "variant"), TARGET_VARIANTS)
@RUNS
@given(pair=edits(VALUES), emphasis=st.sampled_from(EMPHASES))
def test_leaving_a_facet_out_keeps_the_words_of_the_others(
    target: str, variant: str, pair: Pairs, emphasis: str
) -> None:
    scene, _, facet = pair
    fewer = Scene(scene.size, tuple(f for f in scene if f.facet != facet), None, scene.excluded)
    old, new = (TARGETS[target].write(each, variant, emphasis) for each in (scene, fewer))
    assume(not limited(old) and not limited(new))
    others = {each.facet for each in fewer}
    assert {o: content(new, o) for o in others} == {o: content(old, o) for o in others}
