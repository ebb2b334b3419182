"""Measure accuracy: python -m bench.accuracy --data ../shared/data."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bench.accuracy import altered, labelled, layout, lens, lettering, light, palette, subject, tags
from bench.accuracy.looking import Question, look
from bench.accuracy.scores import Score
from bench.accuracy.table import as_json, markdown
from bench.drawn import flats, layouts
from bench.drawn import lettering as drawn_text
from bench.drawn.picture import Drawn
from bench.scenes.make import make_all

OUT: Final = Path("bench/out")
METERS: Final = ("light", "palette", "composition", "camera", "focus")


def main() -> None:
    """Ask, score, print the table, and keep it as JSON beside the renders."""
    args = _arguments()
    odd = not args.tune
    seeds = [2 * number + odd for number in range(args.count)]
    scores = [*rendered(seeds), *drawn(seeds[: args.count // 2])]
    if args.data is not None and args.data.is_dir():
        scores += labelled.scores(args.data, args.count)
        scores += subject.scores(args.data, args.count)
        scores += altered.scores(args.data, args.count // 2)
        scores += tags.scores(args.data)
    scores.sort(key=lambda score: ORDER.index(score.facet))
    print(markdown(scores))
    if odd:
        (OUT / "accuracy.json").write_text(json.dumps(as_json(scores), indent=1) + "\n")
    else:
        print("\nTuning seeds: not to be reported.")


ORDER: Final = (
    *("light", "palette", "focus", "composition", "camera", "setting", "time", "weather"),
    *("medium", "subject", "action", "text"),
)


def rendered(seeds: list[int]) -> Iterator[Score]:
    """Scores on rendered scenes; what is not rendered yet is rendered first."""
    truths = make_all(seeds, OUT / "scenes")
    rows = [json.loads(line) for line in truths.read_text().splitlines()]
    rows = [row for row in rows if row["seed"] in set(seeds)]
    questions = [
        Question(
            OUT / "scenes" / row["file"],
            (*METERS, "text") if row["kind"] == "scene" else ("focus",),
            row,
        )
        for row in rows
    ]
    seen = look(questions, "rendered")
    still = [each for each in seen if each.truth["kind"] == "scene"]
    yield from light.scores(still)
    yield from palette.scores(still, "rendered")
    yield from lens.focus(seen)
    yield from layout.placement(still, "rendered")
    yield from layout.horizon(still, "rendered")
    yield from layout.symmetry(still, "rendered")
    yield from lens.angle(still)
    yield from lens.roll(still, "rendered")
    yield from lettering.false_words(still, "rendered")


def _question(row: Mapping[str, Any]) -> Question:
    facets = (*METERS, "text") if row["kind"] == "scene" else ("focus",)
    return Question(OUT / "scenes" / row["file"], facets, row)


def drawn(seeds: list[int]) -> Iterator[Score]:
    """Scores on drawn pictures."""
    posters = look(_drawn(flats.draw, seeds, ("palette",)), "posters")
    yield from palette.scores(posters, "drawn")
    pictures = look(_drawn(layouts.draw, seeds, ("composition", "camera")), "layouts")
    yield from layout.placement(pictures, "drawn")
    yield from layout.symmetry(pictures, "drawn")
    yield from layout.layouts(pictures)
    horizons = [each for each in pictures if "camera" in each.truth]
    yield from layout.horizon(horizons, "drawn")
    yield from lens.roll(horizons, "drawn")
    yield from lettering.words(look(_drawn(drawn_text.draw, seeds, ("text",)), "words"))


def _drawn(
    draw: Callable[[int], Drawn], seeds: list[int], facets: tuple[str, ...]
) -> list[Question]:
    made = [draw(seed) for seed in seeds]
    return [Question(each.data, facets, each.truth) for each in made]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of labelled pictures; left out: none")
    parser.add_argument("--count", type=int, default=150, help="scenes (default 150)")
    parser.add_argument("--tune", action="store_true", help="even seeds, for tuning, not reported")
    return parser.parse_args()


if __name__ == "__main__":
    main()
