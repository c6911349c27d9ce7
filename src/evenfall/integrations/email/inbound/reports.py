"""A mail for the review: what triage is told of it, and what the reporter is told."""

import re
from datetime import UTC
from email.utils import parseaddr
from typing import Final

from django.conf import settings

from evenfall.integrations.email.inbound.arriving import Arrived
from evenfall.integrations.email.inbound.boxes import ReportBox, is_ours
from evenfall.integrations.email.inbound.guards import why_no_answer, why_no_report
from evenfall.integrations.email.inbound.mail import Mail
from evenfall.integrations.email.inbound.own_words import own_words
from evenfall.integrations.email.inbound.replying import ShortAnswer
from evenfall.integrations.email.item_address import item_address
from evenfall.triage import actions as triage_actions
from evenfall.triage import queries as triage_queries
from evenfall.triage.actions import IncomingMail

_ID: Final = re.compile(r"<([^<>\s]{1,500})>")
_PLAIN: Final = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[a-z0-9.-]+", re.ASCII)
_MOST_ATTACHMENTS: Final = 20
_LONGEST_NAME: Final = 100


def take_report(
    mail: Mail, arrived: Arrived, box: ReportBox, *, problem: str
) -> ShortAnswer | None:
    """Hand a mail on to the review; return what to tell its reporter, if anything.

    A `problem` is kept instead of the mail. Raises what the database raises.
    """
    sender, ours = arrived.envelope_sender, settings.EVENFALL.mail_from
    refused = why_no_report(mail, envelope_sender=sender, our_sender=ours)
    by_person = not why_no_answer(mail, envelope_sender=sender, our_sender=ours)
    item_id = triage_actions.take_mail(
        source_id=box.source_id,
        mail=_incoming(mail, problem=problem or refused, by_person=by_person),
        item_id=box.item_id,
        now=arrived.at,
    )
    if item_id is None or not box.answers or not by_person or not _may_answer(mail):
        return None
    return _receipt(mail, arrived, item_id)


def _incoming(mail: Mail, *, problem: str, by_person: bool) -> IncomingMail:
    answered = f"{mail.header('In-Reply-To')} {mail.header('References')}"
    return IncomingMail(
        message_id=_message_id(mail),
        answered=tuple(dict.fromkeys(_ID.findall(answered))),
        sender=mail.sender,
        sender_name=parseaddr(mail.header("From"))[0],
        subject=mail.subject,
        text=mail.text,
        own_words=own_words(mail.text),
        attachments=tuple(
            (one.name or one.type)[:_LONGEST_NAME] for one in mail.attachments[:_MOST_ATTACHMENTS]
        ),
        problem=problem,
        by_person=by_person,
    )


def _message_id(mail: Mail) -> str:
    given = mail.header("Message-ID")
    found = _ID.search(given)
    return found[1] if found else given.strip("<> ")


def _may_answer(mail: Mail) -> bool:
    """Only to one plain address, and never to one that mail comes in to."""
    is_plain = mail.sender.isascii() and _PLAIN.fullmatch(mail.sender) is not None
    return is_plain and not is_ours(mail.sender)


def _receipt(mail: Mail, arrived: Arrived, item_id: int) -> ShortAnswer:
    item = triage_queries.item(item_id, now=arrived.at)
    due = item.next_clock.due_at if item.next_clock else None
    lines = [f"Thank you. {item.team.name} has it as number {item_id}."]
    if due is not None:
        lines.append(f"You get an answer until {due.astimezone(UTC):%Y-%m-%d %H:%M} UTC.")
    lines += ["", "To add something, answer this mail."]
    return ShortAnswer(
        about=f"reporter {mail.sender}",
        to=mail.sender,
        subject=f"[#{item_id}] {item.title}"[:200],
        text="\n".join(lines),
        in_reply_to=mail.header("Message-ID"),
        reply_to=item_address(item_id),
    )
