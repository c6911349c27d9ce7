"""What sign-in needs of Django's settings; `config/settings.py` merges it.

Nobody can sign up by themselves: an account begins with an invitation (see `adapters`).
Passwords, second factors, passkeys, sessions and OpenID Connect are django-allauth's work.
"""

from typing import Any, Protocol


class Environment(Protocol):
    """The part of the typed environment that sign-in reads."""

    @property
    def public_url(self) -> str: ...
    @property
    def sign_in_oidc_name(self) -> str: ...
    @property
    def sign_in_oidc_server(self) -> str: ...
    @property
    def sign_in_oidc_client_id(self) -> str: ...
    @property
    def sign_in_oidc_secret(self) -> str: ...


_APPS = [
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "evenfall.identity.access.ViewerMiddleware",
]

_PASSWORDS = "django.contrib.auth.password_validation"


def installed_apps(environment: Environment) -> list[str]:
    """Return the apps of sign-in; a provider nobody uses would cost each process 6 MB."""
    provider = "allauth.socialaccount.providers.openid_connect"
    return [*_APPS, provider] if environment.sign_in_oidc_server else _APPS


def allauth_settings(environment: Environment) -> dict[str, Any]:
    """Return all settings of sign-in by their names."""
    return {**_django(), **_accounts(environment), **_second_factor(), **_providers(environment)}


def _django() -> dict[str, Any]:
    return {
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "account_login",
        "SESSION_COOKIE_SAMESITE": "Lax",
        # allauth's own backend: the only one, so that its rate limits cannot be gone round
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{_PASSWORDS}.UserAttributeSimilarityValidator"},
            {"NAME": f"{_PASSWORDS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
            {"NAME": f"{_PASSWORDS}.CommonPasswordValidator"},
            {"NAME": f"{_PASSWORDS}.NumericPasswordValidator"},
        ],
    }


def _accounts(environment: Environment) -> dict[str, Any]:
    https = environment.public_url.startswith("https://")
    return {
        "ACCOUNT_ADAPTER": "evenfall.identity.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        # an invitation proves the first address; any other is verified before it counts
        "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if https else "http",
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,
        "ACCOUNT_RATE_LIMITS": {
            "login": "30/m/ip",
            "login_failed": "10/m/ip,5/5m/key",
            "reset_password": "20/m/ip,5/m/key",
            "reauthenticate": "10/m/user",
            "change_password": "5/m/user",
        },
        "USERSESSIONS_ADAPTER": "evenfall.identity.adapters.SessionsAdapter",
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }


def _second_factor() -> dict[str, Any]:
    return {
        "MFA_ADAPTER": "evenfall.identity.adapters.SecondFactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": "Evenfall",
        "MFA_TOTP_TOLERANCE": 1,
    }


def _providers(environment: Environment) -> dict[str, Any]:
    return {
        "SOCIALACCOUNT_ADAPTER": "evenfall.identity.adapters.ProviderAdapter",
        "SOCIALACCOUNT_ONLY": False,
        "SOCIALACCOUNT_AUTO_SIGNUP": True,
        # A form on the way would be stopped by our content security policy: browsers apply
        # form-action to the redirect to the provider too.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        # The one provider is chosen by whoever runs this: an address it has verified is
        # enough to sign in to the account which has that address.
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_PROVIDERS": _openid_connect(environment),
    }


def _openid_connect(environment: Environment) -> dict[str, Any]:
    if not (environment.sign_in_oidc_server and environment.sign_in_oidc_client_id):
        return {}
    app = {
        "provider_id": "oidc",
        "name": environment.sign_in_oidc_name or "Single sign-on",
        "client_id": environment.sign_in_oidc_client_id,
        "secret": environment.sign_in_oidc_secret,
        "settings": {"server_url": environment.sign_in_oidc_server},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
