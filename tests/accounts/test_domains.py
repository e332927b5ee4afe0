"""An organisation's own e-mail domain: one form of it, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domains import DomainRefused, official_domain, readable_domain


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("tami.org.tw", "tami.org.tw"),
        ("  TAMI.org.TW. ", "tami.org.tw"),
        ("@tami.org.tw", "tami.org.tw"),
        ("office@tami.org.tw", "tami.org.tw"),
        ("https://www.tami.org.tw/about", "tami.org.tw"),
        ("ms.tami.org.tw", "ms.tami.org.tw"),
        ("公會。台灣", "xn--55q393c.xn--kpry57d"),
        ("公會.台灣", "xn--55q393c.xn--kpry57d"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("taivs.tp.edu.tw", "taivs.tp.edu.tw"),
        ("gmail.com.example.org", "gmail.com.example.org"),
        ("mygmail.com", "mygmail.com"),
    ],
)
def test_one_form_of_it(written: str, domain: str) -> None:
    assert official_domain(written) == domain


@pytest.mark.parametrize(
    "free",
    [
        "gmail.com",
        "GMAIL.com",
        "me@googlemail.com",
        "hotmail.com",
        "hotmail.com.tw",
        "yahoo.com.tw",
        "tw.yahoo.com",
        "outlook.jp",
        "live.com",
        "ms45.hinet.net",
        "pchome.com.tw",
        "proton.me",
    ],
)
def test_where_anyone_has_an_address_is_nobodys(free: str) -> None:
    with pytest.raises(DomainRefused):
        official_domain(free)


@pytest.mark.parametrize("shared", ["com.tw", "edu.tw", "gov.tw", "org.tw", "co.jp", "tw", "com"])
def test_an_ending_for_everyone_is_nobodys(shared: str) -> None:
    with pytest.raises(DomainRefused):
        official_domain(shared)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "localhost", "192.0.2.7", "[::1]", "a..tw", "-a.tw", "a b.tw", "a_b.org", "例"),
        *("x" * 64 + ".tw", "abcdefgh." * 40 + "tw", "tami.org.tw\x00", "1.2", "a@b"),
    ],
)
def test_what_is_none(written: str) -> None:
    with pytest.raises(DomainRefused):
        official_domain(written)


@given(st.text(max_size=80))
def test_any_text_is_refused_or_comes_to_a_form_that_stays(written: str) -> None:
    try:
        domain = official_domain(written)
    except DomainRefused:
        return
    assert official_domain(domain) == domain
    assert domain.isascii()
    assert domain == domain.lower()
    assert "@" not in domain
    assert official_domain(readable_domain(domain)) == domain


def test_people_read_it_in_their_own_script() -> None:
    assert readable_domain("xn--55q393c.xn--kpry57d") == "公會.台灣"
    assert readable_domain("tami.org.tw") == "tami.org.tw"
