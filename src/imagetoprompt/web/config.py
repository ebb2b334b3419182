"""Configuration of the server, read from environment variables."""

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
"""`uses_a_day` of a server without a quota."""
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
FREE_USES: Final = 10


@dataclass(frozen=True)
class Config:
    """Each field is set by the environment variable IMAGETOPROMPT_<NAME>.

    host, port: where the server listens. data: the folder of the database and the files, unless
    `database` (a URL of SQLite or PostgreSQL) and `files` (a folder, or a URL such as s3://bucket)
    say otherwise. runner: where tasks run: "processes", "serial" or the address of a Ray cluster.
    workers: tasks at once, 0 for one per core. waiting: tasks, and jobs, that may wait before the
    server answers 503. look_seconds, paint_seconds: time limit of a describe and of a transform.
    worker_megabytes, paint_megabytes: address space of a worker that describes or transforms, 0
    for no limit; transforms have none if `diffusers_model` is set. keep_hours: how long pictures,
    jobs and results are stored. free_uses: uses per visitor and day, "none" for no limit, which is
    the default on loopback. requests_a_minute: from one address. trusted_proxies: addresses and
    networks whose X-Forwarded-For is trusted. engines: the engines that are offered; "diffusers"
    is added if `diffusers_model` names a model. secret: signs cookies; by default one is created
    and stored in the database.
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
        """The folder of the database and the files, if they are not set themselves."""
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return Path(self.data or f"{home}/imagetoprompt").expanduser().absolute()

    @property
    def uses_a_day(self) -> int:
        """Free uses per visitor and day, or UNLIMITED; SettingError if not a number or "none"."""
        if self.free_uses.casefold() == "none" or (not self.free_uses and self._is_local):
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
        """Limits of one describe; its CPU time counts that of two cores."""
        return Limits(self.look_seconds, 2 * self.look_seconds, self.worker_megabytes)

    @property
    def transform_limits(self) -> Limits:
        """Limits of one transform; its CPU time counts that of all cores."""
        cores = os.cpu_count() or 1
        megabytes = 0 if self.diffusers_model else self.paint_megabytes
        return Limits(self.paint_seconds, cores * self.paint_seconds, megabytes)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The host names of a local server; () if a network or a proxy may use other names."""
        return LOOPBACK if self._is_local else ()

    @property
    def _is_local(self) -> bool:
        """Whether the server can be reached from this machine only."""
        return self.host in LOOPBACK and not self.trusted_proxies

    @property
    def offered_engines(self) -> tuple[str, ...]:
        """The engines that are offered, each once."""
        added = ("diffusers",) if self.diffusers_model else ()
        return tuple(dict.fromkeys((*self.engines, *added)))


def read_config() -> Config:
    """The configuration with `database` and `files` filled in; SettingError if one is not valid."""
    config = settings.read_settings(Config)
    for proxy in config.trusted_proxies:
        _check_network(proxy)
    folder = config.folder
    return replace(
        config,
        database=config.database or f"sqlite:///{folder / 'imagetoprompt.db'}",
        files=config.files or str(folder / "files"),
    )


def _check_network(network: str) -> None:
    try:
        ip_network(network, strict=False)
    except ValueError as error:
        raise SettingError(
            f"{settings.variable('trusted_proxies')} names '{network}'; give addresses or networks "
            "such as 10.0.0.1 or 10.0.0.0/8."
        ) from error
