"""How often each thing may be done: the one table. Pure: the settings read it for allauth, too."""

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """Whose tries are counted together: of an account, or of a network or other address."""

    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True)
class Limit:
    """At most so many `times` in so many `seconds`, from the first one on.

    `costly` is what sends mail or takes up people's time or space: where nothing can count it,
    it isn't done. Anything else then goes on uncounted.
    """

    name: str
    times: int
    seconds: int
    per: Per
    costly: bool = True

    @property
    def for_allauth(self) -> str:
        """The limit in the words of allauth's ACCOUNT_RATE_LIMITS."""
        return f"{self.times}/{self.seconds}s/{'ip' if self.per == Per.ADDRESS else 'user'}"


MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# A whole school may reach us from one address.
SIGN_UP = Limit("sign-up", 60, HOUR, Per.ADDRESS)
SIGN_IN = Limit("sign-in", 60, MINUTE, Per.ADDRESS)
APPLICATION = Limit("application", 5, DAY, Per.ACCOUNT)
INVITATION = Limit("invitation", 50, DAY, Per.ACCOUNT)
INVITATION_TO_ONE = Limit("invitation to one address", 5, DAY, Per.ADDRESS)
INVITATION_BY_ONE = Limit("invitation by one organisation", 200, DAY, Per.ADDRESS)
JOIN_REQUEST = Limit("join request", 10, DAY, Per.ACCOUNT)
MANDATE = Limit("mandate", 20, DAY, Per.ACCOUNT)
UPLOAD = Limit("upload", 20, HOUR, Per.ACCOUNT)
OWN_DATA = Limit("own data", 5, HOUR, Per.ACCOUNT)
IMPORT = Limit("import", 30, HOUR, Per.ACCOUNT)
REMINDER = Limit("reminder", 60, HOUR, Per.ACCOUNT)
POST = Limit("post", 10, MINUTE, Per.ACCOUNT, costly=False)
# A class may take the same table at once; most are answered from the cache.
EXPORT = Limit("export", 60, MINUTE, Per.ADDRESS)

LIMITS = (
    SIGN_UP,
    SIGN_IN,
    APPLICATION,
    INVITATION,
    INVITATION_TO_ONE,
    INVITATION_BY_ONE,
    JOIN_REQUEST,
    MANDATE,
    UPLOAD,
    OWN_DATA,
    IMPORT,
    REMINDER,
    POST,
    EXPORT,
)
