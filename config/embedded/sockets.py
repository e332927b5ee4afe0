"""The private folders of Unix sockets beneath /tmp."""

import os
import pwd
import shutil
from pathlib import Path

from config.embedded.folders import refuse_foreign_folder, socket_folder


def make_socket_folder(name: str, account: pwd.struct_passwd | None = None) -> Path:
    """A folder for one service's socket, into which only that service's user can look."""
    parent = socket_folder()
    try:
        # As root, PostgreSQL's other user has to pass through to its own.
        parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    except FileExistsError:
        refuse_foreign_folder(parent)
    folder = parent / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def remove_socket_folder() -> None:
    """Leave nothing beneath /tmp."""
    shutil.rmtree(socket_folder(), ignore_errors=True)
