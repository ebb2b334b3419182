"""`python -m bench.server.load`: visitors who browse, describe, edit, copy and now and then paint.

    python -m bench.server.load                        50 visitors, two minutes
    python -m bench.server.load --visitors 5 --seconds 10

Then describes alone at full speed, beside the packaged networks alone, which no server can beat.
Everything stays on the loopback. The table goes to bench/out/server.json too. It ends with status 1
when anything but 2xx, 3xx, 429 and 503 was answered.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from bench.pictures import enlarged
from bench.server.caller import TOKEN
from bench.server.floor import floor
from bench.server.live import Live, busy, children, serving
from bench.timing import machine

OUT: Final = Path(__file__).parent.parent / "out" / "server.json"
THINKS: Final = 2.5
"""Seconds between two things that a visitor does, on average: people read."""
PAGE: Final = 0.3
"""Seconds: what 95 of 100 pages may take."""
FINE: Final = (429, 503)
PRESETS: Final = ("watercolor", "anime", "night", "oil-painting")
TARGETS: Final = ("midjourney", "flux", "openai", "stable_diffusion", "firefly")


@dataclass
class Tally:
    """Seconds of each kind of request, and how it was answered."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    codes: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def note(self, kind: str, begun: float, got: httpx.Response) -> None:
        """One answer."""
        self.codes[kind, got.status_code] += 1
        if got.status_code < 400:
            self.seconds[kind].append(time.perf_counter() - begun)
        elif got.status_code not in FINE:
            self.errors.append(f"{kind} {got.status_code} {got.text[:120]}")
        elif "retry-after" not in got.headers:
            self.errors.append(f"{kind} {got.status_code} without Retry-After")


