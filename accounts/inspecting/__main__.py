"""The process that looks through one file: the kind as argument, the file on standard input.

Prints the flaw, or nothing. It bounds itself before it reads: the parent bounds the time besides.
"""

import sys

from accounts.inspecting.bounds import bound
from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.inspection import inspect
from accounts.inspecting.kinds import FileKind

# A scan of 40 million pixels takes some 0.6 s and 200 MB.
SECONDS = 2
MEMORY = 768 * 1024 * 1024


def main() -> None:
    """Look through what comes in."""
    bound(seconds=SECONDS, memory=MEMORY)
    kind = FileKind(sys.argv[1])
    content = sys.stdin.buffer.read()
    sys.stdout.write(_flaw_of(content, kind))


def _flaw_of(content: bytes, kind: FileKind) -> str:
    try:
        inspect(content, kind)
    except FlawFound as found:
        return found.flaw.value
    except (MemoryError, RecursionError):
        return Flaw.TOO_MUCH_INSIDE.value
    except Exception:  # noqa: BLE001 - a parser fed with hostile bytes may raise anything
        return Flaw.DAMAGED.value
    return ""


if __name__ == "__main__":
    main()
