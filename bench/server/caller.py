"""A visitor of the page, as a program: it has a cookie, brings pictures, and asks for paintings."""

import re
import time
from typing import Any, Final

import httpx

TOKEN: Final = re.compile(r'name="token" value="([^"]+)"')
OVER: Final = ("done", "failed", "cancelled", "lost")


class Caller:
    """One visitor of the server at an address; a round robin when there are several."""

    def __init__(self, *urls: str, seconds: float = 90.0) -> None:
        self._urls = urls
        self._calls = 0
        self._client = httpx.Client(timeout=seconds)
        self._token = ""

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *raised: object) -> None:
        self._client.close()

    def move(self, *urls: str) -> None:
        """Go on at another address, as the same visitor: cookies do not know ports."""
        self._urls = urls

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        """One request."""
        url = self._urls[self._calls % len(self._urls)]
        self._calls += 1
        return self._client.request(method, url + path, **how)

    def token(self) -> str:
        """What forms of this visitor carry."""
        if not self._token:
            found = TOKEN.search(self.ask("GET", "/").text)
            self._token = found[1] if found else ""
        return self._token

    def bring(self, data: bytes) -> httpx.Response:
        """Bring a picture by the form of the page."""
        form = {"token": self.token()}
        return self.ask("POST", "/pictures", data=form, files={"picture": ("picture", data)})

    def describe(self, data: bytes) -> httpx.Response:
        """Bring it by the API."""
        return self.ask("POST", "/api/v1/describe", content=data)

    def picture(self, data: bytes) -> str:
        """The id of a picture that was brought; RuntimeError when it was not taken."""
        got = self.bring(data)
        if got.status_code != 303:
            raise RuntimeError(f"{got.status_code} {got.text[:300]}")
        return got.headers["location"].rpartition("/")[2]

    def paint(self, picture: str, preset: str = "watercolor") -> str:
        """The id of a job; RuntimeError when it was refused."""
        form = {"token": self.token(), "preset": preset}
        got = self.ask("POST", f"/p/{picture}/paint", data=form)
        if got.status_code != 303:
            raise RuntimeError(f"{got.status_code} {got.text[:300]}")
        return str(httpx.URL(got.headers["location"]).params["job"])

    def job(self, job: str) -> dict[str, Any]:
        """How far it is."""
        told: dict[str, Any] = self.ask("GET", f"/api/v1/jobs/{job}").json()
        return told

    def until(self, job: str, *states: str, seconds: float = 120.0) -> dict[str, Any]:
        """The job once it is in one of the states, or over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            told = self.job(job)
            if told.get("state") in (*states, *OVER):
                return told
            time.sleep(0.2)
        raise RuntimeError(f"The job hangs: {told}")
