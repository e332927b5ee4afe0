"""Pictures without what they tell beside what they show: where, when, by whom, with what.

Nothing is encoded anew: parts of the file are left out, and the picture's own bytes stay as they
are. Of all that a camera notes one thing is kept, which way up the picture is held.
"""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.images import (
    BARE_MARKERS,
    END_OF_IMAGE,
    FILL,
    MARKER,
    START_OF_SCAN,
)
from accounts.inspecting.kinds import FileKind

PICTURES = frozenset({FileKind.PNG, FileKind.JPEG})
_ORIENTATION, _UPRIGHT, _MOST_TURNED = 0x0112, 1, 8

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What makes the picture, and how its colours and its size are meant.
_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
    | {b"cICP", b"mDCV", b"cLLI", b"pHYs"}
)

_START, _COMMENT = b"\xff\xd8", 0xFE
_FIRST_APP, _EXIF, _LAST_APP = 0xE0, 0xE1, 0xEF
_JFIF, _ICC, _ADOBE = (0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe")
# Version, unit and density; behind them a small copy of the picture may lie.
_JFIF_HEAD = 12


def stripped(content: bytes, kind: FileKind) -> bytes:
    """The same picture, telling nothing else; any other kind of file as it is.

    Of what `inspect` let through. Raises FlawFound, or whatever Pillow raises.
    """
    if kind not in PICTURES:
        return content
    turned = _orientation(content, kind)
    pieces = _png(content, turned) if kind == FileKind.PNG else _jpeg(content, turned)
    return b"".join(pieces)


def _orientation(content: bytes, kind: FileKind) -> int:
    """Which way up the picture is held, as EXIF counts it; 0 where it stands upright."""
    with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
        found = picture.getexif().get(_ORIENTATION)
    if isinstance(found, int) and _UPRIGHT < found <= _MOST_TURNED:
        return found
    return 0


def _exif(turned: int) -> bytes:
    """EXIF that says this and nothing else: a TIFF header and a directory of one entry."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _png(content: bytes, turned: int) -> Iterator[bytes]:
    yield _SIGNATURE
    place = len(_SIGNATURE)
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + length + 12
        if name in _CHUNKS:
            yield content[place:end]
        if name == b"IHDR" and turned:
            body = b"eXIf" + _exif(turned)
            yield struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        place = end


def _jpeg(content: bytes, turned: int) -> Iterator[bytes]:
    yield _START
    owed = _segment(_EXIF, b"Exif\0\0" + _exif(turned)) if turned else b""
    for marker, piece in _pieces(content):
        body = piece[4:]
        is_jfif = marker == _JFIF[0] and body.startswith(_JFIF[1])
        # JFIF wants to be the first segment; EXIF comes before whatever else is kept.
        if owed and not is_jfif:
            yield owed
            owed = b""
        if is_jfif:
            yield _segment(marker, body[:_JFIF_HEAD].ljust(_JFIF_HEAD + 2, b"\0"))
        elif _makes_the_picture(marker, body):
            yield piece


def _pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker and all that belongs to it, data of a scan too, to the end of the picture.

    Also between the scans of a picture that is sent coarse first, something may be noted.
    """
    place = len(_START)
    while place + 2 <= len(content):
        marker = content[place + 1]
        end = place + 2
        if content[place] != FILL:
            raise FlawFound(Flaw.DAMAGED)
        if marker == FILL:
            place += 1
            continue
        if marker != END_OF_IMAGE and marker not in BARE_MARKERS:
            [length] = struct.unpack_from(">H", content, end)
            end += length
        if marker == START_OF_SCAN:
            following = MARKER.search(content, end)
            end = following.start() if following else len(content)
        yield marker, content[place:end]
        if marker == END_OF_IMAGE:
            return
        place = end
    raise FlawFound(Flaw.DAMAGED)


def _makes_the_picture(marker: int, body: bytes) -> bool:
    if _FIRST_APP <= marker <= _LAST_APP:
        return any(marker == known and body.startswith(word) for known, word in (_ICC, _ADOBE))
    return marker != _COMMENT


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", FILL, marker, len(body) + 2) + body
