"""`make up` in a clean copy of the checkout: started, killed, started again, stopped."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.embedded.folders import CHECKOUT

FIRST_PAGE_SECONDS = 180
STOP_SECONDS = 60
# Settings of the test run that would lead the copy to our own servers.
OURS = ("CONSULT_LOCAL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "EMAIL_URL", "SITE_URL")
# A start takes both cores: one at a time.
pytestmark = pytest.mark.xdist_group("up")


class Site:
    """A copy of the checkout, and whatever runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder.parent / "output"
        self.make: subprocess.Popen[bytes] | None = None
        # Told from all others by a word in the environment that children inherit.
        self.mark = f"CONSULT_TEST_SITE={folder}"

    def environment(self) -> dict[str, str]:
        name, value = self.mark.split("=", 1)
        theirs = {key: word for key, word in os.environ.items() if key not in OURS}
        return theirs | {name: value}

    def start(self, *words: str) -> None:
        with self.output.open("wb") as output:
            self.make = subprocess.Popen(
                ["make", "up", f"PORT={self.port}", *words],
                cwd=self.folder,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def page(self) -> bytes:
        """The front page, as soon as this start, not the one before, serves it."""
        assert self.make is not None
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                if "Open http" in self.said():
                    return self._get()
            assert time.monotonic() < deadline, self.said()
            assert self.make.poll() is None, self.said()
            time.sleep(0.2)

    def _get(self) -> bytes:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            # Served, but an error: no use in waiting.
            raise AssertionError(self.said()) from error
        return content

    def said(self) -> str:
        return self.output.read_text()[-8000:]

    def shell(self, code: str) -> str:
        """What this prints when the site itself runs it."""
        ran = subprocess.run(
            [".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", code],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._owns(process)]

    def _owns(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            # PostgreSQL writes over its environment, but works in its data folder.
            inside = Path(process.cwd()).is_relative_to(self.folder)
            name, value = self.mark.split("=", 1)
            return inside or process.environ().get(name) == value
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def stop(self, number: signal.Signals) -> int:
        """As a terminal does on Ctrl-C: a signal to everything in the foreground."""
        assert self.make is not None
        os.killpg(self.make.pid, number)
        return self.make.wait(STOP_SECONDS)

    def assert_nothing_is_left(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)

    def kill(self, processes: list[psutil.Process]) -> None:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.make is not None:
            self.make.poll()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    # Deep, with a space: what breaks careless sockets and scripts.
    folder = tmp_path / "a folder" / ("deep-" * 20) / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.rstrip("\0").split("\0"):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)
    borrow_installation(folder)
    site = Site(folder)
    yield site
    site.kill(site.processes())


def borrow_installation(folder: Path) -> None:
    """What is installed for the tests serves the copy: installing anew would take minutes."""
    environment = folder / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (environment / "bin" / "python").chmod(0o755)
    shutil.copy(folder / "requirements.txt", environment)


def test_it_is_started_killed_started_again_and_stopped(site: Site) -> None:
    site.start()
    assert b"<html" in site.page()

    # All of it at once, by a signal that nobody can hear.
    site.kill(site.processes())
    site.start()
    assert b"<html" in site.page()

    # Only what started it: what it started may still be stopping when the next start comes.
    assert site.make is not None
    site.make.kill()
    site.make.wait()
    site.start()
    assert b"<html" in site.page()

    site.stop(signal.SIGINT)
    site.assert_nothing_is_left()
    said = site.said()
    assert "Stopping" in said
    assert "Traceback" not in said

    site.start("EMPTY=1")
    site.page()
    site.stop(signal.SIGTERM)
    site.assert_nothing_is_left()


def test_what_dies_is_started_again(site: Site) -> None:
    site.start("EMPTY=1")
    site.page()
    time.sleep(1)
    run = site.folder / ".local" / "run"
    killed = {
        path.name: int(path.read_text().split()[0]) for path in run.iterdir() if path.name != "lock"
    }
    assert set(killed) == {"postgresql", "valkey", "web", "worker", "beat"}
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while site.output.read_text().count("starting it again") < len(killed):
        assert time.monotonic() < deadline, site.said()
        time.sleep(0.1)
    assert b"<html" in site.page()
    site.stop(signal.SIGTERM)
    site.assert_nothing_is_left()


def up(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    environment = {key: word for key, word in os.environ.items() if key not in OURS}
    return subprocess.run(
        [sys.executable, "-m", "config.up", "--local", folder, *words],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_one_sentence(refused: subprocess.CompletedProcess[str], *words: str) -> None:
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1, refused.stderr
    for word in words:
        assert word in refused.stderr


def test_a_busy_port_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = up(tmp_path, "--port", str(port))
    assert_one_sentence(refused, f"Port {port} is busy", "PORT=8001 make up")


@pytest.mark.parametrize("place", ["/proc/consult", "/dev/null/consult"])
def test_a_folder_that_can_not_be_written_is_named(place: str) -> None:
    assert_one_sentence(up(Path(place)), place.rsplit("/", 1)[0])


def test_a_second_start_on_the_same_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with (tmp_path / "run" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_one_sentence(up(tmp_path), "running already", "--local DIR")


def test_servers_that_the_environment_names_are_used_instead(tmp_path: Path) -> None:
    nowhere = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    refused = subprocess.run(
        [sys.executable, "-m", "config.up", "--local", tmp_path, "--port", str(free_port())],
        cwd=CHECKOUT,
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert_one_sentence(refused, "`manage.py migrate` failed")
    assert not (tmp_path / "postgresql").exists()
    assert not (tmp_path / "valkey").exists()
