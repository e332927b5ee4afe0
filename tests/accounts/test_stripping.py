"""Pictures for the public tell nothing beside what they show, and show the same."""

import io
import struct
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from accounts.inspecting.inspection import inspect
from accounts.inspecting.kinds import FileKind
from accounts.inspecting.stripping import stripped
from accounts.uploads import UploadRefused, guard
from tests.accounts.files import good, picture
from tests.accounts.hostile import HOSTILE

SECRET = b"Chen-Mei-hua"
HELD_ON_ITS_SIDE = 6
PLACE = 0x8825
PICTURES = {kind for kind in FileKind if kind in (FileKind.PNG, FileKind.JPEG)}


def exif(*, turned: int = HELD_ON_ITS_SIDE) -> Image.Exif:
    """What a telephone notes: whose it is, where it was, which way up it was held."""
    noted = Image.Exif()
    noted[0x0112] = turned
    noted[0x013B] = SECRET.decode()
    noted.get_ifd(PLACE)[1] = "N"
    noted.get_ifd(PLACE)[2] = (25.0, 2.0, 1.0)
    return noted


def photograph(*, progressive: bool = False, turned: int = HELD_ON_ITS_SIDE) -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(
        stream,
        "JPEG",
        exif=exif(turned=turned),
        comment=SECRET,
        icc_profile=b"a profile of colours",
        xmp=b"<x>%b</x>" % SECRET,
        progressive=progressive,
    )
    return stream.getvalue()


def screenshot() -> bytes:
    stream = io.BytesIO()
    noted = PngInfo()
    noted.add_text("Author", SECRET.decode())
    noted.add_text("Comment", SECRET.decode(), zip=True)
    noted.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    Image.linear_gradient("L").resize((64, 48)).convert("RGBA").save(
        stream, "PNG", exif=exif(), pnginfo=noted, dpi=(300, 300), icc_profile=b"a profile"
    )
    return stream.getvalue()


def between_scans(content: bytes) -> bytes:
    """The JPEG with a comment before its last scan, where few look."""
    last = content.rindex(b"\xff\xda")
    words = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
    return content[:last] + words + content[last:]


def with_small_copy(content: bytes) -> bytes:
    """The JPEG with a small copy of another picture in its head, and another head behind it."""
    [length] = struct.unpack_from(">H", content, 4)
    body = content[6 : 4 + length - 2] + b"\x02\x02" + SECRET
    head = b"\xff\xe0" + struct.pack(">H", len(body) + 2) + body
    other = b"\xff\xe0" + struct.pack(">H", len(SECRET) + 7) + b"JFXX\0" + SECRET
    return content[:2] + head + other + content[4 + length :]


PICTURES_THAT_TELL: dict[str, tuple[FileKind, Callable[[], bytes]]] = {
    "a photograph": (FileKind.JPEG, photograph),
    "one sent coarse first": (FileKind.JPEG, lambda: photograph(progressive=True)),
    "one with words between its scans": (
        FileKind.JPEG,
        lambda: between_scans(photograph(progressive=True)),
    ),
    "one with a small copy": (FileKind.JPEG, lambda: with_small_copy(photograph())),
    "a screenshot": (FileKind.PNG, screenshot),
}


def read(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


@pytest.mark.parametrize("what", PICTURES_THAT_TELL)
def test_nothing_is_told_and_the_same_is_shown(what: str) -> None:
    kind, make = PICTURES_THAT_TELL[what]
    content = make()
    bare = stripped(content, kind)
    inspect(bare, kind)
    before, after = read(content), read(bare)
    assert SECRET not in bare
    assert dict(after.getexif()) == {0x0112: HELD_ON_ITS_SIDE}
    assert not after.getexif().get_ifd(PLACE)
    assert not {"comment", "xmp", "Author", "Comment"} & set(after.info)
    assert after.tobytes() == before.tobytes()
    # Held as it was, in the colours that it was.
    assert ImageOps.exif_transpose(after).size == (48, 64)
    assert after.info["icc_profile"] == before.info["icc_profile"]
    assert after.info["dpi"] == before.info["dpi"]
    # Nothing is left to take out.
    assert stripped(bare, kind) == bare


@pytest.mark.parametrize("turned", [1, 0, 9, 99])
def test_what_stands_upright_needs_no_word_of_it(turned: int) -> None:
    bare = stripped(photograph(turned=turned), FileKind.JPEG)
    assert not read(bare).getexif()
    assert b"Exif" not in bare


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_colours_stay_as_they_are_meant(mode: str) -> None:
    content = picture("JPEG", mode=mode)
    assert read(stripped(content, FileKind.JPEG)).tobytes() == read(content).tobytes()


@pytest.mark.parametrize("kind", sorted(set(FileKind) - PICTURES))
def test_documents_are_left_alone(kind: FileKind) -> None:
    assert stripped(good(kind), kind) == good(kind)


# --- as a part of the guard -------------------------------------------------------------------


def given() -> Iterator[SimpleUploadedFile]:
    for kind, make in PICTURES_THAT_TELL.values():
        yield SimpleUploadedFile(f"a.{kind.value}", make())


def test_the_guard_strips_for_the_public_alone() -> None:
    for file in given():
        content = file.read()
        bare = guard(file, kinds=PICTURES, for_the_public=True)
        assert (bare.content, SECRET in bare.content) == (stripped(content, bare.kind), False)
    for file in given():
        content = file.read()
        assert guard(file, kinds=PICTURES).content == content


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_comes_back_whole(kind: FileKind) -> None:
    content = good(kind)
    file = SimpleUploadedFile(f"a.{kind.value}", content)
    taken = guard(file, kinds=set(FileKind), for_the_public=True)
    assert taken.content == stripped(content, kind)


@pytest.mark.parametrize("what", ["a PNG that moves", "a PNG and an archive", "a page"])
def test_hostile_files_are_refused_all_the_same(what: str) -> None:
    name, make, _flaw = HOSTILE[what]
    with pytest.raises(UploadRefused):
        guard(SimpleUploadedFile(name, make()), kinds=set(FileKind), for_the_public=True)
