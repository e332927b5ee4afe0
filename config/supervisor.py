"""Starts everything in order, keeps it running, shows its logs, and stops it without a trace."""

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from config.embedded import EmbeddedError, development_secret_key
from config.embedded.folders import CHECKOUT
from config.embedded.postgresql import PostgreSQL
from config.embedded.processes import Process, Stopping, end, private_folder, sole_owner
from config.embedded.valkey import Valkey

HOST = "127.0.0.1"
COLOURS = {"web": 32, "worker": 36, "beat": 35}
LONGEST_WAIT = 30.0
LONG_ENOUGH_TO_TRUST = 60.0


class StopRequested(Exception):
    """Someone pressed Ctrl-C, asked by a signal, or killed our parent."""


class Kept:
    """A child that is started again when it dies, at growing intervals."""

    def __init__(self, process: Process, launch: Callable[[], None]) -> None:
        self.process = process
        self.launch = launch
        self.wait = 1.0
        self.launched_at = time.monotonic()
        self.due: float | None = None

    def start(self) -> None:
        self.launched_at = time.monotonic()
        self.due = None
        self.launch()

    def mend(self) -> None:
        now = time.monotonic()
        if self.process.alive:
            return
        if self.due is None:
            if now - self.launched_at > LONG_ENOUGH_TO_TRUST:
                self.wait = 1.0
            self.process.clear_away()
            self.due = now + self.wait
            reason = self.process.last_words()
            say(
                "up", f"{self.process.name} ended; starting it again in {self.wait:.0f} s: {reason}"
            )
            self.wait = min(self.wait * 2, LONGEST_WAIT)
        elif now >= self.due:
            self.start()


