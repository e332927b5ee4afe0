"""Files as people hand them in, good ones and hostile ones, made on the spot."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from PIL import Image

from accounts.inspecting.kinds import MEDIA_TYPES, FileKind

MB = 1024 * 1024
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = {FileKind.DOCX: "word/document.xml", FileKind.XLSX: "xl/workbook.xml"}

# A number stands for so many zeros.
Entries = Mapping[str, str | bytes | int]

# --- pictures ---------------------------------------------------------------------------------


def picture(form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """A picture with a gradient in it; `form` is Pillow's word for its format."""
    stream = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(stream, form)
    return stream.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def zeros(length: int) -> bytes:
    """So many zeros, packed; never all of them in memory."""
    packing = zlib.compressobj(9)
    packed = [packing.compress(bytes(piece)) for piece in pieces(length)]
    return b"".join(packed) + packing.flush()


def pieces(length: int) -> Iterator[int]:
    """The length in pieces of at most a megabyte."""
    for place in range(0, length, MB):
        yield min(MB, length - place)


def png(
    width: int, height: int, *, rows: bytes = b"", swells_to: int = 0, before: bytes = b""
) -> bytes:
    """A PNG of one grey byte a pixel that says this size, whatever is in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zeros(swells_to) if swells_to else zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + before + body + chunk(b"IEND", b"")


def moving_png() -> bytes:
    """An animation, whose later pictures a viewer may not show."""
    stream = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    return stream.getvalue()


# --- PDF --------------------------------------------------------------------------------------


def pdf(
    root: Mapping[str, Mapping[str, Any]] | None = None,
    page: Mapping[str, object] | None = None,
    *,
    password: str | None = None,
    packed: bool = False,
) -> bytes:
    """A PDF of one page with these entries in its catalogue and its page."""
    made = pikepdf.new()
    made.add_blank_page()
    for name, entry in (root or {}).items():
        made.Root[f"/{name}"] = made.make_indirect(pikepdf.Dictionary(entry))
    for name, value in (page or {}).items():
        made.pages[0].obj[f"/{name}"] = value
    stream = io.BytesIO()
    locked = pikepdf.Encryption(user=password, owner="owner") if password is not None else None
    modes = pikepdf.ObjectStreamMode
    made.save(
        stream,
        encryption=locked or False,
        object_stream_mode=modes.generate if packed else modes.disable,
    )
    return stream.getvalue()


def action(kind: str, **details: object) -> dict[str, Any]:
    """An action of a PDF."""
    return {"/S": pikepdf.Name(f"/{kind}")} | {f"/{k}": value for k, value in details.items()}


def script(words: str = "app.alert(1)") -> dict[str, Any]:
    return action("JavaScript", JS=pikepdf.String(words))


def pdf_with_attachment() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["a.exe"] = b"MZ something"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % table)


CATALOGUE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
)


def pdf_with_packed_objects(unpacked: int) -> bytes:
    """A PDF whose objects lie in a stream that swells to this many bytes."""
    packing = zlib.compressobj(9)
    body = packing.compress(b"4 0 ")
    body += b"".join(packing.compress(b" " * piece) for piece in pieces(unpacked))
    body += packing.compress(b"<</A 1>>") + packing.flush()
    packed = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (
        len(body),
        body,
    )
    objects = (*CATALOGUE, b"null", packed)
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = len(written)
    rows = [struct.pack(">BIB", 0, 0, 0)]
    rows += [struct.pack(">BIB", 1, place, 0) for place in places]
    rows[4] = struct.pack(">BIB", 2, 5, 0)
    rows.append(struct.pack(">BIB", 1, table, 0))
    listed = zlib.compress(b"".join(rows))
    written += (
        b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>"
        b"stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(listed), listed, table)
    )
    return bytes(written)


# --- office documents -------------------------------------------------------------------------


def package(entries: Entries, *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """A ZIP file of these entries in this order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            if isinstance(content, int):
                with archive.open(info, "w") as entry:
                    for piece in pieces(content):
                        entry.write(bytes(piece))
            else:
                archive.writestr(info, content)
    return stream.getvalue()


