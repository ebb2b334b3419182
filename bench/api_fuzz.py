"""`python -m bench.api_fuzz`: schemathesis, with all of its checks, against a live server.

    python -m bench.api_fuzz                        25 examples of each kind a call, two minutes
    python -m bench.api_fuzz --examples 200 --seed 7

Sends what the OpenAPI document allows, and much that it does not; no response may be a 5xx or
differ from the document. The exit status is that of schemathesis.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.server.live import serving

# Valid requests may be refused for these: a picture that is not there, an unknown name, a locked
# facet.
EXPECTED_STATUSES: Final = ("2xx", "401", "403", "404", "409", "413", "415", "422", "429", "501")
# A queue that never fills up, since a full one rightly answers 503.
SERVER_OPTIONS: Final = {"engines": "draft,echo", "fetch_seconds": "1", "waiting": "100000"}
SCHEMATHESIS_PHASES: Final = "examples,coverage,fuzzing,stateful"


def main() -> int:
    """Start the server, run schemathesis, print the server's log."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--examples", type=int, default=25)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "schemathesis.toml").write_text(_settings(), encoding="utf-8")
        with serving(folder, **SERVER_OPTIONS) as live:
            code = subprocess.call(  # noqa: S603 - our own tool
                [*_command(live.url), f"-n{arguments.examples}", f"--seed={arguments.seed}"],
                cwd=folder,
            )
        print(live.said())
    return code


def _command(url: str) -> list[str]:
    tool = Path(sys.executable).with_name("schemathesis")
    phases = f"--phases={SCHEMATHESIS_PHASES}"
    document = f"{url}/api/v1/openapi.json"
    return [str(tool), "run", document, "--checks=all", phases, "--continue-on-failure"]


def _settings() -> str:
    """Settings of schemathesis: the expected statuses of valid requests."""
    return f"[checks.positive_data_acceptance]\nexpected-statuses = {list(EXPECTED_STATUSES)!r}\n"


if __name__ == "__main__":
    sys.exit(main())
