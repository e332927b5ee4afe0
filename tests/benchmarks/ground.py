"""A site to measure: its own PostgreSQL and Valkey, an open draft, and web servers on demand."""

import contextlib
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from tests.services import start_services

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
STOPPING = 10.0


@dataclass(frozen=True)
class Server:
    """A web server that runs."""

    port: int
    pid: int

    @property
    def memory(self) -> int:
        """How many bytes its process holds in memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()


@dataclass(frozen=True)
class Ground:
    """What a benchmark stands on; the database is there to be filled through the models."""

    folder: Path

    @staticmethod
    def remove_comments() -> None:
        """Remove all, so that what is measured next does not stand beside them."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE comments_thread CASCADE")

    @contextlib.contextmanager
    def web(
        self, *, workers: int = 2, environment: Mapping[str, str] | None = None
    ) -> Iterator[int]:
        """Serve the site as the Dockerfile does, with so many workers; gives the port."""
        with self.server(workers=workers, environment=environment) as server:
            yield server.port

    @contextlib.contextmanager
    def server(
        self, *, workers: int = 1, environment: Mapping[str, str] | None = None
    ) -> Iterator[Server]:
        """The same, with what is to be known of its process; a single worker is that process."""
        port = free_port()
        command = (
            "uvicorn config.asgi:application --lifespan off --timeout-graceful-shutdown 5"
            " --ws-per-message-deflate false"
        )
        words = [*command.split(), "--port", str(port), "--workers", str(workers)]
        log = self.folder / "web.log"
        with log.open("ab") as output:
            server = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=HOUSE,
                env={**os.environ, **(environment or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _await(port, server, log)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(STOPPING)
            except subprocess.TimeoutExpired:
                server.kill()


def prepare_ground() -> Ground:
    """Start the services, and make the tables and the static files; all ends with this process."""
    start_services()
    folder = Path(os.environ["CONSULT_LOCAL"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    os.environ["STATIC_COLLECTED"] = "True"
    os.environ["STATIC_ROOT"] = str(folder / "collected")
    os.environ["LOG_LEVEL"] = "WARNING"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return Ground(folder)


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        # Several workers answer one after the other: each must have had the time to import.
        if log.read_text(errors="replace").count("Started server process") and _answers(port):
            time.sleep(2)
            return
        time.sleep(0.1)
    raise AssertionError("The web server did not start:\n" + log.read_text(errors="replace"))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
