"""Where things are kept, and who may get at them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from config import embedded
from config.embedded.folders import CHECKOUT, socket_folder
from config.embedded.sockets import make_socket_folder, remove_socket_folder


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONSULT_LOCAL", str(tmp_path))
    return tmp_path


def test_the_database_is_a_socket_for_django_and_needs_no_port_from_the_environment() -> None:
    config = environ.Env().db_url_config(embedded.default_database_url())
    assert config["HOST"] == str(socket_folder() / "postgresql")
    assert (config["NAME"], config["USER"], config["PORT"]) == ("consult", "consult", 5432)


def test_a_deep_checkout_has_short_socket_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULT_LOCAL", "/very" + "/deep" * 60)
    assert len(os.fsencode(socket_folder() / "postgresql" / ".s.PGSQL.5432")) < 100
    assert len(embedded.default_redis_url()) < 100


def test_two_checkouts_have_two_socket_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    first = socket_folder()
    monkeypatch.setenv("CONSULT_LOCAL", "/elsewhere")
    assert socket_folder() != first


def test_without_a_word_everything_is_kept_in_the_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CONSULT_LOCAL")
    assert embedded.local_folder() == CHECKOUT / ".local"


def test_sockets_are_for_nobody_else() -> None:
    folder = make_socket_folder("postgresql")
    try:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) & 0o066 == 0
    finally:
        remove_socket_folder()
    assert not folder.parent.exists()


@pytest.mark.parametrize("trap", ["link", "open to all"])
def test_a_folder_that_someone_laid_in_our_place_is_refused(trap: str, tmp_path: Path) -> None:
    place = socket_folder()
    if trap == "link":
        place.symlink_to(tmp_path)
    else:
        place.mkdir()
        place.chmod(0o777)
    try:
        with pytest.raises(embedded.EmbeddedError, match="not a private folder of yours"):
            embedded.default_database_url()
        with pytest.raises(embedded.EmbeddedError, match="CONSULT_LOCAL"):
            make_socket_folder("postgresql")
    finally:
        place.unlink() if trap == "link" else place.rmdir()


def test_processes_that_start_together_agree_on_one_private_key(local: Path) -> None:
    code = "from config.embedded import development_secret_key as key; print(key())"
    together = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=CHECKOUT)
        for _ in range(4)
    ]
    keys = {process.communicate()[0].decode().strip() for process in together}
    assert keys == {embedded.development_secret_key()}
    assert len(keys.pop()) > 50
    assert stat.S_IMODE((local / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in local.iterdir()] == ["secret_key"]
