"""Pictures: really decoded, within bounds, and nothing behind their end."""

import io
import re
import struct
import zlib

from PIL import Image

from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.kinds import FileKind

# A page of A4 at 600 dots an inch has 35 million.
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 12_000
# A marker that isn't a stuffed byte, a restart or padding: what ends a stretch of JPEG data.
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
BARE_MARKERS = {0x01, *range(0xD0, 0xD8)}
FILL, START_OF_SCAN, END_OF_IMAGE = 0xFF, 0xDA, 0xD9


def inspect_image(content: bytes, kind: FileKind) -> None:
    """Raises FlawFound, or whatever Pillow raises on a damaged file."""
    end = _end_of_png(content) if kind == FileKind.PNG else _end_of_jpeg(content)
    if end != len(content):
        raise FlawFound(Flaw.CONCEALING)
    try:
        _decode(content, kind)
    except Image.DecompressionBombError:
        raise FlawFound(Flaw.TOO_MANY_PIXELS) from None


def _decode(content: bytes, kind: FileKind) -> None:
    form = ["PNG"] if kind == FileKind.PNG else ["JPEG"]
    with Image.open(io.BytesIO(content), formats=form) as picture:
        _check_size(picture.size)
        if getattr(picture, "n_frames", 1) > 1:
            raise FlawFound(Flaw.CONCEALING)
        picture.verify()
    # Verifying uses a picture up.
    with Image.open(io.BytesIO(content), formats=form) as picture:
        picture.load()
        _check_size(picture.size)


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise FlawFound(Flaw.TOO_MANY_PIXELS)
    if width * height > MOST_PIXELS:
        raise FlawFound(Flaw.TOO_MANY_PIXELS)


def _end_of_png(content: bytes) -> int:
    """Where the last chunk ends; every chunk's sum must be right."""
    place = len(b"\x89PNG\r\n\x1a\n")
    length: int
    while place + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + length + 12
        [noted] = struct.unpack_from(">I", content, end - 4)
        if noted != zlib.crc32(content[place + 4 : end - 4]):
            raise FlawFound(Flaw.DAMAGED)
        if name == b"IEND":
            return end
        place = end
    raise FlawFound(Flaw.DAMAGED)


def _end_of_jpeg(content: bytes) -> int:
    """Behind the end marker of the first picture in it."""
    place = 2
    while place + 2 <= len(content):
        if content[place] != FILL:
            raise FlawFound(Flaw.DAMAGED)
        marker = content[place + 1]
        if marker == FILL:
            place += 1
        elif marker == END_OF_IMAGE:
            return place + 2
        elif marker in BARE_MARKERS:
            place += 2
        else:
            [length] = struct.unpack_from(">H", content, place + 2)
            place += 2 + length
            if marker == START_OF_SCAN:
                following = MARKER.search(content, place)
                place = following.start() if following else len(content)
    raise FlawFound(Flaw.DAMAGED)
