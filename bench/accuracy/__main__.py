"""Measure accuracy: python -m bench.accuracy --data ../shared/data."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.accuracy import across_sets, altered, exif_tags, labeled, subject
from bench.accuracy.published_results import write_pages
from bench.accuracy.reliability import as_markdown, reliability
from bench.accuracy.scores import Claim, Score
from bench.accuracy.stored_results import Findings, Part, measured, renewed
from bench.accuracy.synthetic import drawn, rendered
from bench.accuracy.table import as_json, markdown

OUTPUT_FOLDER: Final = Path("bench/out")
FACET_ORDER: Final = (
    *("light", "palette", "focus", "composition", "camera", "setting", "time", "weather"),
    *("season", "medium", "subject", "action", "text"),
)

PARTS_WITH_DATA: Final = ("altered", "tags", "labelled", "subject", "action", "sets")
PART_NAMES: Final = ("rendered", "drawn", *PARTS_WITH_DATA)
"""What is measured apart; some on pictures that --data has."""


def main() -> None:
    """Ask, score, print the tables, and keep them as JSON beside the renders."""
    args = _arguments()
    if args.readme:
        write_pages(json.loads((OUTPUT_FOLDER / "accuracy.json").read_text(encoding="utf-8")))
        return
    odd = not args.tune
    parts = _parts([2 * number + odd for number in range(args.count)], args)
    if odd:
        results = list(renewed(parts, args.only or parts, OUTPUT_FOLDER / "parts"))
    else:
        results = [measured(parts[name]()) for name in args.only or parts]
    scores, claims = _in_order(results)
    print(markdown(scores), as_markdown(reliability(claims)), sep="\n\n")
    if odd:
        result = as_json(scores, reliability(claims), sorted({part.commit for part in results}))
        (OUTPUT_FOLDER / "accuracy.json").write_text(
            json.dumps(result, indent=1) + "\n", encoding="utf-8"
        )
    else:
        print("\nTuning seeds: not to be reported.")


def _parts(seeds: Sequence[int], args: argparse.Namespace) -> Mapping[str, Callable[[], Findings]]:
    """What can be asked with the data that there is, by name."""
    data, few = args.data, args.count // 2
    parts: dict[str, Callable[[], Findings]] = {
        "rendered": lambda: rendered(seeds, OUTPUT_FOLDER / "scenes"),
        "drawn": lambda: drawn(seeds[:few]),
        "altered": lambda: altered.scores(data, few),
        "tags": lambda: exif_tags.scores(data),
        "labelled": lambda: labeled.scores(data, args.count),
        "subject": lambda: subject.scores(data, args.count),
        "action": lambda: labeled.actions(data),
        "sets": lambda: across_sets.scores(data, OUTPUT_FOLDER / "sets"),
    }
    there = parts if data is not None and data.is_dir() else parts.keys() - PARTS_WITH_DATA
    return {name: ask for name, ask in parts.items() if name in there}


def _in_order(parts: Sequence[Part]) -> tuple[list[Score], list[Claim]]:
    scores = [score for part in parts for score in part.scores]
    claims = [claim for part in parts for claim in part.claims]
    scores.sort(key=lambda score: FACET_ORDER.index(score.facet))
    claims.sort(key=lambda claim: FACET_ORDER.index(claim.facet))
    return scores, claims


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of labeled pictures; left out: none")
    parser.add_argument("--count", type=int, default=150, help="scenes (default 150)")
    parser.add_argument("--tune", action="store_true", help="even seeds, for tuning, not reported")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PART_NAMES,
        help="measure these parts, keep the others as they are",
    )
    parser.add_argument(
        "--readme", action="store_true", help="only write the last results into the pages"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
