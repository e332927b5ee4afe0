"""Put the parts of a report together: its result, its hashes, and the words it quotes."""

from collections.abc import Iterator, Sequence

from comments.models import Comment
from consult.reports.analysing.chapter import Head
from consult.reports.analysing.registry import chapter_named
from consult.reports.canonical import head_lines, inputs_sha256
from consult.reports.models import Report, ReportQuote, ReportTally
from consult.reports.resulting import result_of, result_sha256

SETS_AT_ONCE = 50


def merge_parts(report: Report, head: Head) -> None:
    """Set the report's result and hashes, and store its quotes; all parts stand."""
    counts = report.parts.counting().get().result or {}
    parts = list(report.parts.chapters().select_related("section"))
    report.result = result_of(
        counts,
        (
            (
                chapter_named(part.chapter),
                part.section.ref if part.section else "",
                (part.result or {})["found"],
            )
            for part in parts
        ),
    )
    report.inputs_sha256 = inputs_sha256(
        head_lines(head), report.parts.reading().values_list("inputs_sha256", flat=True)
    )
    report.result_sha256 = result_sha256(report.result, sets_of(report))
    _quote(report, sorted({each for part in parts for each in (part.result or {})["quotes"]}))
    ReportTally.objects.filter(part__report=report).delete()


def sets_of(report: Report) -> Iterator[tuple[str, Sequence[str]]]:
    """The report's sets of comments, by key, some at a time."""
    rows = report.sets.order_by("key").values_list("key", "references")
    yield from rows.iterator(chunk_size=SETS_AT_ONCE)


def _quote(report: Report, references: Sequence[str]) -> None:
    """Store the words of what is quoted and still shown."""
    shown = (
        Comment.objects.shown()
        .filter(reference__in=references, search_entry__isnull=False)
        .select_related("author", "thread__section", "thread__provision")
    )
    ReportQuote.objects.bulk_create(_quote_of(comment, report) for comment in shown)


def _quote_of(comment: Comment, report: Report) -> ReportQuote:
    thread = comment.thread
    return ReportQuote(
        report=report,
        entry_id=comment.pk,
        reference=comment.reference,
        section=thread.section.ref if thread.section else "",
        provision=thread.provision.ref if thread.provision else "",
        speaker=comment.speaker_name,
        group=comment.group,
        stance=comment.stance,
        body=comment.body,
        proposed_text=comment.proposed_text,
    )
