"""Render scenes: python -m bench.scenes --count 40 --split tune --out bench/out/scenes."""

import argparse
from pathlib import Path

from bench.scenes.render_all import make_all


def main() -> None:
    """Parse the command line and render."""
    parser = argparse.ArgumentParser(prog="python -m bench.scenes", description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="how many scenes (default 40)")
    parser.add_argument("--split", choices=("tune", "report"), default="tune")
    parser.add_argument("--first", type=int, default=0, help="skip so many scenes of the split")
    parser.add_argument("--out", type=Path, default=Path("bench/out/scenes"))
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    odd = args.split == "report"
    seeds = [2 * number + odd for number in range(args.first, args.first + args.count)]
    print(make_all(seeds, args.out, args.processes))


if __name__ == "__main__":
    main()
