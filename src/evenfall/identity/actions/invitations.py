"""The only ways to an account: an invitation, or the link for the first administrator."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.identity import errors, events, queries
from evenfall.identity.actions import checks, site
from evenfall.identity.models import Invitation, Membership, User, as_dict
from evenfall.identity.permissions import TEAM_ROLES, Role
from evenfall.platform import crypto
from evenfall.platform.events import publish

FIRST_ADMIN_LINK_LIVES = timedelta(hours=24)
_PURPOSE = "identity.invitation"
_FIRST_ADMIN = "identity.first_admin"
_SHOWN = ("email", "role", "team_id", "expires_at")


class Newcomer(Struct, frozen=True, kw_only=True):
    """What somebody says about themselves while joining. No password: single sign-on only."""

    name: str
    password: str | None
    time_zone: str
    language: str = "en"


@transaction.atomic
def invite(
    *, email: str, role: str, team_id: int | None = None, invited_by: int, now: datetime, actor: str
) -> int:
    """Open an invitation; return its id. The mail goes out by the job `send_invitation`.

    Raises `EmailMissing`, `UnknownRole`, `TeamNotFound` and `EmailTaken`.
    """
    email = checks.clean_email(email)
    if team_id is not None:
        queries.team(team_id)
    if User.objects.filter(email=email).exists():
        raise errors.EmailTaken(email=email)
    try:
        with transaction.atomic():
            row = Invitation.objects.create(
                email=email,
                role=checks.clean_role(role).value,
                team_id=team_id,
                nonce=crypto.new_token(""),
                invited_by_id=invited_by,
                created_at=now,
                expires_at=now + timedelta(days=queries.site().invitation_days),
            )
    except IntegrityError as error:
        raise errors.EmailTaken(email=email) from error
    publish(events.Invited(invitation_id=row.id, after=as_dict(row, *_SHOWN), at=now, actor=actor))
    return row.id


@transaction.atomic
def renew_invitation(*, invitation_id: int, now: datetime, actor: str) -> None:
    """Make a new link; the old one stops working at once."""
    row = _lock_open(invitation_id)
    before = as_dict(row, "expires_at")
    row.nonce = crypto.new_token("")
    row.expires_at = now + timedelta(days=queries.site().invitation_days)
    row.save(update_fields=["nonce", "expires_at"])
    publish(
        events.InvitationRenewed(
            invitation_id=row.id,
            before=before,
            after=as_dict(row, "expires_at"),
            at=now,
            actor=actor,
        )
    )


@transaction.atomic
def revoke_invitation(*, invitation_id: int, now: datetime, actor: str) -> None:
    """Take an invitation back. Raises `InvitationNotFound` when it was accepted already."""
    row = _lock_open(invitation_id)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    publish(
        events.InvitationRevoked(
            invitation_id=row.id, before=as_dict(row, *_SHOWN), at=now, actor=actor
        )
    )


def invitation_link(*, invitation_id: int, now: datetime) -> str:
    """Return the whole address to send. It is signed from the row, so nobody stores it."""
    view = queries.invitation(invitation_id, now=now)
    token = crypto.sign(
        [view.id, view.nonce], purpose=_PURPOSE, now=now, valid_for=view.expires_at - now
    )
    return f"{settings.EVENFALL.public_url}/invite/{token}/"


def read_invitation(*, token: str, now: datetime) -> queries.InvitationView:
    """Return the invitation a link stands for; raise `LinkNotValid`. Changes nothing."""
    try:
        invitation_id, nonce = crypto.unsign(token, purpose=_PURPOSE, now=now)
        view = queries.invitation(invitation_id, now=now)
    except (crypto.BadSignature, errors.InvitationNotFound) as error:
        raise errors.LinkNotValid from error
    if view.nonce != nonce or view.is_expired:
        raise errors.LinkNotValid
    return view


@transaction.atomic
def accept_invitation(*, token: str, newcomer: Newcomer, now: datetime) -> int:
    """Open the account a link stands for, once; return the id of the new user.

    Two who open the same link at once: the row's lock lets one through, the other gets
    `LinkNotValid`. Raises also what `Newcomer`'s fields may be wrong with.
    """
    view = read_invitation(token=token, now=now)
    return join_by_invitation(invitation_id=view.id, newcomer=newcomer, via="invitation", now=now)


@transaction.atomic
def join_by_invitation(*, invitation_id: int, newcomer: Newcomer, via: str, now: datetime) -> int:
    """Use an open invitation up, however its address was proved."""
    try:
        row = _lock_open(invitation_id)
    except errors.InvitationNotFound as error:
        raise errors.LinkNotValid from error
    if not row.is_open(now):
        raise errors.LinkNotValid
    user = _create_user(row.email, Role(row.role), newcomer, via=via, now=now)
    row.accepted_at, row.accepted_by = now, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    if row.team_id is not None:
        _join_team(row.team_id, user, Role(row.role), now=now)
    return user.id


def first_admin_link(now: datetime) -> str | None:
    """Return a link that makes the first administrator; None when there is one already.

    It works until somebody used it or any other, at most for a day.
    """
    if queries.has_administrator():
        return None
    token = crypto.sign("first", purpose=_FIRST_ADMIN, now=now, valid_for=FIRST_ADMIN_LINK_LIVES)
    return f"{settings.EVENFALL.public_url}/welcome/{token}/"


def check_first_admin_link(*, token: str, now: datetime) -> None:
    """Raise `LinkNotValid` when it is damaged, too old, or there is an administrator."""
    try:
        crypto.unsign(token, purpose=_FIRST_ADMIN, now=now)
    except crypto.BadSignature as error:
        raise errors.LinkNotValid from error
    if queries.has_administrator():
        raise errors.LinkNotValid


@transaction.atomic
def accept_first_admin(*, token: str, email: str, newcomer: Newcomer, now: datetime) -> int:
    """Make the first administrator, once; return the id.

    The lock on the row of settings lets two who try at once through one after the other,
    and the second finds the first.
    """
    site.lock_site()
    check_first_admin_link(token=token, now=now)
    email = checks.clean_email(email)
    if User.objects.filter(email=email).exists():
        raise errors.EmailTaken(email=email)
    return _create_user(email, Role.ADMIN, newcomer, via="first_admin", now=now).id


def _create_user(email: str, role: Role, newcomer: Newcomer, *, via: str, now: datetime) -> User:
    user = User(
        email=email,
        name=checks.clean_name(newcomer.name),
        role=role.value,
        time_zone=checks.clean_zone(newcomer.time_zone),
        language=checks.clean_language(newcomer.language),
        created_at=now,
    )
    if newcomer.password is None:
        user.set_unusable_password()
    else:
        user.set_password(checks.clean_password(newcomer.password, user=user))
    user.save()
    # Whoever holds the link reads this address, so it counts as verified.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    after = as_dict(user, "email", "name", "role", "time_zone", "language")
    publish(
        events.UserJoined(user_id=user.id, via=via, after=after, at=now, actor=f"user:{user.id}")
    )
    return user


def _join_team(team_id: int, user: User, role: Role, *, now: datetime) -> None:
    team_role = min(role, TEAM_ROLES[-1], key=lambda one: one.rank)
    Membership.objects.create(team_id=team_id, user=user, role=team_role.value, created_at=now)
    publish(
        events.MembershipChanged(
            team_id=team_id,
            user_id=user.id,
            after={"role": team_role.value},
            at=now,
            actor=f"user:{user.id}",
        )
    )


def _lock_open(invitation_id: int) -> Invitation:
    rows = Invitation.objects.select_for_update().filter(id=invitation_id)
    row = rows.filter(accepted_at=None, revoked_at=None).first()
    if row is None:
        raise errors.InvitationNotFound(invitation_id=invitation_id)
    return row
