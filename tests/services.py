"""A pytest plugin: the suite's own PostgreSQL and Valkey, one pair a run.

Loaded by `-p tests.services`, because pytest-django reads the settings before any conftest.py.
A worker of pytest-xdist takes a Redis database of its own; pytest-django gives each its own
PostgreSQL database. DATABASE_URL and REDIS_URL, where set, are used instead.
"""

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import EmbeddedError, local_folder
from config.embedded.folders import default_redis_url
from config.embedded.postgresql import UNSAFE_BUT_FAST, PostgreSQL
from config.embedded.processes import Process, end, sole_owner
from config.embedded.sockets import remove_socket_folder
from config.embedded.valkey import Valkey


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Wrap pytest-django's own hook, which reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        try:
            start_services()
        except EmbeddedError as error:
            raise pytest.UsageError(str(error)) from error
    else:
        _take_own_redis_database(int(worker.removeprefix("gw")) + 1)
    return (yield)


def start_services() -> None:
    """Start them, and end them with this process; also for benchmarks."""
    own = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not own:
        return
    home = local_folder()
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    _sweep(home)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=home))
    folder.chmod(0o711)
    os.environ["CONSULT_LOCAL"] = str(folder)
    running: list[Process] = []
    stack = contextlib.ExitStack()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.callback(remove_socket_folder)
    stack.enter_context(sole_owner())
    stack.callback(end, running)
    # Also after Ctrl-C; a killed run's servers end with it, and its folder is swept by the next.
    atexit.register(stack.close)
    if "DATABASE_URL" in own:
        database = PostgreSQL(UNSAFE_BUT_FAST)
        running.append(database)
        database.start_and_wait()
    if "REDIS_URL" in own:
        redis = Valkey(keeps_log=False)
        running.append(redis)
        redis.start_and_wait()
        os.environ["REDIS_URL"] = default_redis_url()


def _sweep(home: Path) -> None:
    """Clear away what killed runs left: a folder whose lock nobody holds."""
    for folder in home.glob("test-*"):
        os.environ["CONSULT_LOCAL"] = str(folder)
        with contextlib.suppress(EmbeddedError), sole_owner():
            for process in (Valkey(), PostgreSQL()):
                process.end_leftover()
            remove_socket_folder()
            shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop("CONSULT_LOCAL", None)


def _take_own_redis_database(number: int) -> None:
    url = os.environ["REDIS_URL"]
    if url.startswith("unix:"):
        os.environ["REDIS_URL"] = re.sub(r"\?.*|$", f"?db={number}", url, count=1)
    else:
        os.environ["REDIS_URL"] = re.sub(r"^(\w+://[^/]+).*", rf"\1/{number}", url)