def relationship(kind: str, target: str, mode: str = "Internal") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONSHIPS}">'
        f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        "</Relationships>"
    )


def ooxml_entries(kind: FileKind, *, main_type: str = "") -> dict[str, str | bytes | int]:
    main = MAIN[kind]
    main_type = main_type or f"{MEDIA_TYPES[kind]}.main+xml"
    return {
        "[Content_Types].xml": f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns='
        f'"{CONTENT_TYPES}"><Override PartName="/{main}" ContentType="{main_type}"/></Types>',
        "_rels/.rels": relationship("officeDocument", main),
        main: '<?xml version="1.0" encoding="UTF-8"?><document xmlns="urn:x">授權書</document>',
    }


def ooxml(kind: FileKind, more: Entries | None = None) -> bytes:
    return package(ooxml_entries(kind) | dict(more or {}))


def odf_entries(kind: FileKind, body: str = "<office:text/>") -> dict[str, str | bytes | int]:
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    return {
        "mimetype": MEDIA_TYPES[kind],
        "content.xml": '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{namespace}:office:1.0" xmlns:script="{namespace}:script:1.0" '
        f'xmlns:draw="{namespace}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:scripts/><office:body>{body}</office:body></office:document-content>",
        "META-INF/manifest.xml": '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="{namespace}:manifest:1.0"/>',
        "Configurations2/accelerator/current.xml": "",
    }


def odf(kind: FileKind, more: Entries | None = None, **options: str) -> bytes:
    return package(odf_entries(kind, **options) | dict(more or {}))


def good(kind: FileKind) -> bytes:
    """A harmless file of the kind."""
    match kind:
        case FileKind.PDF:
            return pdf()
        case FileKind.PNG | FileKind.JPEG:
            return picture(kind.name)
        case FileKind.DOCX | FileKind.XLSX:
            return ooxml(kind)
        case FileKind.TXT | FileKind.MD:
            return "# 授權書\n\n茲授權代表發言。\n".encode()
        case _:
            return odf(kind)


def with_declared_size(content: bytes, name: str, size: int) -> bytes:
    """The package, saying of one entry that it unpacks to this many bytes."""
    changed = bytearray(content)
    local = content.index(name.encode()) - 30
    listed = content.rindex(name.encode()) - 46
    struct.pack_into("<I", changed, local + 22, size)
    struct.pack_into("<I", changed, listed + 24, size)
    return bytes(changed)


def overlapping(content: bytes) -> bytes:
    """The package with every listed entry pointing at the first one's bytes."""
    changed = bytearray(content)
    [start] = struct.unpack_from("<I", content, len(content) - 6)
    place = start
    while content[place : place + 4] == b"PK\x01\x02":
        struct.pack_into("<I", changed, place + 42, 0)
        place += 46 + sum(struct.unpack_from("<HHH", content, place + 28))
    return bytes(changed)


def with_flags(content: bytes, flags: int) -> bytes:
    """The package, saying of its first entry that it has these flags."""
    changed = bytearray(content)
    struct.pack_into("<H", changed, 6, flags)
    struct.pack_into("<H", changed, content.index(b"PK\x01\x02") + 8, flags)
    return bytes(changed)


def with_gap(content: bytes, hidden: bytes) -> bytes:
    """The package with something between its last entry and the list of them."""
    [start] = struct.unpack_from("<I", content, len(content) - 6)
    changed = bytearray(content[:start] + hidden + content[start:])
    struct.pack_into("<I", changed, len(changed) - 6, start + len(hidden))
    return bytes(changed)


def behind(hidden: bytes, entries: Entries) -> bytes:
    """A package that counts its places from the first byte of what stands before it."""
    stream = io.BytesIO(hidden)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content if isinstance(content, str | bytes) else bytes(content))
    return stream.getvalue()


def with_comment(content: bytes, comment: bytes) -> bytes:
    """The package with words behind the list of its entries."""
    return content[:-2] + struct.pack("<H", len(comment)) + comment


def repacked(content: bytes, compression: int) -> bytes:
    """The package with its entries packed in another way."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", compression) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return stream.getvalue()
