"""panel(shown) -> Panel: strength, what is kept, where, who paints, and what came of it.

It only puts the parts together: each is a module of its own. It does not know HTML.
"""

from dataclasses import dataclass

from imagetoprompt.web.pages.panel_area import Area, area
from imagetoprompt.web.pages.panel_controls import Keeping, keeping
from imagetoprompt.web.pages.panel_engine import Painting, painting
from imagetoprompt.web.pages.panel_results import JobProgress, Result, others, progress, result
from imagetoprompt.web.pages.panel_strength import Strength, strength
from imagetoprompt.web.pages.visit import Opened, Shown

__all__ = ["Panel", "panel"]


@dataclass(frozen=True)
class Panel:
    """All that the panel shows; None for parts that there is nothing to say of."""

    strength: Strength | None
    keeping: Keeping | None
    area: Area
    painting: Painting | None
    progress: JobProgress | None
    result: Result | None
    others: tuple[Opened, ...]


def panel(shown: Shown) -> Panel:
    """The panel of one picture."""
    return Panel(
        strength=strength(shown),
        keeping=keeping(shown),
        area=area(shown),
        painting=painting(shown),
        progress=progress(shown),
        result=result(shown),
        others=others(shown),
    )
