from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from imagetoprompt.core.scene import FACETS
from imagetoprompt.web.api.request_models import ChangeBody
from imagetoprompt.web.query import normalized_query

IDS = st.text("abcXYZ019-_", min_size=16, max_size=22)
UNIT = st.floats(0, 1, allow_nan=False)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda words: words.strip() == words and bool(words)
)
MASKS = st.one_of(
    st.fixed_dictionaries({"source": IDS, "feather": UNIT}),
    st.fixed_dictionaries(
        {"boxes": st.lists(st.lists(UNIT, min_size=4, max_size=4), min_size=1, max_size=3)}
    ),
)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "task": st.sampled_from(["inpaint", "vary", "upscale"]),
        "strength": UNIT,
        "mask": MASKS,
        "keep": st.lists(st.sampled_from(["pose", "edges", "none"]), max_size=3),
        "references": st.lists(
            st.fixed_dictionaries(
                {"role": st.sampled_from(["style", "palette"]), "source": IDS, "weight": UNIT}
            ),
            max_size=4,
        ),
        "margins": st.fixed_dictionaries({"left": UNIT, "bottom": UNIT}),
        "scale": st.integers(1, 8),
        "size": st.lists(st.integers(1, 16384), min_size=2, max_size=2),
        "seed": st.integers(0, 2**32 - 1),
    },
)
EDITS = st.lists(
    st.fixed_dictionaries(
        {
            "facet": st.sampled_from(FACETS),
            "value": WORDS,
            "how": st.sampled_from(["set", "add", "remove"]),
        }
    ),
    max_size=6,
)
CHANGES = st.fixed_dictionaries(
    {
        "edits": EDITS,
        "wishes": WISHES,
        "take": st.dictionaries(st.sampled_from(FACETS), IDS, max_size=3),
        "exclude": st.lists(WORDS, max_size=3),
    }
)


@given(CHANGES)
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_a_body_asks_nothing_that_an_address_cannot_say(body: dict[str, Any]) -> None:
    given = ChangeBody.model_validate(body)
    asked = given.query(engine="echo", via="forge")
    assert [(each.facet, each.value, each.how) for each in asked.edits] == [
        (each["facet"], each["value"], each["how"]) for each in body["edits"]
    ]
    assert asked.options == given.wishes.plan_options(())
    assert dict(asked.take) == body["take"]
    assert asked.exclude == tuple(body["exclude"])
    assert (asked.engine, asked.via) == ("echo", "forge")
    assert normalized_query(asked) == asked
