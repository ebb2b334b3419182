"""`python -m bench.api_fuzz`: schemathesis, with all of its checks, against a live server.

    python -m bench.api_fuzz                        25 examples of each kind a call, two minutes
    python -m bench.api_fuzz --examples 200 --seed 7

Everything that the OpenAPI document allows is asked, and much that it does not; nothing may end
with a 5xx, or otherwise than the document says. It ends with the status of schemathesis.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.server.live import serving

# What can only be known by looking: no picture, a name that nobody has, a locked facet.
REFUSED: Final = ("2xx", "401", "403", "404", "409", "413", "415", "422", "429", "501")
# A line so long that it is never full, which would rightly be a 503.
SERVER: Final = {"engines": "draft,echo", "fetch_seconds": "1", "waiting": "100000"}
PHASES: Final = "examples,coverage,fuzzing,stateful"


def main() -> int:
    """Start the server, let it be asked, and say how that went."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--examples", type=int, default=25)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "schemathesis.toml").write_text(_settings(), encoding="utf-8")
        with serving(folder, **SERVER) as live:
            code = subprocess.call(  # noqa: S603 - our own tool
                [*_command(live.url), f"-n{given.examples}", f"--seed={given.seed}"], cwd=folder
            )
        print(live.said())
    return code


def _command(url: str) -> list[str]:
    tool = Path(sys.executable).with_name("schemathesis")
    phases = f"--phases={PHASES}"
    document = f"{url}/api/v1/openapi.json"
    return [str(tool), "run", document, "--checks=all", phases, "--continue-on-failure"]


def _settings() -> str:
    """Of schemathesis: which refusals of data that keep to the document are right."""
    return f"[checks.positive_data_acceptance]\nexpected-statuses = {list(REFUSED)!r}\n"


if __name__ == "__main__":
    sys.exit(main())
