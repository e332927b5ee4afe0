"""Run a module of our own on bytes of strangers, in a process that gets to know nothing else."""

import os
import subprocess
import sys

from django.conf import settings

# Far longer than such a process allows itself in computing: for a machine that is busy.
PATIENCE = 20
# All that it gets to know: no keys and no addresses.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG")


class Overspent(Exception):
    """It took more time or memory than it has: the file is too involved, or made to be."""


class ProcessBroken(Exception):
    """The process itself broke: a fault of ours."""


def run_confined(module: str, *words: str, content: bytes) -> bytes:
    """What the module prints that reads `content`. Raises Overspent or ProcessBroken."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and words of our own
            [sys.executable, "-E", "-s", "-B", "-m", module, *words],
            input=content,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Overspent from None
    if ended.returncode < 0:
        # Ended by a signal: of the system for the time it took, or of a parser that fell over.
        raise Overspent
    if ended.returncode > 0 and b"MemoryError" in ended.stderr:
        # Out of memory on its way out, where nothing is left to say so with.
        raise Overspent
    if ended.returncode > 0:
        raise ProcessBroken(ended.stderr.decode(errors="replace")[-2000:])
    return ended.stdout
