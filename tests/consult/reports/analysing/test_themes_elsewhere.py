"""The same bytes on any machine: floats differ between processors, themes may not."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from consult.reports.analysing import themes
from consult.reports.canonical import canonical
from tests.consult.reports.labelled import comments
from tests.consult.reports.lines import a_comment, a_head, conclude

# What a processor of fifteen years ago, and one of ten, would reckon with.
OTHERS = (
    {
        "OPENBLAS_CORETYPE": "PRESCOTT",
        "OPENBLAS_NUM_THREADS": "1",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
    },
    {"OPENBLAS_CORETYPE": "HASWELL", "OPENBLAS_NUM_THREADS": "2"},
)


def found() -> tuple[str, str]:
    """A hash of the themes, and one of a product of floats as this processor reckons it."""
    lines = [a_comment(n, body=text) for n, text in enumerate(comments(1, 300).texts)]
    chapter = conclude(themes, lines, a_head(), at_once=100)
    written = canonical({"found": chapter.found, "sets": chapter.sets, "quotes": chapter.quotes})
    floats = np.random.RandomState(0).standard_normal((200, 200))
    return hashlib.sha256(written).hexdigest(), hashlib.sha256(
        (floats @ floats).tobytes()
    ).hexdigest()


def test_other_processors_find_the_same_themes() -> None:
    elsewhere = [_found_with(environment) for environment in OTHERS]
    assert {result for result, _ in elsewhere} == {found()[0]}
    if sys.platform == "linux" and os.uname().machine == "x86_64":
        # Else nothing was tried.
        assert len({product for _, product in elsewhere}) == len(OTHERS)


def _found_with(environment: dict[str, str]) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", __name__],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stderr)
    result, product = done.stdout.split()
    return result, product


if __name__ == "__main__":
    sys.stdout.write(" ".join(found()))
