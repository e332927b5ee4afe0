"""Columns of numbers and words as bytes: how tallies are kept until all parts are read. Pure."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A column is compressed where its end gets so much smaller.
TRIED, WORTH = 4096, 0.8

# Who spoke, told apart by 64 bits.
Numbers = NDArray[np.uint64]


class Codes:
    """Few values that come often, each as a small number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.codes: list[int] = []

    def append(self, value: str) -> None:
        self.codes.append(self._numbers.setdefault(value, len(self._numbers)))

    @property
    def names(self) -> str:
        return "\n".join(self._numbers)


@lru_cache(maxsize=2**14)
def short(name: str) -> int:
    """A number below 2**64 that stands for a long name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def packed(**fields: Any) -> bytes:
    """Columns by name, as numpy's own files; a text is a column of its bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, value in fields.items():
            column = io.BytesIO()
            np.save(column, _as_numbers(value), allow_pickle=False)
            data = column.getvalue()
            how = zipfile.ZIP_DEFLATED if _gets_smaller(data) else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data, how, compresslevel=1)
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, NDArray[Any]]:
    """The same columns again."""
    with np.load(io.BytesIO(data)) as kept:
        return dict(kept)


def _gets_smaller(data: bytes) -> bool:
    """Whether it is worth the time: signatures look like chance."""
    some = data[-TRIED:]
    return len(zlib.compress(some, 1)) < WORTH * len(some)


def lines(column: NDArray[Any]) -> list[str]:
    """The lines of a text that was packed."""
    return column.tobytes().decode().split("\n")


def byte_strings(column: NDArray[Any], count: int) -> NDArray[np.bytes_]:
    """So many lines as numpy's own bytes, which sort as the lines do."""
    return np.array(column.tobytes().split(b"\n") if count else [], dtype=np.bytes_)


def renumbered(names: Sequence[str], all_names: Sequence[str]) -> NDArray[np.int64]:
    """Of each name its place among all names."""
    return np.array([all_names.index(name) for name in names], np.int64)


def _as_numbers(value: object) -> NDArray[Any]:
    if isinstance(value, str):
        return np.frombuffer(value.encode(), dtype=np.uint8)
    return np.asarray(value)
