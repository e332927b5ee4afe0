"""What an organisation says of itself when it applies: put in one form, and looked through.

Each flaw is a sentence under the name of the field it speaks of.
"""

import unicodedata
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.business_numbers import normalised, validate_business_number
from accounts.domains import DomainRefused, official_domain
from accounts.groups import ORGANISED, SchoolLevel, StakeholderGroup
from accounts.models import Organisation
from accounts.places import County, Sector

LONGEST_NAME = 120
SHORTEST_NAME = 2
# Registered trade has a number; schools and offices may, an association in founding has none yet.
NUMBERED = (StakeholderGroup.ENTERPRISE,)


@dataclass(frozen=True)
class Application:
    """An organisation as its applicant describes it."""

    name: str
    group: str
    school_level: str = ""
    sector: str = ""
    county: str = ""
    business_number: str = ""
    email_domain: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The columns of the organisation and what goes into them."""
        return asdict(self)


def tidied(application: Application) -> Application:
    """The same in the form in which it is stored; what is wrong stays as it was written."""
    try:
        domain = official_domain(application.email_domain) if application.email_domain else ""
    except DomainRefused:
        domain = application.email_domain
    is_school = application.group == StakeholderGroup.SCHOOL
    return replace(
        application,
        name=tidy_name(application.name),
        # Without JavaScript the field stands there for everyone.
        school_level=application.school_level if is_school else "",
        business_number=normalised(application.business_number),
        email_domain=domain,
    )


def tidy_name(name: str) -> str:
    """The name composed, without what can't be seen, with single spaces."""
    composed = unicodedata.normalize("NFC", name)
    seen = (
        " " if unicodedata.category(character).startswith("Z") else character
        for character in composed
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(seen).split())


def flaws_of(application: Application) -> dict[str, str]:
    """What is wrong with a tidied application, by field; nothing where it can be handed in."""
    found = {
        "name": flaw_of_name(application.name),
        "group": _flaw_of_group(application.group),
        "school_level": _flaw_of_level(application),
        "sector": _flaw_of_choice(application.sector, Sector.values),
        "county": _flaw_of_county(application.county),
        "business_number": _flaw_of_number(application),
        "email_domain": _flaw_of_domain(application.email_domain),
    }
    return {field: flaw for field, flaw in found.items() if flaw}


def flaw_of_name(name: str) -> str:
    """What is wrong with an organisation's tidied name; empty where nothing is."""
    if len(name) < SHORTEST_NAME or not any(character.isalpha() for character in name):
        return _("Write the organisation's full name, as it is registered.")
    if len(name) > LONGEST_NAME:
        return _("That is too long: %(limit)s characters are possible.") % {"limit": LONGEST_NAME}
    return ""


def _flaw_of_group(group: str) -> str:
    return (
        "" if group in dict(ORGANISED) else _("Choose the group that the organisation belongs to.")
    )


def _flaw_of_level(application: Application) -> str:
    if application.group != StakeholderGroup.SCHOOL:
        return ""
    known = application.school_level in SchoolLevel.values
    return "" if known else _("Choose what kind of school it is.")


def _flaw_of_choice(value: str, values: list[str]) -> str:
    return "" if value in ("", *values) else _("Choose one of these.")


def _flaw_of_county(county: str) -> str:
    return "" if county in County.values else _("Choose where the organisation has its seat.")


def _flaw_of_number(application: Application) -> str:
    number = application.business_number
    if not number:
        needed = application.group in NUMBERED
        return _("An enterprise has a unified business number of eight digits.") if needed else ""
    try:
        validate_business_number(number)
    except ValidationError as error:
        return str(error.message)
    return ""


def _flaw_of_domain(domain: str) -> str:
    try:
        official_domain(domain or "example.org.tw")
    except DomainRefused as refusal:
        return str(refusal)
    return ""


def described(organisation: Organisation) -> Application:
    """What is known of an organisation, as its application said it."""
    return Application(
        name=organisation.name,
        group=organisation.group,
        school_level=organisation.school_level,
        sector=organisation.sector,
        county=organisation.county,
        business_number=organisation.business_number,
        email_domain=organisation.email_domain,
    )
