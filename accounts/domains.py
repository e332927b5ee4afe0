"""An organisation's own e-mail domain, in the one form in which it is stored and compared.

Pure: text in, text out. That a domain is well-formed doesn't say whose it is: an administrator
looks at that.
"""

import ipaddress

import idna
from django.utils.translation import gettext as _

# Where anybody gets an address: to have one there says nothing of who one works for.
FREE_MAIL = frozenset(
    [
        "163.com",
        "126.com",
        "aol.com",
        "fastmail.com",
        "foxmail.com",
        "gmail.com",
        "googlemail.com",
        "hinet.net",
        "icloud.com",
        "kimo.com",
        "kimo.com.tw",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "naver.com",
        "pchome.com.tw",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rocketmail.com",
        "seed.net.tw",
        "sina.com",
        "so-net.net.tw",
        "tuta.com",
        "tutanota.com",
        "url.com.tw",
        "yam.com",
        "yeah.net",
        "ymail.com",
        "zoho.com",
    ]
)
# The same under the endings of many countries: hotmail.com, yahoo.com.tw, outlook.jp.
FREE_MAIL_HOUSES = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo", "yandex"})
# What stands before a country's ending for everyone: com.tw belongs to nobody.
SHARED = frozenset(
    "ac club co com ebiz edu game go gov idv mil ne net or org".split()  # noqa: SIM905 - to be read
)
LONGEST = 253
COUNTRY = 2


class DomainRefused(Exception):
    """This is no organisation's own e-mail domain; the message says why."""


def official_domain(written: str) -> str:
    """The domain in lower case ASCII, as in `tami.org.tw`. Raises DomainRefused.

    An address at it, or the organisation's website, will do: the domain is taken out of it.
    """
    domain = _ascii(_domain_in(written))
    labels = domain.split(".")
    if _is_address(domain) or len(labels) < 2 or labels[-1].isdigit():  # noqa: PLR2004 - a name and an ending
        raise DomainRefused(
            _("This is no e-mail domain. Write what stands after the @, as in example.org.tw.")
        )
    own = labels[:-2] if _ends_shared(labels) else labels[:-1]
    if not own:
        raise DomainRefused(
            _("%(domain)s is everyone's ending. Write your own domain, as in example.%(domain)s.")
            % {"domain": domain}
        )
    if own[-1] in FREE_MAIL_HOUSES or any(_is_within(domain, free) for free in FREE_MAIL):
        raise DomainRefused(
            _("Anyone can have an address at %(domain)s. Leave this empty if you have no other.")
            % {"domain": domain}
        )
    return domain


def readable_domain(domain: str) -> str:
    """The domain as people write it, in their own script."""
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def _domain_in(written: str) -> str:
    text = written.strip().lower().rpartition("@")[2]
    text = text.partition("://")[2] or text
    return text.partition("/")[0].partition(":")[0].removeprefix("www.").strip(". ")


def _ascii(text: str) -> str:
    try:
        domain = idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        domain = ""
    return domain if len(domain) <= LONGEST else ""


def _is_address(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True


def _ends_shared(labels: list[str]) -> bool:
    return len(labels[-1]) == COUNTRY and labels[-2] in SHARED


def _is_within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")
