"""Nothing that was typed is lost, and every refusal says what to do next."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def careful() -> Client:
    """A browser whose forms are checked as in production."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def test_a_refused_form_gives_back_what_was_typed(careful: Client) -> None:
    answer = careful.post("/theme/", {"body": "我的意見 <b>", "password": "secret"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "我的意見 &lt;b&gt;" in page
    assert "secret" not in page
    assert "Open the page again" in page


@pytest.mark.parametrize(
    ("referer", "expected"),
    [("http://testserver/tve/1/", "http://testserver/tve/1/"), ("http://x.example/", "/theme/")],
)
def test_it_leads_back_to_the_page_of_the_form(
    careful: Client, referer: str, expected: str
) -> None:
    page = careful.post("/theme/", {}, headers={"referer": referer}).content.decode()
    assert f'class="button" href="{expected}"' in page


def test_an_address_that_leads_nowhere(careful: Client) -> None:
    answer = careful.get("/no-such-framework/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "500"])
def test_pages_that_are_made_without_a_request(name: str) -> None:
    """Django renders these two with an empty context."""
    assert "<h1>" in render_to_string(f"{name}.html")
