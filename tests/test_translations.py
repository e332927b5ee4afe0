"""Every sentence of the site is there in Traditional Chinese, and the compiled file is current."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

HOUSE = Path(__file__).resolve().parent.parent
CATALOGUE = Path("config/locale/zh_Hant/LC_MESSAGES/django.po")
SOURCES = ("accounts", "comments", "config", "consult", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The sentences that stand in the source now."""
    if shutil.which("xgettext") is None:
        needed = "This test needs gettext: apt-get install gettext"
        pytest.fail(needed) if "CI" in os.environ else pytest.skip(needed)
    copy = tmp_path_factory.mktemp("source")
    for source in SOURCES:
        shutil.copytree(
            HOUSE / source, copy / source, ignore=shutil.ignore_patterns("*.po", "*.mo")
        )
    (copy / CATALOGUE.parent).mkdir(parents=True, exist_ok=True)
    shutil.copy(HOUSE / "manage.py", copy)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hant", "--no-location"],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    return polib.pofile(str(copy / CATALOGUE))


@pytest.fixture(scope="module")
def committed() -> polib.POFile:
    return polib.pofile(str(HOUSE / CATALOGUE))


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def translations(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_translated(extracted: polib.POFile, committed: polib.POFile) -> None:
    done = {
        key(entry)
        for entry in committed
        if not entry.obsolete and not entry.fuzzy and all(translations(entry))
    }
    assert [entry.msgid for entry in extracted if key(entry) not in done] == []


def test_no_translation_is_left_over(extracted: polib.POFile, committed: polib.POFile) -> None:
    wanted = {key(entry) for entry in extracted}
    assert [entry.msgid for entry in committed if key(entry) not in wanted] == []


def test_placeholders_are_kept(committed: polib.POFile) -> None:
    assert [
        entry.msgid
        for entry in committed
        for translation in translations(entry)
        if not set(PLACEHOLDER.findall(translation))
        <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        or set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        - set(PLACEHOLDER.findall(translation))
    ] == []


def test_the_compiled_catalogue_is_up_to_date(committed: polib.POFile) -> None:
    """It is committed, because a newcomer's machine may lack gettext."""
    compiled = polib.mofile(str(HOUSE / CATALOGUE.with_suffix(".mo")))
    assert {key(entry): translations(entry) for entry in compiled} == {
        key(entry): translations(entry) for entry in committed
    }
