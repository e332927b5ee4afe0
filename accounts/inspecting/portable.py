"""PDFs: opened, never run. Nothing that acts, nothing attached, nothing behind the end."""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf.settings import set_qpdf_limits

from accounts.inspecting.flaws import Flaw, FlawFound

MOST_OBJECTS = 100_000
MOST_UNPACKED = 64 * 1024 * 1024
_PADDING = b" \t\r\n\0"
# Strings as qpdf writes them: parentheses inside are escaped.
_STRINGS = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>", re.DOTALL)
# Names as qpdf writes them, so that /J#61vaScript is found, too; a name may be an object itself.
_NAME_ENDS = rb"(?![^\s/<>\[\]()])"
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|XFA|RichMediaContent)"
    + _NAME_ENDS
    + rb"|(?:^|/(?:S|Type|Subtype) )/(?:Launch|SubmitForm|ImportData|GoToE|Rendition|RichMedia"
    rb"|RichMediaExecute|Movie|Sound|Screen|3D)" + _NAME_ENDS
)
_ATTACHED = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)" + _NAME_ENDS)
_PAGE = re.compile(rb"/Type /Page" + _NAME_ENDS)
_EMBEDDING = re.compile(rb"/EF (?:<<|\d+ \d+ R)")
_FILE = re.compile(rb"/(?:UF|F|Filespec) ?")


def inspect_pdf(content: bytes) -> None:
    """Raises FlawFound, or whatever pikepdf raises on a damaged file."""
    if not content.rstrip(_PADDING).endswith(b"%%EOF"):
        raise FlawFound(Flaw.CONCEALING if b"%%EOF" in content else Flaw.DAMAGED)
    set_qpdf_limits(flate_max_memory=MOST_UNPACKED, run_length_max_memory=MOST_UNPACKED)
    try:
        # A repaired file is a guess at what was meant: another program may guess otherwise.
        pdf = pikepdf.open(io.BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError:
        raise FlawFound(Flaw.LOCKED) from None
    with pdf:
        if pdf.is_encrypted:
            raise FlawFound(Flaw.LOCKED)
        if len(pdf.objects) > MOST_OBJECTS:
            raise FlawFound(Flaw.TOO_MUCH_INSIDE)
        has_page = False
        for written in _written_objects(pdf):
            names = _STRINGS.sub(b"()", written)
            _check_names(names)
            has_page = has_page or _PAGE.search(names) is not None
        # What qpdf reads as nothing, another program may read as something. An entry that a page
        # lacks is filled in, which it says, too.
        unread = [words for words in map(str, pdf.get_warnings()) if "repairing" not in words]
        if unread or not has_page:
            raise FlawFound(Flaw.DAMAGED)


def _written_objects(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Every object of the file as qpdf would write it, of streams their dictionary."""
    yield pdf.trailer.unparse(resolved=True)
    for each in pdf.objects:
        described = each.stream_dict if isinstance(each, pikepdf.Stream) else each
        yield described.unparse(resolved=True)


def _check_names(written: bytes) -> None:
    if _ACTIVE.search(written):
        raise FlawFound(Flaw.ACTIVE)
    if _ATTACHED.search(written) or (_EMBEDDING.search(written) and _FILE.search(written)):
        raise FlawFound(Flaw.ATTACHED)
