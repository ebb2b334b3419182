"""Configuration: what whoever runs the server may set, read from the environment once."""

import os
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from imagetoprompt import settings
from imagetoprompt.engines import DEFAULT_ENGINE
from imagetoprompt.errors import SettingError
from imagetoprompt.runners import Limits

UNLIMITED: Final = -1
"""`uses_a_day` of a server that counts nothing."""
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
FREE_USES: Final = 10


@dataclass(frozen=True)
class Config:
    """Each field is set by the variable IMAGETOPROMPT_<NAME>.

    host, port: where the server listens. data: the folder of the database and the files, unless
    `database` (a URL of SQLite or PostgreSQL) and `files` (a folder, or a URL such as s3://bucket)
    name other places. runner: where work is done, "processes", "serial" or the address of a Ray
    cluster. workers: how many pieces of work at once, 0 as many as there are cores. waiting: how
    many more may wait before the server says that it is full. look_seconds, paint_seconds: how long
    one describe or one painting may take. worker_megabytes, paint_megabytes: address space of a
    worker that looks or paints, 0 for any; painters of models that you chose are not bounded.
    keep_hours: how long pictures, jobs and results are kept. free_uses: a day and visitor, "none"
    for as many as they like, which is the default on loopback. requests_a_minute: of one address.
    trusted_proxies: addresses whose X-Forwarded-For is believed. engines: what paints; diffusers
    joins when `diffusers_model` names a model. secret: signs cookies; made and kept by default.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data: str = ""
    database: str = ""
    files: str = ""
    runner: str = "processes"
    workers: int = 0
    waiting: int = 24
    look_seconds: float = 30.0
    paint_seconds: float = 900.0
    worker_megabytes: int = 5000
    paint_megabytes: int = 7000
    keep_hours: float = 24.0
    free_uses: str = ""
    requests_a_minute: int = 300
    trusted_proxies: tuple[str, ...] = ()
    engines: tuple[str, ...] = (DEFAULT_ENGINE,)
    diffusers_model: str = ""
    secret: str = ""

    @property
    def folder(self) -> Path:
        """Where the database and the files lie by default."""
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return Path(self.data or f"{home}/imagetoprompt").expanduser().absolute()

    @property
    def uses_a_day(self) -> int:
        """Free uses of one visitor a day, or UNLIMITED; SettingError for words other than none."""
        if self.free_uses.casefold() == "none" or (not self.free_uses and self._alone):
            return UNLIMITED
        if not self.free_uses:
            return FREE_USES
        if not self.free_uses.isdecimal():
            raise SettingError(
                f"{settings.variable('free_uses')} is '{self.free_uses}'; "
                "give a whole number, or none for no limit."
            )
        return int(self.free_uses)

    @property
    def describe_limits(self) -> Limits:
        """What one describe may take. Two cores at work count twice."""
        return Limits(self.look_seconds, 2 * self.look_seconds, self.worker_megabytes)

    @property
    def transform_limits(self) -> Limits:
        """What one painting may take, on as many cores as there are."""
        cores = os.cpu_count() or 1
        megabytes = 0 if self.diffusers_model else self.paint_megabytes
        return Limits(self.paint_seconds, cores * self.paint_seconds, megabytes)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names that its pages are known by; () when a network or a proxy may give others."""
        return LOOPBACK if self._alone else ()

    @property
    def _alone(self) -> bool:
        """Whether only this machine's own user can reach the server."""
        return self.host in LOOPBACK and not self.trusted_proxies

    @property
    def offered_engines(self) -> tuple[str, ...]:
        """The engines that are offered, each once."""
        more = ("diffusers",) if self.diffusers_model else ()
        return tuple(dict.fromkeys((*self.engines, *more)))


def read_config() -> Config:
    """The configuration of this process with every place filled in; SettingError."""
    given = settings.read_settings(Config)
    for proxy in given.trusted_proxies:
        _check_network(proxy)
    lies = given.folder
    return replace(
        given,
        database=given.database or f"sqlite:///{lies / 'imagetoprompt.db'}",
        files=given.files or str(lies / "files"),
    )


def _check_network(given: str) -> None:
    try:
        ip_network(given, strict=False)
    except ValueError as error:
        raise SettingError(
            f"{settings.variable('trusted_proxies')} names '{given}'; give addresses or networks "
            "such as 10.0.0.1 or 10.0.0.0/8."
        ) from error
