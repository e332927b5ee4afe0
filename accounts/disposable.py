"""E-mail addresses of services that throw them away: refused at sign-up, where a list is set."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext_lazy as _


def is_disposable(address: str) -> bool:
    """Whether the address's domain, or one above it, is listed. Nothing is, without a list."""
    if not settings.DISPOSABLE_EMAIL_DOMAINS:
        return False
    listed = _listed(settings.DISPOSABLE_EMAIL_DOMAINS)
    labels = _plain(address.rpartition("@")[2]).split(".")
    return any(".".join(labels[start:]) in listed for start in range(len(labels)))


def refuse_disposable(address: str) -> None:
    """A validator for the address at sign-up."""
    if is_disposable(address):
        raise ValidationError(
            _("This is an address for one time only. Give one at which you can be reached later."),
            code="disposable",
        )


@lru_cache(maxsize=1)
def _listed(path: str) -> frozenset[str]:
    """Read once a process: a list that is changed takes effect with the next start."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"DISPOSABLE_EMAIL_DOMAINS can't be read: {error}") from error
    domains = (line.partition("#")[0].strip() for line in lines)
    return frozenset(_plain(domain) for domain in domains if domain)


def _plain(domain: str) -> str:
    """The domain as the network knows it."""
    domain = domain.strip().strip(".").lower()
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
