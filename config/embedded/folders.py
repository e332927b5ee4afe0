"""Where the embedded services keep what they own, and how to reach them.

Pure standard library and cheap: the settings of every process ask here.
"""

import hashlib
import os
import secrets
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
POSTGRESQL_PORT = 5432


class EmbeddedError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do."""


def local_folder() -> Path:
    """Where a run leaves everything it leaves: `.local`, unless CONSULT_LOCAL says otherwise."""
    return Path(os.environ.get("CONSULT_LOCAL") or CHECKOUT / ".local").resolve()


def socket_folder() -> Path:
    """A short folder for Unix sockets, whose paths may not pass some 100 bytes.

    Always beneath /tmp, not $TMPDIR or $XDG_RUNTIME_DIR: every shell of one person must arrive at
    the same place. /tmp is open to all, hence `refuse_foreign_folder`.
    """
    digest = hashlib.sha256(os.fsencode(local_folder())).hexdigest()[:8]
    return Path("/tmp") / f"consult-{os.geteuid()}-{digest}"  # noqa: S108


def default_database_url() -> str:
    """The embedded PostgreSQL; the double slash makes django-environ read the path as a host."""
    folder = socket_folder()
    refuse_foreign_folder(folder)
    return f"postgres://consult@:{POSTGRESQL_PORT}/{folder}/postgresql/consult"


def default_redis_url() -> str:
    """The embedded Valkey, which speaks Redis' protocol."""
    folder = socket_folder()
    refuse_foreign_folder(folder)
    return f"unix://{folder}/valkey/redis.sock?db=0"


def refuse_foreign_folder(folder: Path) -> None:
    """Stop where someone else has laid a folder or a link in our folder's place."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not ours or found.st_mode & 0o022:
        raise EmbeddedError(
            f"{folder} is not a private folder of yours: remove it, or set CONSULT_LOCAL to "
            "another folder for the data."
        )


def development_secret_key() -> str:
    """A key of this checkout's own, made once; production sets SECRET_KEY."""
    path = local_folder() / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    mine = path.with_name(f"secret_key.{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        # A link, not a rename: of two processes that start together, the first one's key stays.
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    return path.read_text()
