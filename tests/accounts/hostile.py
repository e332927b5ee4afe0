"""Files that nobody may get in: what each is called, what it is, and what is wrong with it."""

import random
import zipfile
from collections.abc import Callable

import pikepdf

from accounts.inspecting.flaws import Flaw
from accounts.inspecting.kinds import FileKind
from tests.accounts import files
from tests.accounts.files import MB, action, odf, ooxml, package, pdf, picture, png, raw_pdf, script

DOCX, XLSX, ODT, ODS = FileKind.DOCX, FileKind.XLSX, FileKind.ODT, FileKind.ODS

Hostile = tuple[str, Callable[[], bytes], Flaw]


def noise(length: int) -> bytes:
    """Bytes that don't shrink."""
    return random.Random(114).randbytes(length)  # noqa: S311 - no secret


def nested(levels: int) -> bytes:
    """An archive in an archive in an archive …"""
    inner = package({"a.txt": MB})
    for _level in range(levels):
        inner = package({"a.zip": inner})
    return inner


def annotated(kind: str) -> bytes:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{kind}"))
    return pdf(page={"Annots": pikepdf.Array([note])})


def docx_with(name: str, content: str | bytes | int = b"x") -> Callable[[], bytes]:
    return lambda: ooxml(DOCX, {name: content})


def fetching(kind: str) -> Callable[[], bytes]:
    target = files.relationship(kind, "https://example.com/a", "External")
    return docx_with("word/_rels/document.xml.rels", target)


def macro_document() -> bytes:
    word = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return package(files.ooxml_entries(DOCX, main_type=word))


def entity_bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{levels}]><d>&l9;</d>'


def outside_entity(encoding: str = "utf-8") -> bytes:
    words = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    return f'<?xml version="1.0" encoding="{encoding}"?>{words}'.encode(encoding)


def late_mimetype() -> bytes:
    entries = files.odf_entries(ODT)
    return package({"content.xml": entries["content.xml"]} | entries)


