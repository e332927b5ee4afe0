"""The process that serves pages and sockets."""

import gc

import config.asgi  # noqa: F401 - for what it sets


def test_what_stands_is_not_looked_through_for_garbage() -> None:
    """Each time would hold up every socket of the process."""
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] >= 20_000
