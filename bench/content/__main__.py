"""Measure how much of what people name the prompts say: python -m bench.content --data FOLDER."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeAlias

from bench.accuracy.published_results import ROOT, between
from bench.content.captioned_sets import ROWS, captioned, prompts_of
from bench.content.content_score import ContentScore, scores

# The least share of what people name that the prompts are to say.
GOALS: Final = {"everyday photographs": 0.45, "COCO": 0.6}
OTHER_GOAL: Final = 0.4
MAX_WITHOUT_SUBJECT: Final = 0.03
OUTPUT: Final = Path("bench/out/content.json")

COLUMNS: Final = (
    *("pictures", "n", "said of what people name", "goal"),
    *("supported", "words a prompt", "without a subject"),
)

Result: TypeAlias = dict[str, Any]


def main() -> None:
    """Describe the pictures of every row, print the tables, and write them into the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of captioned pictures")
    parser.add_argument("--only", nargs="*", default=(), choices=ROWS, help="rows to measure")
    args = parser.parse_args()
    results = _stored() if args.only else {}
    for title in args.only or ROWS:
        results[title] = _measured(title, args.data)
        print(table({title: results[title]}), flush=True)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    in_order = {title: results[title] for title in ROWS if title in results}
    for name in ("README.md", "docs/accuracy.md"):
        page = ROOT / name
        text = table(in_order) if name == "README.md" else full_text(in_order)
        page.write_text(between(page.read_text("utf-8"), text, "content"), encoding="utf-8")


def _stored() -> dict[str, Result]:
    return json.loads(OUTPUT.read_text(encoding="utf-8")) if OUTPUT.is_file() else {}


def _measured(title: str, data: Path) -> Result:
    done = prompts_of([picture for name in ROWS[title] for picture in captioned(data, name)], title)
    without = sum(not prompt.has_subject for prompt in done) / len(done)
    return {"without_subject": without, "scores": [asdict(score) for score in scores(done)]}


def table(results: Mapping[str, Result]) -> str:
    """One row for each set: hit, support, words said, prompts without a subject."""
    lines = [
        f"| {' | '.join(COLUMNS)} |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for title, result in results.items():
        total, goal = ContentScore(**result["scores"][0]), GOALS.get(title, OTHER_GOAL)
        missed = total.hit < goal * total.named
        without = _marked(
            result["without_subject"], result["without_subject"] > MAX_WITHOUT_SUBJECT
        )
        hit = _marked(total.hit / max(total.named, 1), missed)
        cells = (title, total.pictures, hit, f"≥ {goal:.0%}", _share(total.supported, total.said))
        words = f"{total.said / total.pictures:.1f}"
        lines.append(f"| {' | '.join(map(str, (*cells, words, without)))} |")
    return "\n".join(lines)


def _marked(share: float, missed: bool) -> str:
    return f"**{share:.1%}, missed**" if missed else f"{share:.1%}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def full_text(results: Mapping[str, Result]) -> str:
    """The table, then each kind of word for the sets with five captions a picture."""
    return "\n".join((table(results), "", *_kind_tables(results)))


def _kind_tables(results: Mapping[str, Result]) -> Iterator[str]:
    for title in GOALS:
        if title in results:
            yield from _kind_table(title, results[title]["scores"][1:])


def _kind_table(title: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"| {title}: kind of word | named by people | of those said | said | supported |"
    yield "|---|---:|---:|---:|---:|"
    for row in (ContentScore(**row) for row in rows):
        shares = _share(row.hit, row.named), row.said, _share(row.supported, row.said)
        yield f"| {row.kind} | {row.named} | {' | '.join(map(str, shares))} |"
    yield ""


if __name__ == "__main__":
    main()
