"""The tables of what comes of comments."""

from consult.reports.models.expected import ExpectedVoice, NoMoreReminders, Reminder
from consult.reports.models.files import ReportFile
from consult.reports.models.findings import (
    ReportFlag,
    ReportNote,
    ReportQuote,
    ReportSchedule,
    ReportSet,
)
from consult.reports.models.parts import ReportPart, ReportTally
from consult.reports.models.reports import Report, ReportQuerySet
from consult.reports.models.themes import ThemeDecision

__all__ = [
    "ExpectedVoice",
    "NoMoreReminders",
    "Reminder",
    "Report",
    "ReportFile",
    "ReportFlag",
    "ReportNote",
    "ReportPart",
    "ReportQuerySet",
    "ReportQuote",
    "ReportSchedule",
    "ReportSet",
    "ReportTally",
    "ThemeDecision",
]