HOSTILE: dict[str, Hostile] = {
    # What it is isn't what it is called.
    "a program": ("a.pdf", lambda: b"MZ\x90\x00" + noise(4000), Flaw.OTHER_KIND),
    "a page": ("a.png", lambda: b"<html><script>alert(1)</script></html>", Flaw.OTHER_KIND),
    "a drawing with a script": (
        "a.png",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        Flaw.OTHER_KIND,
    ),
    "a PNG called PDF": ("a.pdf", lambda: picture("PNG"), Flaw.OTHER_KIND),
    "a GIF called JPEG": ("a.jpg", lambda: picture("GIF"), Flaw.OTHER_KIND),
    "a text document called a table": ("a.xlsx", lambda: ooxml(DOCX), Flaw.OTHER_KIND),
    "an ODT called DOCX": ("a.docx", lambda: odf(ODT), Flaw.OTHER_KIND),
    "an ODT called ODS": ("a.ods", lambda: odf(ODT), Flaw.OTHER_KIND),
    "a plain archive": ("a.odt", lambda: package({"a.txt": b"a"}), Flaw.OTHER_KIND),
    "a bare DOCX": ("a.docx", lambda: package({"word/document.xml": "<a/>"}), Flaw.OTHER_KIND),
    "an ODT whose type comes late": ("a.odt", late_mimetype, Flaw.OTHER_KIND),
    "an ODT whose type is packed": (
        "a.odt",
        lambda: package(files.odf_entries(ODT), stored=()),
        Flaw.OTHER_KIND,
    ),
    # Two things at once.
    "a PDF that begins late": ("a.pdf", lambda: b"GIF89a\n" + pdf(), Flaw.OTHER_KIND),
    "a PDF and an archive": ("a.pdf", lambda: pdf() + ooxml(DOCX), Flaw.CONCEALING),
    "an archive within a PDF": (
        "a.pdf",
        lambda: raw_pdf(
            *files.CATALOGUE, b"<</Length 500>>stream\n%b\nendstream" % package({"a": b"a"})
        ),
        Flaw.CONCEALING,
    ),
    "a PDF with a page behind it": (
        "a.pdf",
        lambda: pdf() + b"<b onclick=alert(1)>",
        Flaw.CONCEALING,
    ),
    "a PDF with a page in its head": (
        "a.pdf",
        lambda: b"%PDF-1.7\n%<ScRiPt>alert(1)</script>\n" + pdf(),
        Flaw.CONCEALING,
    ),
    "a PNG and an archive": ("a.png", lambda: picture("PNG") + nested(0), Flaw.CONCEALING),
    "a PNG with more behind it": ("a.png", lambda: picture("PNG") + b"more", Flaw.CONCEALING),
    "a PNG with a page in it": (
        "a.png",
        lambda: png(
            1, 1, rows=b"\0\0", before=files.chunk(b"tEXt", b"a\0<script>alert(1)</script>")
        ),
        Flaw.CONCEALING,
    ),
    "a PNG that moves": ("a.png", files.moving_png, Flaw.CONCEALING),
    "a JPEG with PHP behind it": (
        "a.jpg",
        lambda: picture("JPEG", (640, 480)) + b"<?=`id`?>",
        Flaw.CONCEALING,
    ),
    "a JPEG and an archive": ("a.jpeg", lambda: picture("JPEG") + nested(0), Flaw.CONCEALING),
    "a DOCX behind a script": (
        "a.docx",
        lambda: b"PK\x03\x04#!/bin/sh\n" + ooxml(DOCX),
        Flaw.CONCEALING,
    ),
    "a DOCX with more behind it": ("a.docx", lambda: ooxml(DOCX) + b"more", Flaw.CONCEALING),
    # Too much.
    "a PNG of a billion pixels": (
        "a.png",
        lambda: png(32_000, 32_000, rows=b"\0"),
        Flaw.TOO_MANY_PIXELS,
    ),
    "a very long PNG": ("a.png", lambda: png(2**31 - 1, 1, rows=b"\0"), Flaw.TOO_MANY_PIXELS),
    "a PNG that really swells": (
        "a.png",
        lambda: png(11_000, 11_000, swells_to=11_001 * 11_000),
        Flaw.TOO_MANY_PIXELS,
    ),
    "a PNG whose words swell": (
        "a.png",
        lambda: png(
            1,
            1,
            rows=b"\0\0",
            before=files.chunk(b"zTXt", b"a\0\0" + files.zeros(100 * MB)),
        ),
        Flaw.DAMAGED,
    ),
    "a JPEG that says it is huge": (
        "a.jpg",
        lambda: picture("JPEG").replace(b"\x00\x30\x00\x40", b"\xff\xff\xff\xff", 1),
        Flaw.TOO_MANY_PIXELS,
    ),
    "a bomb": ("a.docx", docx_with("word/a.bin", 60 * MB), Flaw.TOO_MUCH_INSIDE),
    "a bomb in many pieces": (
        "a.docx",
        lambda: ooxml(DOCX, {f"word/{n}.bin": MB for n in range(70)}),
        Flaw.TOO_MUCH_INSIDE,
    ),
    "a bomb that says it is small": (
        "a.docx",
        lambda: files.with_declared_size(ooxml(DOCX, {"word/a.bin": 200 * MB}), "word/a.bin", 10),
        Flaw.DAMAGED,
    ),
    "a bomb of shared bytes": ("a.docx", lambda: files.overlapping(ooxml(DOCX)), Flaw.CONCEALING),
    "ten thousand entries": (
        "a.docx",
        lambda: ooxml(DOCX, {f"word/{n}.bin": b"" for n in range(10_000)}),
        Flaw.TOO_MUCH_INSIDE,
    ),
    "an archive of archives": ("a.docx", docx_with("word/media/a.png", nested(5)), Flaw.ATTACHED),
    "a PDF that swells": ("a.pdf", lambda: files.pdf_with_packed_objects(900 * MB), Flaw.DAMAGED),
    "a PDF of many objects": (
        "a.pdf",
        lambda: raw_pdf(*files.CATALOGUE, *(b"<</A 1>>" for _n in range(150_000))),
        Flaw.TOO_MUCH_INSIDE,
    ),
    "a PDF nested deep": (
        "a.pdf",
        lambda: raw_pdf(*files.CATALOGUE, b"[" * 500_000 + b"]" * 500_000),
        Flaw.DAMAGED,
    ),
    "an XML that swells": ("a.docx", docx_with("word/a.xml", entity_bomb()), Flaw.CONCEALING),
    # What acts.
    "a PDF with a script": ("a.pdf", lambda: pdf({"OpenAction": script()}), Flaw.ACTIVE),
    "a PDF with a packed script": (
        "a.pdf",
        lambda: pdf({"OpenAction": script("')'")}, packed=True),
        Flaw.ACTIVE,
    ),
    "a PDF with a script in disguise": (
        "a.pdf",
        lambda: raw_pdf(*files.CATALOGUE, b"<</S/J#61vaScript/#4a#53(app.alert(1))>>"),
        Flaw.ACTIVE,
    ),
    "a PDF that starts a program": (
        "a.pdf",
        lambda: pdf({"OpenAction": action("Launch", F=pikepdf.String("calc.exe"))}),
        Flaw.ACTIVE,
    ),
    "a PDF that sends a form": (
        "a.pdf",
        lambda: pdf({"OpenAction": action("SubmitForm", F=pikepdf.String("https://example.com"))}),
        Flaw.ACTIVE,
    ),
    "a PDF with a film": ("a.pdf", lambda: annotated("RichMedia"), Flaw.ACTIVE),
    "a PDF with a name apart": (
        "a.pdf",
        lambda: raw_pdf(*files.CATALOGUE, b"<</S 5 0 R/F(calc.exe)>>", b"/Launch"),
        Flaw.ACTIVE,
    ),
    "a PDF with a file in it": ("a.pdf", files.pdf_with_attachment, Flaw.ATTACHED),
    "a PDF with a pinned file": ("a.pdf", lambda: annotated("FileAttachment"), Flaw.ATTACHED),
    "a DOCX with macros": ("a.docx", docx_with("word/vbaProject.bin"), Flaw.ACTIVE),
    "a DOCX that is a DOCM": ("a.docx", macro_document, Flaw.ACTIVE),
    "an ODT with Basic": ("a.odt", lambda: odf(ODT, {"Basic/a/a.xml": "<a/>"}), Flaw.ACTIVE),
    "an ODS with Python": ("a.ods", lambda: odf(ODS, {"Scripts/python/a.py": "a"}), Flaw.ACTIVE),
    "an ODT that listens": (
        "a.odt",
        lambda: odf(ODT, body='<script:event-listener script:language="x"/>'),
        Flaw.ACTIVE,
    ),
    "an ODT with a plug-in": ("a.odt", lambda: odf(ODT, body="<draw:plugin/>"), Flaw.ATTACHED),
    "a DOCX with a program in it": ("a.docx", docx_with("word/a.bin", b"MZ\x90\0"), Flaw.ATTACHED),
    "an old Office file in an XLSX": (
        "a.xlsx",
        lambda: ooxml(XLSX, {"xl/embeddings/a.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        Flaw.ATTACHED,
    ),
    # What reaches out.
    "a DOCX that fetches a template": ("a.docx", fetching("attachedTemplate"), Flaw.LINKED),
    "a DOCX that fetches a picture": ("a.docx", fetching("image"), Flaw.LINKED),
    "an ODT that fetches a picture": (
        "a.odt",
        lambda: odf(ODT, body='<draw:image xlink:href="https://example.com/a.png"/>'),
        Flaw.LINKED,
    ),
    "a DOCX that reads the disk": (
        "a.docx",
        docx_with("word/a.xml", outside_entity()),
        Flaw.CONCEALING,
    ),
    "the same in UTF-16": (
        "a.docx",
        docx_with("word/a.xml", outside_entity("utf-16")),
        Flaw.CONCEALING,
    ),
    # Names inside.
    "an entry that climbs out": ("a.docx", docx_with("word/../../a"), Flaw.CONCEALING),
    "an entry from the root": ("a.docx", docx_with("/etc/cron.d/a"), Flaw.CONCEALING),
    "an entry with backslashes": ("a.docx", docx_with("..\\..\\a"), Flaw.CONCEALING),
    "an entry on a drive": ("a.docx", docx_with("C:a"), Flaw.CONCEALING),
    "an entry with a NUL": (
        "a.docx",
        lambda: ooxml(DOCX, {"word/aXb.bin": b"x"}).replace(b"aXb.bin", b"a\0b.bin"),
        Flaw.CONCEALING,
    ),
    "two entries of one name": (
        "a.docx",
        lambda: ooxml(DOCX, {"word/DOCUMENT.xml": "<a/>"}),
        Flaw.CONCEALING,
    ),
    # What can't be looked into, or not to its end.
    "a PDF with a password": ("a.pdf", lambda: pdf(password="geheim"), Flaw.LOCKED),
    "a PDF that only its owner may print": ("a.pdf", lambda: pdf(password=""), Flaw.LOCKED),
    "a PDF cut short": ("a.pdf", lambda: pdf()[:-200], Flaw.DAMAGED),
    "a PDF of nothing": ("a.pdf", lambda: b"%PDF-1.7\n%%EOF", Flaw.DAMAGED),
    "a PNG cut short": ("a.png", lambda: picture("PNG")[:-100], Flaw.DAMAGED),
    "a PNG with a wrong sum": (
        "a.png",
        lambda: picture("PNG").replace(b"IDAT", b"IDBT"),
        Flaw.DAMAGED,
    ),
    "a PNG with too few rows": ("a.png", lambda: png(640, 480, rows=b"\0" * 99), Flaw.DAMAGED),
    "a JPEG cut short": ("a.jpg", lambda: picture("JPEG")[:-40], Flaw.DAMAGED),
    "a JPEG of markers alone": ("a.jpg", lambda: b"\xff\xd8\xff\xd9", Flaw.DAMAGED),
    "a DOCX cut short": ("a.docx", lambda: ooxml(DOCX)[:-30], Flaw.DAMAGED),
    "a DOCX with broken XML": ("a.docx", docx_with("word/a.xml", "<a><b></a>"), Flaw.DAMAGED),
    "noise called DOCX": ("a.docx", lambda: b"PK\x03\x04" + noise(MB), Flaw.DAMAGED),
    # What only looks right.
    "a PNG that is too wide": (
        "a.png",
        lambda: png(13_000, 100, swells_to=13_001 * 100),
        Flaw.TOO_MANY_PIXELS,
    ),
    "a PDF without pages": (
        "a.pdf",
        lambda: raw_pdf(files.CATALOGUE[0], b"<</Type/Pages/Kids[]/Count 0>>"),
        Flaw.DAMAGED,
    ),
    "a PDF of which a part can't be read": (
        "a.pdf",
        lambda: raw_pdf(*files.CATALOGUE, b"<</A (b) /S >> /JavaScript )"),
        Flaw.DAMAGED,
    ),
    "a DOCX with a locked entry": (
        "a.docx",
        lambda: files.with_flags(ooxml(DOCX), 1),
        Flaw.LOCKED,
    ),
    "a DOCX packed in another way": (
        "a.docx",
        lambda: files.repacked(ooxml(DOCX), zipfile.ZIP_BZIP2),
        Flaw.DAMAGED,
    ),
    "a DOCX with a comment": (
        "a.docx",
        lambda: files.with_comment(ooxml(DOCX), b"<script>alert(1)</script>"),
        Flaw.CONCEALING,
    ),
    "a DOCX with something in between": (
        "a.docx",
        lambda: files.with_gap(ooxml(DOCX), noise(100)),
        Flaw.CONCEALING,
    ),
    "a DOCX with something in front": (
        "a.docx",
        lambda: files.behind(b"PK\x03\x04" + noise(100), files.ooxml_entries(DOCX)),
        Flaw.CONCEALING,
    ),
    "an ODT with a password": (
        "a.odt",
        lambda: odf(ODT, {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        Flaw.LOCKED,
    ),
}