class Supervisor:
    def __init__(self, *, port: int, demonstration: bool) -> None:
        self.port = port
        self.demonstration = demonstration
        self.kept: list[Kept] = []
        self.stop_wishes: list[float] = []
        self.wishes_heeded = 0
        self.parent = os.getppid()

    def run(self) -> None:
        """Return after a requested stop; raise EmbeddedError or OSError where it can't go on."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._wish_to_stop)
        with sole_owner() as stopping:
            try:
                self._start()
                while True:
                    self._pause()
                    for kept in self.kept:
                        kept.mend()
            except StopRequested:
                pass
            finally:
                self._stop(stopping)

    # --- starting ---------------------------------------------------------------------------------

    def _start(self) -> None:
        processes = {name: Process(name) for name in ("web", "worker", "beat", "manage")}
        servers: list[PostgreSQL | Valkey] = []
        if not os.environ.get("DATABASE_URL"):
            servers.append(PostgreSQL())
        if not os.environ.get("REDIS_URL"):
            servers.append(Valkey())
        for process in (*processes.values(), *servers):
            process.end_leftover()
        self._find_port()
        self.env = self._environment()
        # Stays empty here, but its absence would be warned of at each start.
        private_folder("static")
        for server in servers:
            self.kept.append(Kept(server, server.launch))
            server.start_and_wait(self._pause)
        manage = processes["manage"]
        say("up", "Preparing the database")
        self._manage(manage, "migrate", "--verbosity", "0")
        accounts = ""
        if self.demonstration:
            self._manage(manage, "load_demonstration", "--if-empty")
        self._start_application(processes)
        if self.demonstration:
            accounts = self._manage(manage, "load_demonstration", "--show-accounts")
        self._await_pages(processes["web"])
        self._announce(accounts)

    def _environment(self) -> dict[str, str]:
        ours = {
            "SECRET_KEY": os.environ.get("SECRET_KEY") or development_secret_key(),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "SITE_URL": f"http://localhost:{self.port}",
            "PYTHONUNBUFFERED": "1",
        }
        return ours | {name: value for name, value in os.environ.items() if value}

    def _find_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except (OSError, OverflowError) as error:
                busy = getattr(error, "errno", None) == errno.EADDRINUSE
                raise EmbeddedError(
                    f"Port {self.port} is {'busy' if busy else 'not to be had'}: choose another, "
                    f"as in `PORT={8001 if self.port != 8001 else 8002} make up`."  # noqa: PLR2004
                ) from error
            self.port = probe.getsockname()[1]

    def _manage(self, process: Process, *words: str) -> str:
        """Run one of manage.py's commands to its end; its output, or its last line as an error."""
        process.log_path.write_bytes(b"")
        process.start([sys.executable, "manage.py", *words], env=self.env, cwd=CHECKOUT)
        try:
            while process.alive:
                self._pause()
        finally:
            end([process])
        if process.popen is None or process.popen.returncode:
            raise EmbeddedError(
                f"`manage.py {words[0]}` failed: {process.last_words()} (see {process.log_path})"
            )
        return process.log_path.read_text(errors="replace")

    def _start_application(self, processes: dict[str, Process]) -> None:
        commands = {
            "web": f"uvicorn config.asgi:application --host {HOST} --port {self.port}"
            " --lifespan off --timeout-graceful-shutdown 5 --ws-per-message-deflate false",
            "worker": "celery --quiet -A config worker --concurrency 2 --loglevel INFO"
            " --without-gossip --without-mingle",
            "beat": "celery --quiet -A config beat --loglevel WARNING",
        }
        # Whoever runs this as root has no other user to give to Celery.
        python = [sys.executable, "-W", "ignore:You're running the worker", "-m"]
        for name, command in commands.items():
            process, words = processes[name], [*python, *command.split()]

            def launch(process: Process = process, words: list[str] = words) -> None:
                process.start(words, env=self.env, cwd=CHECKOUT)

            kept = Kept(process, launch)
            self.kept.append(kept)
            kept.start()

    def _await_pages(self, web: Process) -> None:
        while not self._answers():
            self._pause()
            if not web.alive:
                self._show_logs()
                raise EmbeddedError(f"The web server did not start: {web.last_words()}")

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def _announce(self, accounts: str) -> None:
        hint = "An administrator is made by `.venv/bin/python manage.py createsuperuser`."
        lines = [f"Open http://localhost:{self.port}/", "", *(accounts or hint).splitlines()]
        for line in ["", *lines, "", "Ctrl-C stops everything.", ""]:
            say("", f"  {line}".rstrip())

    # --- running ----------------------------------------------------------------------------------

    def _wish_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        # make passes SIGTERM on: a signal to the whole group comes twice, and is one wish.
        if not self.stop_wishes or now - self.stop_wishes[-1] > 1:
            self.stop_wishes.append(now)

    def _pause(self) -> None:
        self._show_logs()
        # make that is killed can't tell us so: it would leave us running, out of sight.
        if self.stop_wishes or ("MAKELEVEL" in os.environ and os.getppid() != self.parent):
            raise StopRequested
        time.sleep(0.05)

    def _show_logs(self) -> None:
        for kept in self.kept:
            if kept.process.name in COLOURS:
                for line in kept.process.new_lines():
                    say(kept.process.name, line)

    # --- stopping ---------------------------------------------------------------------------------

    def _stop(self, stopping: Stopping) -> None:
        """The application first, then what it stands on; each further Ctrl-C hurries one step."""
        stopping.say_so()
        if self.kept:
            say("up", "Stopping")
        self.wishes_heeded = len(self.stop_wishes)
        end(
            [kept.process for kept in self.kept if kept.process.name in COLOURS],
            hurried=self._hurried,
        )
        self._show_logs()
        end([kept.process for kept in self.kept], patience=20, hurried=self._hurried)

    def _hurried(self) -> bool:
        self._show_logs()
        time.sleep(0.05)
        hurried = len(self.stop_wishes) > self.wishes_heeded
        self.wishes_heeded = len(self.stop_wishes)
        return hurried


def say(name: str, line: str) -> None:
    if name and sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        line = f"\033[{COLOURS.get(name, 33)}m{name:>6} |\033[0m {line}"
    elif name:
        line = f"{name:>6} | {line}"
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except OSError:
        # The terminal is gone or a pipe was closed: no reason to leave the servers running.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
