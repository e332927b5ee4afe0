"""The process that reads one draft: the kind as argument, the file on standard input.

Prints JSON: what was read, or why nothing was. It bounds itself before it reads.
"""

import json
import sys
from typing import Any

from accounts.inspecting.bounds import bound
from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.kinds import FileKind
from consult.document.reading import UnreadableText
from consult.document.sources.documents import read_source
from consult.document.sources.flaws import DocumentUnread

# A draft of 5,000 provisions takes two seconds.
SECONDS = 5
MEMORY = 300 * 1024 * 1024


def main() -> None:
    """Read what comes in."""
    bound(seconds=SECONDS, memory=MEMORY)
    kind = FileKind(sys.argv[1])
    content = sys.stdin.buffer.read()
    said = json.dumps(_answer(content, kind), ensure_ascii=False)
    # A lone half of a character was refused before.
    sys.stdout.buffer.write(said.encode())


def _answer(content: bytes, kind: FileKind) -> dict[str, Any]:
    try:
        return read_source(content, kind).to_json()
    except UnreadableText as unreadable:
        return {"unreadable": unreadable.reason, "line": unreadable.line}
    except DocumentUnread as unread:
        return {"unread": unread.reason.value}
    except FlawFound as found:
        return {"flaw": found.flaw.value}
    except (MemoryError, RecursionError):
        return {"flaw": Flaw.TOO_MUCH_INSIDE.value}
    except Exception:  # noqa: BLE001 - a parser fed with hostile bytes may raise anything
        return {"flaw": Flaw.DAMAGED.value}


if __name__ == "__main__":
    main()
