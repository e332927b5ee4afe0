"""The site's settings, with the floor view beside its pages."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
