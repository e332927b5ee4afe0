"""What a process may use that reads files of strangers; the parent bounds the time besides."""

import resource
import sys


def bound(*, seconds: int, memory: int) -> None:
    """From now on this process has so much computing and so many bytes, and writes no file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where a system keeps no such limit, as macOS, the limits in the parsers remain.
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
