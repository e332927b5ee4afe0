"""The process that looks through one file: the kind as argument, the file on standard input.

Prints the flaw, or nothing; with a second argument, `strip`, a first line with the flaw, and where
that is empty the file as it may be made public. It bounds itself before it reads: the parent bounds
the time besides.
"""

import sys

from accounts.inspecting.bounds import bound
from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.inspection import inspect
from accounts.inspecting.kinds import FileKind
from accounts.inspecting.stripping import stripped

# A scan of 40 million pixels takes some 0.6 s and 200 MB.
SECONDS = 2
MEMORY = 768 * 1024 * 1024


def main() -> None:
    """Look through what comes in."""
    bound(seconds=SECONDS, memory=MEMORY)
    kind = FileKind(sys.argv[1])
    content = sys.stdin.buffer.read()
    for_the_public = sys.argv[2:] == ["strip"]
    flaw, bare = _looked_through(content, kind, for_the_public=for_the_public)
    sys.stdout.buffer.write(flaw.encode())
    if for_the_public:
        sys.stdout.buffer.write(b"\n" + bare)


def _looked_through(content: bytes, kind: FileKind, *, for_the_public: bool) -> tuple[str, bytes]:
    """The flaw, if there is one; the file as it may be made public, if that is asked for."""
    try:
        inspect(content, kind)
        return "", stripped(content, kind) if for_the_public else b""
    except FlawFound as found:
        return found.flaw.value, b""
    except (MemoryError, RecursionError):
        return Flaw.TOO_MUCH_INSIDE.value, b""
    except Exception:  # noqa: BLE001 - a parser fed with hostile bytes may raise anything
        return Flaw.DAMAGED.value, b""


if __name__ == "__main__":
    main()
