"""Foreground children: started, kept on record, watched and ended, with nothing left behind."""

import contextlib
import errno
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import psutil

from config.embedded.folders import EmbeddedError, local_folder

# How long to wait for another owner: one that is stopping, and one that may be about to.
STOPPING_PATIENCE = 40.0
START_PATIENCE = 1.0


def private_folder(*parts: str) -> Path:
    """A folder of ours that nobody else can look into."""
    folder = local_folder().joinpath(*parts)
    # Others may pass through, but not look around: as root, PostgreSQL runs as another user.
    local_folder().mkdir(mode=0o711, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def launcher(
    *, last_wish: signal.Signals, account: pwd.struct_passwd | None, override: bool
) -> list[str]:
    """The words before a command that make it end with us, and run as someone else.

    The kernel sends `last_wish` when the thread that forked dies, even by SIGKILL. setpriv asks
    for that after it has changed the user, which would cancel the wish. It is a part of every
    Linux; elsewhere `Process.end_leftover` has to do.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    words = [setpriv, "--pdeathsig", last_wish.name.removeprefix("SIG")]
    if account is not None:
        words += ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
    if override:
        words += ["--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override"]
    return [*words, "--"]


class Process:
    """One child in a session of its own, its log in `.local/log`, its pid in `.local/run`."""

    def __init__(
        self,
        name: str,
        *,
        stop_signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGKILL),
        account: pwd.struct_passwd | None = None,
    ) -> None:
        self.name = name
        self.stop_signals = stop_signals
        self.account = account
        self.override = False
        self.log_path = private_folder("log") / f"{name}.log"
        self.record = private_folder("run") / name
        self.popen: subprocess.Popen[bytes] | None = None
        self._log_read = 0

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path
    ) -> None:
        words = launcher(
            last_wish=self.stop_signals[0], account=self.account, override=self.override
        )
        # Where setpriv is missing, Python itself has to change the user.
        account = self.account if not words else None
        with self.log_path.open("ab") as log:
            self.popen = subprocess.Popen(
                [*words, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                # Ctrl-C goes to the terminal's whole group: only the supervisor shall hear it.
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        with contextlib.suppress(psutil.NoSuchProcess):
            started = psutil.Process(self.popen.pid).create_time()
            self.record.write_text(f"{self.popen.pid} {started}")

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.alive and self.popen is not None:
            self.popen.send_signal(number)

    def clear_away(self) -> None:
        """After the child's end: end what it forked, and strike it off the record."""
        if self.popen is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.record.unlink(missing_ok=True)

    def new_lines(self) -> Iterator[str]:
        """What the log has gained since the last call, in whole lines while the child lives."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_read)
            for line in log:
                if not line.endswith(b"\n") and self.alive:
                    break
                self._log_read += len(line)
                yield line.decode(errors="replace").rstrip()

    def last_words(self) -> str:
        """The line of the log that most likely says why the child ended."""
        if self.popen is not None and (self.popen.poll() or 0) < 0:
            return f"killed by {signal.Signals(-self.popen.returncode).name}"
        lines = [line for line in self.log_path.read_text(errors="replace").splitlines() if line]
        grave = [line for line in lines if "FATAL" in line or "rror" in line]
        return (grave or lines or ["it left no message"])[-1].strip()

    def end_leftover(self) -> None:
        """End the child of an earlier run, if it still lives: no pid is trusted without its start.

        A zombie is dead: where process 1 reaps nobody, a killed child keeps its number for ever.
        """
        try:
            pid, started = self.record.read_text().split()
            leader = psutil.Process(int(pid))
            ours = abs(leader.create_time() - float(started)) < 2  # noqa: PLR2004 - clocks are set
            family = [leader, *leader.children(recursive=True)] if ours else []
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            family = []
        end_family(family, self.stop_signals)
        self.record.unlink(missing_ok=True)
        # Only now does nobody write to the log of before.
        self.log_path.write_bytes(b"")


def end_family(family: list[psutil.Process], stop_signals: Sequence[signal.Signals]) -> None:
    """End processes that are not our children, the first of which leads the others."""
    for number in stop_signals:
        for process in family if number == signal.SIGKILL else family[:1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        family = _still_alive(family, seconds=10)


def _still_alive(processes: list[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    while True:
        processes = [each for each in processes if _lives(each)]
        if not processes or time.monotonic() > deadline:
            return processes
        time.sleep(0.05)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _pause() -> bool:
    time.sleep(0.05)
    return False


def end(
    processes: Iterable[Process],
    *,
    patience: float = 10,
    hurried: Callable[[], bool] = _pause,
) -> None:
    """Ask the children to stop, then ask harder; `hurried` waits a moment and may cut it short."""
    processes = list(processes)
    for stage in range(max((len(each.stop_signals) for each in processes), default=0)):
        for each in processes:
            each.send(each.stop_signals[min(stage, len(each.stop_signals) - 1)])
        deadline = time.monotonic() + patience
        while any(each.alive for each in processes) and time.monotonic() < deadline:
            if hurried():
                break
    for each in processes:
        each.clear_away()


class Stopping:
    """A word in the lock file, so that the next start waits for our end."""

    def __init__(self, lock: TextIO) -> None:
        self._lock = lock

    def say_so(self) -> None:
        with contextlib.suppress(OSError):
            self._lock.write("stopping")
            self._lock.flush()


@contextlib.contextmanager
def sole_owner() -> Iterator[Stopping]:
    """Hold the local folder: the kernel lets go of the lock however the holder dies."""
    path = private_folder("run") / "lock"
    begun = time.monotonic()
    with path.open("a") as lock:
        while not _locked(lock):
            patience = STOPPING_PATIENCE if path.read_text() else START_PATIENCE
            if time.monotonic() - begun > patience:
                raise EmbeddedError(
                    f"It is running already on {local_folder()}: stop it with Ctrl-C where it was "
                    "started, or give this one a folder of its own with --local DIR."
                )
            time.sleep(0.05)
        lock.truncate(0)
        yield Stopping(lock)


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def in_one_sentence(error: OSError) -> str:
    """What a failed write or start means for the person at the terminal."""
    where = error.filename or local_folder()
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: make room for {local_folder()} and start again."
    return (
        f"{where} can't be used ({error.strerror or error}): give yourself the right to write "
        "there, or choose another folder with --local DIR."
    )
