"""Changes of people: profile, role, deactivation, sessions."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from evenfall.identity import errors, events
from evenfall.identity.actions import checks, site, tokens
from evenfall.identity.models import ApiToken, User, as_dict
from evenfall.identity.permissions import Role
from evenfall.platform.events import publish


@transaction.atomic
def change_profile(  # one form, one action
    *, user_id: int, name: str, time_zone: str, language: str, now: datetime, actor: str
) -> None:
    """Change how somebody is called and reads. Raises `NameMissing`, `UnknownTimeZone`, …."""
    user = lock_user(user_id)
    fields = {
        "name": checks.clean_name(name),
        "time_zone": checks.clean_zone(time_zone),
        "language": checks.clean_language(language),
    }
    _change(user, fields, now=now, actor=actor)


@transaction.atomic
def change_role(*, user_id: int, role: str, now: datetime, actor: str) -> None:
    """Give a role on the site. Raises `UnknownRole` and `LastAdministrator`."""
    new_role = checks.clean_role(role)
    site.lock_site()
    user = lock_user(user_id)
    if new_role is not Role.ADMIN:
        _keep_an_administrator(user)
    _change(user, {"role": new_role.value}, now=now, actor=actor)


@transaction.atomic
def deactivate_user(*, user_id: int, now: datetime, actor: str) -> None:
    """Shut somebody out: no sign-in, no session, no token. Nothing they did is removed.

    Raises `LastAdministrator`. Doing it twice does nothing.
    """
    site.lock_site()
    user = lock_user(user_id)
    if not user.is_active:
        return
    _keep_an_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    held = list(ApiToken.objects.select_for_update().filter(user_id=user_id, revoked_at=None))
    tokens.revoke_rows(held, now=now, actor=actor)
    _end_sessions(user_id, except_key=None)
    publish(
        events.UserDeactivated(
            user_id=user_id,
            before={"is_active": True},
            after={"is_active": False},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def reactivate_user(*, user_id: int, now: datetime, actor: str) -> None:
    """Let somebody sign in again, with the role they had. Tokens stay revoked."""
    user = lock_user(user_id)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    publish(
        events.UserReactivated(
            user_id=user_id,
            before={"is_active": False},
            after={"is_active": True},
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def end_sessions(*, user_id: int, keep: str | None, now: datetime, actor: str) -> int:
    """Sign somebody out of all browsers but the one with the session key `keep`."""
    lock_user(user_id)
    count = _end_sessions(user_id, except_key=keep)
    if count:
        publish(events.SessionsEnded(user_id=user_id, count=count, at=now, actor=actor))
    return count


@transaction.atomic
def forget_dead_sessions(*, now: datetime) -> int:
    """Remove expired sessions and the list entries of sessions that are gone; return how many."""
    Session.objects.filter(expire_date__lt=now).delete()
    living = Session.objects.values("session_key")
    count, _ = UserSession.objects.exclude(session_key__in=living).delete()
    return int(count)


@transaction.atomic
def record_sign_in(*, user_id: int, address: str, now: datetime) -> None:
    """Note in the audit that somebody signed in, from this IP address."""
    actor = f"user:{user_id}"
    publish(events.SignedIn(user_id=user_id, address=address, at=now, actor=actor))


@transaction.atomic
def record_sign_in_change(*, user_id: int, what: str, now: datetime) -> None:
    """Note in the audit that somebody changed how they sign in."""
    actor = f"user:{user_id}"
    publish(events.SignInChanged(user_id=user_id, what=what, at=now, actor=actor))


@transaction.atomic
def record_ended_sessions(*, user_id: int, count: int, now: datetime) -> None:
    """Note in the audit that somebody signed out of so many other browsers."""
    actor = f"user:{user_id}"
    publish(events.SessionsEnded(user_id=user_id, count=count, at=now, actor=actor))


def lock_user(user_id: int) -> User:
    """Return the row, locked until the transaction ends; raise `UserNotFound`."""
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise errors.UserNotFound(user_id=user_id)
    return user


def _change(user: User, fields: dict[str, Any], *, now: datetime, actor: str) -> None:
    before = as_dict(user, *fields)
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    publish(
        events.UserChanged(
            user_id=user.id,
            before={name: before[name] for name in changed},
            after=changed,
            at=now,
            actor=actor,
        )
    )


def _keep_an_administrator(user: User) -> None:
    """Raise `LastAdministrator` when the site would be left without one.

    Two administrators who demote each other at once would both see the other one: so every
    caller holds the lock on the settings of the site, taken before any lock on a user.
    """
    if user.role != Role.ADMIN or not user.is_active:
        return
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(id=user.id)
    if not others.exists():
        raise errors.LastAdministrator


def _end_sessions(user_id: int, *, except_key: str | None) -> int:
    sessions = list(UserSession.objects.filter(user_id=user_id).exclude(session_key=except_key))
    for session in sessions:
        session.end()
    return len(sessions)
