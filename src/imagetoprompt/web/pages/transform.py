"""panel(shown) -> Panel: strength, what is kept, where, who paints, and what came of it.

It only puts the parts together: each is a module of its own. It does not know HTML.
"""

from dataclasses import dataclass

from imagetoprompt.web.pages.areas import Area, area
from imagetoprompt.web.pages.engines import Painting, painting
from imagetoprompt.web.pages.keeping import Keeping, keeping
from imagetoprompt.web.pages.painted import Progress, Result, others, progress, result
from imagetoprompt.web.pages.strength import Strength, strength
from imagetoprompt.web.pages.visit import Opened, Shown

__all__ = ["Panel", "panel"]


@dataclass(frozen=True)
class Panel:
    """All that the panel shows; None for parts that there is nothing to say of.

    losses: what the chosen generator cannot do of what is asked. refusal: why it will not at all.
    """

    strength: Strength | None
    keeping: Keeping | None
    area: Area
    painting: Painting | None
    progress: Progress | None
    result: Result | None
    others: tuple[Opened, ...]
    losses: tuple[str, ...]
    refusal: str


def panel(shown: Shown) -> Panel:
    """The panel of one picture."""
    asked = shown.answer.asked[0] if shown.answer and shown.answer.asked else None
    return Panel(
        strength=strength(shown),
        keeping=keeping(shown),
        area=area(shown),
        painting=painting(shown),
        progress=progress(shown),
        result=result(shown),
        others=others(shown),
        losses=asked.request.losses if asked and asked.request else (),
        refusal=asked.refusal if asked else "",
    )
