"""Office documents: ZIP files whose every entry is unpacked, counted and looked at."""

import io
import struct
import zipfile
from collections.abc import Sequence

from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.kinds import MEDIA_TYPES, FileKind
from accounts.inspecting.markup import Markup, read_markup

MOST_ENTRIES = 2_000
MOST_UNPACKED = 64 * 1024 * 1024
# Sparse tables shrink to a hundredth; what shrinks further is made to swell.
STEEPEST = 250
SMALL = 1024 * 1024
_PIECE = 64 * 1024
_LONGEST_NAME = 255
_LONGEST_DESCRIPTOR = 24
_LINK = 0o120000
_ENCRYPTED = 0x1
# How archives, programs and old Office files begin.
_FILES_INSIDE = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")
_MACRO_FOLDERS = ("basic", "scripts", "configurations2/macro")
_MACRO_NAMES = ("vbaproject", "vbadata", "activex")
_MACRO_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject", "controlproperties")
_MAIN_TYPES = {
    FileKind.DOCX: f"{MEDIA_TYPES[FileKind.DOCX]}.main+xml",
    FileKind.XLSX: f"{MEDIA_TYPES[FileKind.XLSX]}.main+xml",
}
_ODF_EXTRAS = frozenset({"event-listener", "script"})
_ODF_INSIDE = frozenset({"object-ole", "plugin", "applet", "floating-frame"})


def inspect_package(content: bytes, kind: FileKind) -> None:
    """Raises FlawFound, or whatever zipfile and expat raise on a damaged file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        _check_entries(entries)
        _check_layout(content, entries)
        markup = _unpack(archive, entries)
        if kind in _MAIN_TYPES:
            _check_ooxml(markup, kind)
        else:
            _check_odf(archive, entries, markup, kind)
        if any(part.fetches for part in markup.values()):
            raise FlawFound(Flaw.LINKED)


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FlawFound(Flaw.TOO_MUCH_INSIDE)
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > STEEPEST * entry.compress_size:
            raise FlawFound(Flaw.TOO_MUCH_INSIDE)
        if entry.flag_bits & _ENCRYPTED:
            raise FlawFound(Flaw.LOCKED)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FlawFound(Flaw.DAMAGED)
        _check_name(entry)
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise FlawFound(Flaw.CONCEALING)


def _check_name(entry: zipfile.ZipInfo) -> None:
    # As it stands in the file: zipfile cuts a name at its first NUL.
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    is_odd = (
        len(name) > _LONGEST_NAME
        or any(part in ("", ".", "..") for part in parts)
        or any(ord(character) < ord(" ") or character in '\\:"<>|*?' for character in name)
        or (entry.external_attr >> 16) & 0o170000 == _LINK
    )
    if is_odd:
        raise FlawFound(Flaw.CONCEALING)
    lowered = name.lower()
    if lowered.startswith(tuple(f"{folder}/" for folder in _MACRO_FOLDERS)):
        raise FlawFound(Flaw.ACTIVE)
    if any(part.startswith(_MACRO_NAMES) for part in lowered.split("/")):
        raise FlawFound(Flaw.ACTIVE)


def _check_layout(content: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Entries lie one behind the other from the first byte on, then the list of them, then no more.

    So nothing hides between, before or behind them, and no two share their bytes.
    """
    mark, size, start, comment = struct.unpack("<4s8xIIH", content[-22:])
    if mark != b"PK\x05\x06" or comment or start + size + 22 != len(content):
        raise FlawFound(Flaw.CONCEALING)
    place = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if not 0 <= entry.header_offset - place <= (_LONGEST_DESCRIPTOR if place else 0):
            raise FlawFound(Flaw.CONCEALING)
        names = sum(struct.unpack_from("<HH", content, entry.header_offset + 26))
        place = entry.header_offset + 30 + names + entry.compress_size
    if not 0 <= start - place <= _LONGEST_DESCRIPTOR:
        raise FlawFound(Flaw.CONCEALING)


def _unpack(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> dict[str, Markup]:
    """Every entry is read to its end, whatever its declared size; what is XML is parsed."""
    left = MOST_UNPACKED
    markup: dict[str, Markup] = {}
    for entry in entries:
        unpacked = bytearray()
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise FlawFound(Flaw.TOO_MUCH_INSIDE)
                unpacked += piece
        if unpacked.startswith(_FILES_INSIDE):
            raise FlawFound(Flaw.ATTACHED)
        if entry.filename.lower().endswith((".xml", ".rels", ".rdf")):
            markup[entry.filename] = read_markup(entry.filename, bytes(unpacked))
    return markup


def _check_ooxml(markup: dict[str, Markup], kind: FileKind) -> None:
    if "[Content_Types].xml" not in markup or "_rels/.rels" not in markup:
        raise FlawFound(Flaw.OTHER_KIND)
    types = markup["[Content_Types].xml"].content_types
    if any(word in each.lower() for each in types for word in _MACRO_TYPES):
        raise FlawFound(Flaw.ACTIVE)
    if _MAIN_TYPES[kind] not in types:
        raise FlawFound(Flaw.OTHER_KIND)


def _check_odf(
    archive: zipfile.ZipFile,
    entries: Sequence[zipfile.ZipInfo],
    markup: dict[str, Markup],
    kind: FileKind,
) -> None:
    first = entries[0] if entries else None
    if (
        first is None
        or first.filename != "mimetype"
        or first.header_offset != 0
        or first.compress_type != zipfile.ZIP_STORED
        or archive.read(first) != MEDIA_TYPES[kind].encode()
        or not {"content.xml", "META-INF/manifest.xml"} <= markup.keys()
    ):
        raise FlawFound(Flaw.OTHER_KIND)
    if "encryption-data" in markup["META-INF/manifest.xml"].elements:
        raise FlawFound(Flaw.LOCKED)
    for part in markup.values():
        if part.elements & _ODF_EXTRAS:
            raise FlawFound(Flaw.ACTIVE)
        if part.elements & _ODF_INSIDE:
            raise FlawFound(Flaw.ATTACHED)