class Visitor:
    """One visitor, with a cookie, a picture and a pace of one's own."""

    def __init__(self, url: str, number: int, pictures: list[bytes], tally: Tally) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=60)
        self._dice = random.Random(number)  # noqa: S311 - to be the same every time
        self._pictures, self._tally = pictures, tally
        self._token, self._page, self._asked = "", "", ""

    async def stay(self, until: float) -> None:
        """Do one thing after another until then."""
        await asyncio.sleep(self._dice.uniform(0, THINKS))
        async with self._client:
            while time.monotonic() < until:
                try:
                    await self._act()
                except httpx.HTTPError as error:
                    self._tally.errors.append(repr(error))
                await asyncio.sleep(self._dice.expovariate(1 / THINKS))

    async def _act(self) -> None:
        if not self._token:
            got = await self._ask("page", "GET", "/")
            found = TOKEN.search(got.text)
            self._token = found[1] if found else ""
        elif not self._page:
            await self._describe()
        else:
            deeds, weights = zip(*self._deeds(), strict=True)
            await self._dice.choices(deeds, weights)[0]()

    def _deeds(self) -> list[tuple[Callable[[], Awaitable[None]], float]]:
        return [
            (self._browse, 0.35),
            (self._edit, 0.3),
            (self._copy, 0.2),
            (self._describe, 0.12),
            (self._paint, 0.03),
        ]

    async def _browse(self) -> None:
        self._asked = f"?for={self._dice.choice(TARGETS)}"
        await self._ask("page", "GET", self._page + self._asked)

    async def _edit(self) -> None:
        change = self._dice.choice(
            ["set=time=dusk", "set=mood=calm", "remove=camera", "lock=light"]
        )
        self._asked = f"{self._asked}{'&' if self._asked else '?'}{change}"[:200]
        path = self._page + self._asked
        await self._ask("part", "GET", path, headers={"X-Part": "main"})

    async def _copy(self) -> None:
        body = {"picture": self._page.rpartition("/")[2], "targets": list(TARGETS[:2])}
        await self._ask("write", "POST", "/api/v1/write", json=body)

    async def _describe(self) -> None:
        sent = {"picture": ("picture.jpg", self._dice.choice(self._pictures))}
        got = await self._ask("describe", "POST", "/pictures", data=self._form(), files=sent)
        if got.status_code == 303:
            self._page, self._asked = got.headers["location"], ""

    async def _paint(self) -> None:
        form = {**self._form(), "preset": self._dice.choice(PRESETS)}
        await self._ask("paint", "POST", f"{self._page}/paint", data=form)

    def _form(self) -> dict[str, str]:
        return {"token": self._token}

    async def _ask(self, kind: str, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401
        begun = time.perf_counter()
        got = await self._client.request(method, path, **how)
        self._tally.note(kind, begun, got)
        return got


def main() -> int:
    """Run, tell, and say whether all was as designed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--describes", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as live:
        pictures = [path.read_bytes() for path in enlarged(Path(folder), 1.0)]
        asyncio.run(_warm(live, pictures))
        told: dict[str, Any] = {"machine": machine(), "visitors": given.visitors}
        told |= asyncio.run(_visit(live, pictures, given.visitors, given.seconds))
        rate = asyncio.run(_describes(live, pictures, given.describes))
        said = live.said()
    told |= {"describes_a_second": rate, "networks_alone_a_second": floor(), "log": said}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(told, indent=1))
    return _told(told)


async def _warm(live: Live, pictures: list[bytes]) -> None:
    async with httpx.AsyncClient(base_url=live.url, timeout=60) as client:
        for data in pictures:
            (await client.post("/api/v1/describe", content=data)).raise_for_status()


async def _visit(
    live: Live, pictures: list[bytes], visitors: int, seconds: float
) -> dict[str, Any]:
    tally, before = Tally(), live.memory()
    begun, until = time.monotonic(), time.monotonic() + seconds
    cpu = sum(map(busy, (live.pid, *children(live.pid))))
    stays = [Visitor(live.url, each, pictures, tally).stay(until) for each in range(visitors)]
    watch = asyncio.create_task(_watch(live, until, tally))
    await asyncio.gather(*stays)
    most = await watch
    cpu = sum(map(busy, (live.pid, *children(live.pid)))) - cpu
    return {
        "seconds": round(time.monotonic() - begun, 1),
        "cores_busy": round(cpu / (time.monotonic() - begun), 2),
        "memory_before": [round(each) for each in before],
        "memory_most": [round(each) for each in most],
        "kinds": {kind: _row(kind, tally) for kind in tally.seconds},
        "codes": {f"{kind} {code}": n for (kind, code), n in sorted(tally.codes.items())},
        "errors": tally.errors[:50],
    }


async def _watch(live: Live, until: float, tally: Tally) -> tuple[float, float]:
    """The most memory that was seen; it tells how far it is."""
    most = (0.0, 0.0)
    while (left := until - time.monotonic()) > 0:
        own, workers = live.memory()
        most = max(most[0], own), max(most[1], workers)
        count = sum(tally.codes.values())
        print(f"\r{left:4.0f} s left, {count} requests, {len(tally.errors)} errors ", end="")
        sys.stdout.flush()
        await asyncio.sleep(min(1.0, max(left, 0.01)))
    return most


def _row(kind: str, tally: Tally) -> dict[str, float]:
    ordered = sorted(tally.seconds[kind])
    made = {f"p{share}": _at(ordered, share / 100) for share in (50, 95, 99)}
    return {"count": len(ordered), **made}


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4)


async def _describes(live: Live, pictures: list[bytes], count: int) -> float:
    """Describes a second with four callers, who never let the workers rest."""
    left = iter(range(count))

    async def call() -> None:
        async with httpx.AsyncClient(base_url=live.url, timeout=60) as client:
            for number in left:
                data = pictures[number % len(pictures)]
                (await client.post("/api/v1/describe", content=data)).raise_for_status()

    begun = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(4)))
    return round(count / (time.perf_counter() - begun), 2)


def _told(told: dict[str, Any]) -> int:
    print(f"\n\n{told['machine']}; {told['visitors']} visitors, {told['seconds']} s\n")
    print("| request | count | p50 | p95 | p99 |\n| --- | --- | --- | --- | --- |")
    for kind, row in told["kinds"].items():
        times = " | ".join(f"{1000 * row[each]:.0f} ms" for each in ("p50", "p95", "p99"))
        print(f"| {kind} | {row['count']} | {times} |")
    print("\n| status | count |\n| --- | --- |")
    for name, count in told["codes"].items():
        print(f"| {name} | {count} |")
    print(f"\nmemory (server, workers): {told['memory_before']} MB, then at most", end=" ")
    print(f"{told['memory_most']} MB; cores busy: {told['cores_busy']}")
    rate, alone = told["describes_a_second"], told["networks_alone_a_second"]
    print(f"describes: {rate} a second; the networks alone: {alone} ({rate / alone:.0%})")
    slow = told["kinds"].get("page", {}).get("p95", 0) > PAGE
    print(f"p95 of a page is {'over' if slow else 'within'} {PAGE * 1000:.0f} ms")
    for line in told["errors"]:
        print(f"ERROR {line}")
    print(re.sub(r"(?m)^", "LOG ", told["log"]) if told["log"] else "log: empty")
    return 1 if told["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
