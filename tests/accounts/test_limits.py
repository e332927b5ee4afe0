"""What is done too often is refused, also while Redis is away."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts import rates
from accounts.limits import LimitReached, _key, purge_counts, spend
from accounts.models import CachedInDatabase, RateCount, User
from accounts.rates import HOUR, LIMITS, MINUTE, Limit, Per
from accounts.tasks import purge_rate_counts
from config.embedded.folders import default_redis_url
from config.embedded.processes import end
from config.embedded.valkey import Valkey
from tests.cast import person

pytestmark = pytest.mark.django_db

THREE = Limit("three", 3, 10 * MINUTE, Per.ADDRESS)
NOWHERE = "redis://127.0.0.1:1/0"
NOW = timezone.now()


@pytest.fixture
def _without_redis(settings: Any) -> None:  # noqa: ANN401 - pytest-django's own
    away = settings.CACHES["default"] | {"LOCATION": NOWHERE}
    settings.CACHES = settings.CACHES | {"default": away}


@pytest.fixture(params=["redis", "database"])
def _wherever(request: pytest.FixtureRequest) -> None:
    """Counted in Redis, and then in the database."""
    if request.param == "database":
        request.getfixturevalue("_without_redis")


def tries(limit: Limit, whom: User | str | None, *, at: dt.datetime = NOW) -> int:
    """How often it may be done before it is refused."""
    for count in range(limit.times + 2):
        try:
            spend(limit, whom=whom, at=at)
        except LimitReached:
            return count
    return limit.times + 2


# --- counting ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_wherever")
def test_so_many_and_no_more() -> None:
    assert tries(THREE, "192.0.2.1") == 3


@pytest.mark.usefixtures("_wherever")
def test_each_is_counted_apart(visitor: User, member: User) -> None:
    other = Limit("other", 3, 10 * MINUTE, Per.ADDRESS)
    mine = Limit("mine", 2, MINUTE, Per.ACCOUNT)
    assert [tries(THREE, address) for address in ("192.0.2.1", "192.0.2.2", None)] == [3, 3, 3]
    assert tries(other, "192.0.2.1") == 3
    assert [tries(mine, user) for user in (visitor, member, visitor)] == [2, 2, 0]


@pytest.mark.usefixtures("_wherever")
def test_a_subscriber_is_one_whatever_address_they_take() -> None:
    assert tries(THREE, "2001:db8:1:2::1") == 3
    assert tries(THREE, "2001:db8:1:2:ffff::9") == 0
    assert tries(THREE, "2001:db8:1:3::1") == 3


@pytest.mark.usefixtures("_wherever")
def test_the_time_runs_from_the_first_try() -> None:
    assert tries(THREE, "192.0.2.1") == 3
    later = NOW + dt.timedelta(minutes=9, seconds=58)
    with translation.override("en"), pytest.raises(LimitReached, match="in 2 seconds") as reached:
        spend(THREE, whom="192.0.2.1", at=later)
    assert reached.value.seconds == 2
    assert tries(THREE, "192.0.2.1", at=NOW + dt.timedelta(minutes=10)) == 3


@pytest.mark.parametrize(
    ("after", "words"),
    [(0, "2 hours"), (61 * MINUTE, "59 minutes"), (119 * MINUTE, "60 seconds"), (7199, "1 second")],
)
def test_the_sentence_says_how_long_to_wait(after: int, words: str) -> None:
    long = Limit("long", 1, 2 * HOUR, Per.ADDRESS)
    spend(long, whom="192.0.2.1", at=NOW)
    at = NOW + dt.timedelta(seconds=after)
    with translation.override("en"), pytest.raises(LimitReached, match=f"again in {words}."):
        spend(long, whom="192.0.2.1", at=at)


def test_an_account_is_no_address(visitor: User) -> None:
    with pytest.raises(TypeError):
        spend(THREE, whom=visitor)
    with pytest.raises(TypeError):
        spend(rates.UPLOAD, whom="192.0.2.1")


def test_what_is_kept_tells_nobody(visitor: User) -> None:
    assert _key(THREE, "192.0.2.1") != _key(THREE, "192.0.2.2")
    assert len(_key(rates.POST, visitor)) == 64
    assert "192.0.2.1" not in _key(THREE, "192.0.2.1")


def test_the_table_is_sound() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    assert all(limit.times > 0 and limit.seconds > 0 for limit in LIMITS)
    assert [limit for limit in LIMITS if not limit.costly] == [rates.POST]
    assert rates.SIGN_UP.for_allauth == "60/3600s/ip"


# --- without Redis ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_without_redis")
def test_tries_at_the_same_moment_are_all_counted() -> None:
    many = Limit("many", 10, MINUTE, Per.ADDRESS)

    def one(_number: int) -> bool:
        try:
            spend(many, whom="192.0.2.1")
        except LimitReached:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(24))) == 10
    assert RateCount.objects.get().count == 24


def _nothing_counts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_ratecount RENAME TO elsewhere")


@pytest.mark.usefixtures("_without_redis")
def test_where_nothing_counts_what_is_costly_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    _nothing_counts()
    with pytest.raises(LimitReached):
        spend(THREE, whom="192.0.2.1")
    # The transaction goes on.
    assert User.objects.count() == 0
    assert "192.0.2.1" not in caplog.text


@pytest.mark.usefixtures("_without_redis")
def test_where_nothing_counts_the_rest_goes_on(visitor: User) -> None:
    _nothing_counts()
    for _try in range(rates.POST.times + 1):
        spend(rates.POST, whom=visitor)


@pytest.mark.usefixtures("_without_redis")
def test_what_rolls_back_leaves_the_count_right(visitor: User) -> None:
    with transaction.atomic():
        spend(rates.UPLOAD, whom=visitor)
        transaction.set_rollback(True)
    spend(rates.UPLOAD, whom=visitor)
    assert RateCount.objects.get().count == 1


@pytest.mark.usefixtures("_without_redis")
def test_counts_that_are_over_are_removed() -> None:
    spend(THREE, whom="192.0.2.1", at=NOW - dt.timedelta(minutes=11))
    spend(THREE, whom="192.0.2.2", at=NOW - dt.timedelta(minutes=9))
    for key, minutes in (("a", -1), ("b", 1)):
        expires = NOW + dt.timedelta(minutes=minutes)
        CachedInDatabase.objects.create(cache_key=key, value="", expires=expires)
    assert purge_counts(at=NOW) == 2
    assert RateCount.objects.get().ends_at > NOW
    assert CachedInDatabase.objects.get().cache_key == "b"
    assert purge_rate_counts() == 0


# --- allauth's own limits ---------------------------------------------------------------------


def sign_in(browser: Client, password: str) -> int:
    typed = {"login": "anyone@example.org", "password": password}
    return browser.post("/accounts/login/", typed).status_code


@pytest.mark.usefixtures("_wherever")
def test_guessing_at_a_password_ends_soon() -> None:
    user = person("anyone")
    user.set_password("很長的密語-123")
    user.save()
    browser = Client()
    answers = [sign_in(browser, "guess") for _try in range(8)]
    # Not even the right one is taken then.
    assert sign_in(browser, "很長的密語-123") == 200
    assert answers == [200] * 8
    assert sign_in(Client(), "很長的密語-123") == 200


@pytest.mark.usefixtures("_wherever")
def test_signing_up_very_often_is_refused(settings: Any) -> None:  # noqa: ANN401
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/h/ip"}
    # Whoever is believed to be a proxy could be anybody.
    headers = [{"x-forwarded-for": f"192.0.2.{number}"} for number in range(4)]
    answers = [Client(headers=each).post("/accounts/signup/", {}).status_code for each in headers]
    assert answers == [200, 200, 429, 429]


@pytest.mark.django_db(transaction=True)
@pytest.mark.linux
def test_guessing_ends_also_when_redis_stops_meanwhile(
    settings: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A Redis of this test's own is stopped for good between two guesses."""
    monkeypatch.setenv("CONSULT_LOCAL", str(tmp_path_factory.mktemp("own")))
    redis = Valkey()
    redis.start_and_wait()
    try:
        own = settings.CACHES["default"] | {"LOCATION": default_redis_url()}
        settings.CACHES = settings.CACHES | {"default": own}
        user = person("anyone")
        user.set_password("很長的密語-123")
        user.save()
        for _try in range(3):
            sign_in(Client(), "guess")
        assert CachedInDatabase.objects.count() == 0
    finally:
        end([redis])
    for _try in range(6):
        sign_in(Client(), "guess")
    assert CachedInDatabase.objects.filter(cache_key__contains="allauth:rl:").exists()
    assert sign_in(Client(), "很長的密語-123") == 200
    assert tries(THREE, "192.0.2.1") == 3
