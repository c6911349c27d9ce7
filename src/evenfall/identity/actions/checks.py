"""What people type, checked once for all actions."""

import zoneinfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from evenfall.identity import errors
from evenfall.identity.models import LANGUAGES, User
from evenfall.identity.permissions import TEAM_ROLES, Role

_NAME_LENGTH = 120


def clean_name(name: str) -> str:
    """Return the name without surrounding spaces; raise `NameMissing` for an empty one."""
    name = " ".join(name.split())[:_NAME_LENGTH]
    if not name:
        raise errors.NameMissing(field="name")
    return name


def clean_email(email: str) -> str:
    """Return the address in lower case; raise `EmailMissing` when it is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise errors.EmailMissing(field="email", email=email or "Nothing") from error
    return email


def clean_zone(time_zone: str) -> str:
    """Return an IANA name; raise `UnknownTimeZone`."""
    if time_zone not in zoneinfo.available_timezones():
        raise errors.UnknownTimeZone(field="time_zone", time_zone=time_zone)
    return time_zone


def clean_language(language: str) -> str:
    """Return a language code we have; raise `UnknownLanguage`."""
    known = dict(LANGUAGES)
    if language not in known:
        raise errors.UnknownLanguage(field="language", language=language, known=", ".join(known))
    return language


def clean_role(role: str, *, in_team: bool = False) -> Role:
    """Return the role; raise `UnknownRole`, also for a site role where a team's is asked."""
    known = TEAM_ROLES if in_team else tuple(Role)
    if role not in known:
        raise errors.UnknownRole(field="role", role=role, known=", ".join(known))
    return Role(role)


def clean_password(password: str, *, user: User) -> str:
    """Return a password that is good enough for this user; raise `PasswordTooWeak`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons = " ".join(error.messages).rstrip(".")
        raise errors.PasswordTooWeak(field="password", reasons=reasons) from error
    return password
