"""Findings on pictures that were made to be asked about: rendered scenes and drawings."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.accuracy import layout, lens, light, palette, text
from bench.accuracy.claims import claims
from bench.accuracy.described_pictures import DescribedPicture, Question, describe_all
from bench.accuracy.scores import Claim, Score
from bench.drawn import flat_colors, layouts
from bench.drawn import text as drawn_text
from bench.drawn.picture import Drawn
from bench.scenes.render_all import make_all

MEASURED_FACETS: Final = ("light", "palette", "composition", "camera", "focus")


def rendered(seeds: Sequence[int], folder: Path) -> Iterator[Score | Claim]:
    """Findings on rendered scenes in `folder`; what is not rendered yet is rendered first."""
    truths = make_all(list(seeds), folder)
    rows = [json.loads(line) for line in truths.read_text().splitlines()]
    asked = [_question(row, folder) for row in rows if row["seed"] in set(seeds)]
    seen = describe_all(asked, "rendered")
    still = [picture for picture in seen if picture.truth["kind"] == "scene"]
    yield from _scored(seen, still)
    for facet in MEASURED_FACETS:
        yield from claims(facet, "rendered", seen if facet == "focus" else still)


def _scored(seen: Sequence[DescribedPicture], still: Sequence[DescribedPicture]) -> Iterator[Score]:
    yield from light.scores(still)
    yield from palette.scores(still, "rendered")
    yield from lens.focus(seen)
    yield from layout.placement(still, "rendered")
    yield from layout.horizon(still, "rendered")
    yield from layout.symmetry(still, "rendered")
    yield from lens.angle(still)
    yield from lens.roll(still, "rendered")
    yield from text.false_words(still, "rendered")


def _question(row: Mapping[str, Any], folder: Path) -> Question:
    facets = (*MEASURED_FACETS, "text") if row["kind"] == "scene" else ("focus",)
    return Question(folder / row["file"], facets, row)


def drawn(seeds: Sequence[int]) -> Iterator[Score | Claim]:
    """Findings on drawn pictures."""
    posters = describe_all(_drawn(flat_colors.draw, seeds, ("palette",)), "posters")
    yield from palette.scores(posters, "drawn")
    yield from claims("palette", "drawn", posters)
    pictures = describe_all(_drawn(layouts.draw, seeds, ("composition", "camera")), "layouts")
    yield from layout.placement(pictures, "drawn")
    yield from layout.symmetry(pictures, "drawn")
    yield from layout.layouts(pictures)
    yield from claims("composition", "drawn", pictures)
    horizons = [picture for picture in pictures if "camera" in picture.truth]
    yield from layout.horizon(horizons, "drawn")
    yield from lens.roll(horizons, "drawn")
    written = describe_all(_drawn(drawn_text.draw, seeds, ("text",)), "words")
    yield from text.words(written)
    yield from claims("text", "drawn", written)


def _drawn(
    draw: Callable[[int], Drawn], seeds: Sequence[int], facets: tuple[str, ...]
) -> list[Question]:
    made = [draw(seed) for seed in seeds]
    return [Question(picture.data, facets, picture.truth) for picture in made]
