"""The list of disposable addresses: off, unless there is one."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.utils import translation

from accounts.disposable import is_disposable, refuse_disposable


@pytest.fixture
def listed(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's own
    path = tmp_path / "domains.txt"
    path.write_text("# thrown away\n\nOnce.example\nsub.twice.example # two\n一次.example\n")
    settings.DISPOSABLE_EMAIL_DOMAINS = str(path)
    return path


def test_nothing_is_disposable_without_a_list() -> None:
    assert not is_disposable("a@once.example")
    refuse_disposable("a@once.example")


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "address",
    ["a@once.example", "A@ONCE.EXAMPLE", "a@mail.once.example", "a@once.example.",
     "x@y@once.example", "a@sub.twice.example", "a@一次.example", "a@xn--4gqz32e.example"],
)  # fmt: skip
def test_addresses_of_listed_domains_are(address: str) -> None:
    assert is_disposable(address)
    with translation.override("en"), pytest.raises(ValidationError, match="one time only"):
        refuse_disposable(address)


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "address",
    ["a@example", "a@notonce.example", "a@twice.example", "once.example@edu.tw", "", "a@",
     "a@" + "x" * 80],
)  # fmt: skip
def test_others_are_not(address: str) -> None:
    assert not is_disposable(address)


def test_a_list_that_is_missing_is_no_empty_list(tmp_path: Path, settings: Any) -> None:  # noqa: ANN401
    settings.DISPOSABLE_EMAIL_DOMAINS = str(tmp_path / "missing.txt")
    with pytest.raises(ImproperlyConfigured, match=r"missing\.txt"):
        is_disposable("a@once.example")


@pytest.mark.django_db
@pytest.mark.usefixtures("listed")
def test_nobody_signs_up_with_such_an_address() -> None:
    page = Client().post("/accounts/signup/", {"email": "a@once.example"})
    assert "一次性的電子郵件地址" in page.content.decode()
    page = Client().post("/accounts/signup/", {"email": "a@often.example"})
    assert "一次性的電子郵件地址" not in page.content.decode()
