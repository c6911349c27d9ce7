"""Django's settings, all derived from the typed environment."""

from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict

from evenfall.config import connections
from evenfall.config.environment import read
from evenfall.identity import auth_settings

EVENFALL = read()

DOMAINS = (
    "platform",
    "identity",
    "catalog",
    "changes",
    "notifications",
    "telemetry",
    "oncall",
    "paging",
    "runbooks",
    "alerting",
    "monitors",
    "slo",
    "incidents",
    "foresight",
    "releases",
    "rollouts",
    "postmortems",
    "statuspages",
    "triage",
    "insights",
    "patterns",
    "chat",
    "importing",
    "manifests",
)

SECRET_KEY = EVENFALL.secret_keys[0]
SECRET_KEY_FALLBACKS = list(EVENFALL.secret_keys[1:])
DEBUG = EVENFALL.debug
ALLOWED_HOSTS = [
    urlsplit(EVENFALL.public_url).hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "[::1]",
    *EVENFALL.allowed_hosts,
]
CSRF_TRUSTED_ORIGINS = [EVENFALL.public_url]

INSTALLED_APPS = [
    "evenfall.config",
    "evenfall.web",
    *[f"evenfall.{name}" for name in DOMAINS],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "evenfall.config.own_domains.OwnDomainMiddleware",
    "evenfall.config.errors.ApiProblemMiddleware",
    "evenfall.config.plain_input.PlainAddressMiddleware",
    "evenfall.config.compression.CompressPages",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "evenfall.config.errors.DomainErrorMiddleware",
    "evenfall.platform.live.LivePositionMiddleware",
    "evenfall.platform.once.ReadOnceMiddleware",
]
ROOT_URLCONF = "evenfall.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "evenfall.platform.selects.Renderer"


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a libpq URL; what it has no word for goes to the driver."""
    parts = conninfo_to_dict(url)
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    known = {names[key]: value for key, value in parts.items() if key in names}
    options = {key: value for key, value in parts.items() if key not in names}
    return {
        "ENGINE": "evenfall.platform.postgres",
        "NAME": "evenfall",
        **known,
        "OPTIONS": {**connections.options(), **options},
        # requests run in threads that come and go: the pool keeps connections, threads do not
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(EVENFALL.database_url or "postgresql:///evenfall")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = EVENFALL.data_dir / "static"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

_HTTPS = EVENFALL.public_url.startswith("https://")
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.SELF],
    "object-src": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000

_SMTP = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": EVENFALL.mail_host,
        "port": EVENFALL.mail_port,
        "username": EVENFALL.mail_user,
        "password": EVENFALL.mail_password,
        "use_tls": EVENFALL.mail_security == "starttls",
        "use_ssl": EVENFALL.mail_security == "tls",
        "timeout": 10,
    },
}
_NO_MAIL = {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
MAILERS = {"default": _SMTP if EVENFALL.mail_host else _NO_MAIL}
DEFAULT_FROM_EMAIL = EVENFALL.mail_from

LOGGING_CONFIG = None  # platform.logs configures logging once, for every process

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_READONLY_MODELS = True

AUTH_USER_MODEL = "identity.User"
INSTALLED_APPS += auth_settings.installed_apps(EVENFALL)
MIDDLEWARE += auth_settings.MIDDLEWARE
globals().update(auth_settings.allauth_settings(EVENFALL))
