"""Background work of identity: mails that may wait."""

import json
from datetime import datetime

from django.core.mail import EmailMessage, send_mail
from django.db import transaction
from django.template.loader import render_to_string

from evenfall.identity import actions, errors, queries
from evenfall.platform import crypto
from evenfall.platform.clock import utc_now
from evenfall.platform.jobs import job
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


@transaction.atomic
def invite_by_mail(
    *, email: str, role: str, team_id: int | None, invited_by: int, now: datetime, actor: str
) -> int:
    """Open an invitation and have it mailed, both or neither; return its id."""
    invitation_id = actions.invite(
        email=email, role=role, team_id=team_id, invited_by=invited_by, now=now, actor=actor
    )
    send_invitation.defer(invitation_id=invitation_id)
    return invitation_id


@transaction.atomic
def renew_by_mail(*, invitation_id: int, now: datetime, actor: str) -> None:
    """Make a new link and have it mailed, both or neither."""
    actions.renew_invitation(invitation_id=invitation_id, now=now, actor=actor)
    send_invitation.defer(invitation_id=invitation_id)


@job()
def send_invitation(invitation_id: int) -> None:
    """Mail the link. An invitation that was taken back or accepted meanwhile is skipped."""
    now = utc_now()
    try:
        view = queries.invitation(invitation_id, now=now)
    except errors.InvitationNotFound:
        log.info("invitation_gone", invitation_id=invitation_id)
        return
    site_name = queries.site().site_name
    text = render_to_string(
        "identity/mail/invitation.txt",
        {
            "invitation": view,
            "link": actions.invitation_link(invitation_id=invitation_id, now=now),
            "site_name": site_name,
        },
    )
    send_mail(f"Join {site_name}", text, None, [view.email])


def mail_later(message: EmailMessage) -> None:
    """Have a mail sent in the background, so that a slow mail server delays no sign-in.

    What is queued is encrypted: the mail may carry a link that resets a password.
    """
    plain = json.dumps([message.subject, message.body, message.to])
    send_sealed_mail.defer(sealed=crypto.encrypt(plain))


@job()
def send_sealed_mail(sealed: str) -> None:
    """Send a mail that `mail_later` queued, as plain text."""
    subject, body, to = json.loads(crypto.decrypt(sealed))
    send_mail(subject, body, None, to)


@job(periodic="17 3 * * *")
def forget_dead_sessions(timestamp: int) -> None:  # noqa: ARG001 - every periodic job is told when it was due
    """Every night: remove sessions that expired, and what was noted about them."""
    actions.forget_dead_sessions(now=utc_now())
