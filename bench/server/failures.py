"""`python -m bench.server.failures`: what is killed, away or full, and what becomes of it.

    python -m bench.server.failures              all, about three minutes
    python -m bench.server.failures database     those whose name holds the word

Each line says what was done and what was seen. It ends with status 1 when one was not as promised.
"""

import sys
import tempfile
import time
import traceback
from pathlib import Path

from bench.server.scenes import SCENES


def main() -> int:
    """Run, tell, and say whether all was as promised."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = {name: scene for name, scene in SCENES.items() if word in name}
    failed = 0
    for name, scene in chosen.items():
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="itp-", dir="/tmp") as folder:
            try:
                seen = scene(Path(folder))
                good = True
            except (AssertionError, RuntimeError, OSError):
                seen, good = traceback.format_exc(), False
        failed += not good
        seconds = time.monotonic() - begun
        print(
            f"{'as promised' if good else 'NOT SO'} | {name} | {seen} | {seconds:.0f} s", flush=True
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
