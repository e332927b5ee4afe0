"""Django's settings, read from the environment; README.md lists every variable.

Where no database or Redis is named, the project's own are used: `config.up` starts them.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from accounts import rates
from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.development_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where the site is reached, for links in e-mail.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
# Whom the privacy notice names, and where one writes to about one's data.
OPERATOR = env.str("OPERATOR", default="")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "consult",
    "consult.pages",  # has no tables: listed so that its commands and its admin are found
    "comments",
    "accounts",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "accounts.origins.remember_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.agreeing.AskBeforeWriting",
    "accounts.leaving.lead_to_another_site",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consult.pages.furniture.page_furniture",
            ],
        },
    }
]

# --- PostgreSQL and Redis ---------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=embedded.default_database_url())
}
# What a restarted server left dead in the pool is replaced before a page meets it.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    pool={"min_size": 1, "max_size": 16, "timeout": 10},
    # After so many times a connection keeps the plan of a statement: of those of
    # `comments.prepared`, since Django's own have their values in them.
    prepare_threshold=3,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=embedded.default_redis_url())


def redis_database(redis_url: str) -> str:
    """The number of the database that the address names."""
    address = urlsplit(redis_url)
    named = dict(parse_qsl(address.query)).get("db")
    return named or (address.path.strip("/") if address.scheme != "unix" else "") or "0"


def celery_url(redis_url: str) -> str:
    """The same server in the form that Celery reads, which has its own word for a Unix socket."""
    address = urlsplit(redis_url)
    if address.scheme != "unix":
        return redis_url
    return f"redis+socket://{address.path}?virtual_host={redis_database(redis_url)}"


CACHES = {
    "default": {
        "BACKEND": "config.caching.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        # A cache that doesn't answer is gone without: it must not hold up a post.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # Takes over what must be counted while Redis is away. Its rows are removed when they are
    # over, never to make room: room is what a flood would take.
    "database": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cachedindatabase",
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # Published messages know no database numbers: two sites on one server keep apart by this.
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"asgi:{redis_database(REDIS_URL)}"},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = celery_url(REDIS_URL)
CELERY_RESULT_BACKEND = CELERY_BROKER_URL
CELERY_RESULT_EXPIRES = 3600
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TIMEZONE = "Asia/Taipei"
# Keeps no state: each task asks the database what is due, so nothing is lost with a file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "announce windows": {"task": "consult.pages.tasks.announce_windows", "schedule": 10.0},
    "ask for due reports": {"task": "consult.reports.tasks.ask_for_due_reports", "schedule": 60.0},
    "flag reports": {"task": "consult.reports.tasks.flag_reports", "schedule": 60.0},
    # What beat missed for longer than an hour.
    "flag reports of the week": {
        "task": "consult.reports.tasks.flag_reports",
        "schedule": crontab(hour="3", minute="40"),
        "args": (24 * 7,),
    },
    "take up reports": {"task": "consult.reports.tasks.take_up_reports", "schedule": 30.0},
    "take up files": {"task": "consult.reports.tasks.take_up_files", "schedule": 30.0},
    "remove old files": {"task": "consult.reports.tasks.remove_old_files", "schedule": 3600.0},
    "purge what is over": {"task": "accounts.tasks.purge_what_is_over", "schedule": 3600.0},
    "purge rate counts": {"task": "accounts.tasks.purge_rate_counts", "schedule": 3600.0},
    "send waiting invitations": {
        "task": "accounts.tasks.send_waiting_invitations",
        "schedule": 60.0,
    },
    "tell of waiting verifications": {
        "task": "accounts.tasks.tell_of_waiting_verifications",
        "schedule": 60.0,
    },
    "remove forgotten files": {
        "task": "consult.pages.tasks.remove_forgotten_files",
        "schedule": 3600.0,
    },
    "remove unclaimed files": {
        "task": "comments.tasks.remove_unclaimed_files",
        "schedule": crontab(hour="4", minute="10"),
    },
    "spread the word": {"task": "comments.tasks.take_up_unspread", "schedule": 60.0},
    "compare what is left": {"task": "comments.tasks.take_up_uncompared", "schedule": 60.0},
    "remind of closings": {"task": "comments.tasks.remind_of_closing", "schedule": 600.0},
    "write at once": {"task": "comments.tasks.write_at_once", "schedule": 60.0},
    "write digests": {
        "task": "comments.tasks.write_digests",
        "schedule": crontab(hour="7", minute="30"),
    },
    "send waiting reminders": {
        "task": "consult.reports.tasks.send_waiting_reminders",
        "schedule": 60.0,
    },
    "forget addresses": {"task": "consult.reports.tasks.forget_addresses", "schedule": 3600.0},
    "take up carrying": {"task": "comments.tasks.take_up_carrying", "schedule": 60.0},
    "bring search up to date": {
        "task": "comments.tasks.bring_search_up_to_date",
        "schedule": 60.0,
    },
}

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.SessionBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# On a phone each field is one too many: who has no password signs in by code or passkey.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_FORMS = {"signup": "accounts.signing_up.SignUpForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.newcomers.NewcomerForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# One address an account: a new one takes the old one's place once its code is entered.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Added to allauth's own, which slow down guessing at one account.
ACCOUNT_RATE_LIMITS = {
    "signup": rates.SIGN_UP.for_allauth,
    "login": rates.SIGN_IN.for_allauth,
}
# A file of domains whose addresses can't sign up, one a line; empty for none.
DISPOSABLE_EMAIL_DOMAINS = env.str("DISPOSABLE_EMAIL_DOMAINS", default="")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# Whoever's account changes is told by e-mail, so that nobody else can change it unseen.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Before a change of address, of a factor or of a connected service: is it still the same person?
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Mail may take minutes. Three wrong codes end it.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True

MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.passkeys.AddPasskeyForm",
    "edit_webauthn": "accounts.passkeys.RenamePasskeyForm",
    "login_webauthn": "accounts.passkeys.PasskeySignInForm",
    "authenticate_webauthn": "accounts.passkeys.PasskeySecondStepForm",
    "reauthenticate_webauthn": "accounts.passkeys.PasskeyConfirmationForm",
}
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# Sign-in services of others: each is there once its client is named.
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ServiceAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.outside.ServiceSignupForm"}
# Everyone chooses a display name.
SOCIALACCOUNT_AUTO_SIGNUP = False
# Whom a service signed in by a verified address stays known to it when the address changes.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
if OIDC_CLIENT_ID:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "service",
                "name": env.str("OIDC_NAME", default="OpenID Connect"),
                "client_id": OIDC_CLIENT_ID,
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": env.str("OIDC_SERVER_URL")},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
        # An address that the service says it has verified opens the account of that address.
        "EMAIL_AUTHENTICATION": True,
    }
LINE_CLIENT_ID = env.str("LINE_CLIENT_ID", default="")
if LINE_CLIENT_ID:
    INSTALLED_APPS.append("allauth.socialaccount.providers.line")
    SOCIALACCOUNT_PROVIDERS["line"] = {
        "APPS": [
            {
                "name": "LINE",
                "client_id": LINE_CLIENT_ID,
                "secret": env.str("LINE_CLIENT_SECRET", default=""),
            }
        ],
        # No address: LINE does not say whether it is verified, so ours is asked for and verified.
        "SCOPE": ["profile", "openid"],
    }

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@localhost")

# --- languages and time -----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Taipei"
USE_TZ = True

# --- moderation -------------------------------------------------------------------------------

# How many first comments of a new account wait for a moderator; 0 holds none.
HOLD_FIRST_COMMENTS = env.int("HOLD_FIRST_COMMENTS", default=0)

# --- static files -----------------------------------------------------------------------------

# True once `collectstatic` has run: names then carry a hash and are cached for ever.
STATIC_COLLECTED = env.bool("STATIC_COLLECTED", default=False)
STATIC_URL = "static/"
STATIC_ROOT = (
    Path(env.str("STATIC_ROOT", default=str(embedded.local_folder() / "static")))
    if STATIC_COLLECTED
    else None
)
# What people hand in. No address leads there: views that ask who may see it read from it.
PRIVATE_FILES_ROOT = Path(
    env.str("PRIVATE_FILES", default=str(embedded.local_folder() / "private"))
)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
# A file that is edited while the site runs is served as it is now.
WHITENOISE_AUTOREFRESH = not STATIC_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if STATIC_COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": PRIVATE_FILES_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

# --- safety -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Gives back what was typed into a form that was open too long.
CSRF_FAILURE_VIEW = "consult.pages.talking.csrf_refused"
# Behind a proxy that ends TLS and sets X-Forwarded-Proto.
HTTPS = env.bool("HTTPS", default=False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname:.1} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "django.channels.server": {"level": "WARNING"},
        # Beat asks every few seconds what is due: only what goes wrong is worth a line.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
# An address is unique without regard to case, by a constraint on the table.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
