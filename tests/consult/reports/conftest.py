"""A small draft with comments, and reports made without workers."""

import pytest

from accounts.models import User
from consult.document.models import Draft
from tests.consult.reports.comments import a_draft, a_person, some_comments


@pytest.fixture
def commented(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    some_comments(draft)
    return draft


@pytest.fixture
def asker(db: None) -> User:  # noqa: ARG001 - the database
    """Who asks for reports."""
    return a_person("asker")
