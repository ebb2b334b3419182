"""differences(before, after) -> Changed*, and kept: what is to change, and what is to stay.

It compares said words; it does not know what carrying them out takes.
"""

from imagetoprompt.core.plan import LINES, Changed
from imagetoprompt.core.scene import Fact, Scene
from imagetoprompt.facts.edits import changed
from imagetoprompt.lexicon import table


def differences(before: Scene, after: Scene, /) -> tuple[Changed, ...]:
    """The facets whose said words differ, in facet order.

    Of a facet with several facts only those that come or go are named.
    """
    found = (_changed(facet, before, after) for facet in changed(before, after))
    return tuple(each for each in found if each.before != each.after)


def kept(before: Scene, after: Scene, /) -> dict[str, str]:
    """The words of each facet that stay as they are, by facet."""
    gone = set(changed(before, after))
    facets = dict.fromkeys(fact.facet for fact in before if fact.said)
    staying = {facet: [fact.value for fact in before.said(facet)] for facet in facets}
    if "subject" in gone:
        left = {fact.value for fact in after.said("subject")}
        staying["subject"] = [words for words in staying.get("subject", []) if words in left]
    stay = {
        facet: words for facet, words in staying.items() if facet not in gone or facet == "subject"
    }
    return {facet: _told(facet, words) for facet, words in stay.items() if words}


def _told(facet: str, words: list[str]) -> str:
    """Visible lines stand as they are, parted by LINES; all else is a list in a sentence."""
    return LINES.join(words) if facet == "text" else joined(words)


def joined(words: list[str]) -> str:
    """The words as a list in a sentence: 'a, b and c'."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def gone(facet: str, before: Scene, after: Scene) -> tuple[Fact, ...]:
    """The said facts of the facet that are not said any more."""
    left = {fact.value for fact in after.said(facet)}
    return tuple(fact for fact in before.said(facet) if fact.value not in left)


def _changed(facet: str, before: Scene, after: Scene) -> Changed:
    old, new = before.said(facet), after.said(facet)
    if table("facets")[facet].get("many"):
        old, new = gone(facet, before, after), gone(facet, after, before)
    numbers = next((fact.measurement for fact in new if fact.measurement is not None), None)
    lost, won = ([fact.value for fact in facts] for facts in (old, new))
    return Changed(facet, _told(facet, lost), _told(facet, won), numbers)
