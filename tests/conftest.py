"""What every test may use: the cast; and what a machine must be able to do."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

pytest_plugins = ["tests.cast"]

CAP_SYS_ADMIN = 21


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "linux: what only Linux does")
    config.addinivalue_line("markers", "root: changes users and mounts disks, where that may be")
    # Each thread of a race has a connection of its own: a pool that waits would hide who waits.
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    # How long an example takes is the machine's affair: a busy one is no failure.
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _as_new() -> Iterator[None]:
    """No test speaks the language another one left, nor is told that others did it too often."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine can't do: a skip stays a sign that something is missing."""
    cannot = set() if sys.platform == "linux" else {"linux"}
    if not _may_mount():
        cannot.add("root")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in cannot)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _may_mount() -> bool:
    status = Path("/proc/self/status")
    if os.geteuid() != 0 or not status.exists():
        return False
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return bool(int(lines["CapEff"], 16) >> CAP_SYS_ADMIN & 1)
