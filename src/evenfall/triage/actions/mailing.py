"""Mail that comes in: a new item, a word on one that is known, or kept as of no use."""

import hashlib
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform.events import publish
from evenfall.triage import events, queries
from evenfall.triage.actions.moving import resume_locked
from evenfall.triage.actions.recording import By, lock, record
from evenfall.triage.actions.reporting import TITLE_LENGTH, NewItem, report_item
from evenfall.triage.actions.telling import tell_of_comment
from evenfall.triage.logic.states import PAUSED, Reason, State, What, waits_for
from evenfall.triage.models import Item, ItemMail, MailSource
from evenfall.triage.ports import Source

ACTOR: Final = "mail"
MOST_REFUSED: Final = 100
"""Of so many mails without use each source tells; anybody can send any number."""
LONGEST_COMMENT: Final = 5000
_MOST_ANSWERED: Final = 50
_NOTHING_SAID: Final = "It says nothing: no subject and no text."


class IncomingMail(Struct, frozen=True, kw_only=True):
    """A mail as triage reads it.

    `message_id` and `answered` (what it answers: In-Reply-To and References) are without brackets.
    `own_words` is the text without quoted mails. `attachments` are names. With a `problem` the mail
    is of no use. `by_person` is False where a program or a list may have sent it.
    """

    message_id: str
    answered: tuple[str, ...] = ()
    sender: str
    sender_name: str = ""
    subject: str
    text: str
    own_words: str = ""
    attachments: tuple[str, ...] = ()
    problem: str = ""
    by_person: bool = True


@transaction.atomic
def take_mail(
    *, source_id: int, mail: IncomingMail, item_id: int | None = None, now: datetime
) -> int | None:
    """Take a mail for a source, or for an item that came by it; return the number of a new item.

    Locks the source, so that the same mail twice at once counts once. A closed source takes none.
    """
    source = MailSource.objects.select_for_update().filter(id=source_id, closed_at=None).first()
    key = _key(mail)
    if source is None or ItemMail.objects.filter(source=source, key=key).exists():
        return None
    problem = mail.problem or ("" if mail.subject or mail.text else _NOTHING_SAID)
    if problem:
        _refuse(source, mail, key, problem, now)
        return None
    known = item_id or _answered(source, mail)
    found = known or report_item(new=_new(source, mail), now=now, actor=ACTOR)
    _keep(source, mail, key, found, now)
    if known is not None:
        _comment(known, mail, By(ACTOR, now))
    return None if known else found


def _key(mail: IncomingMail) -> bytes:
    whole = f"{mail.sender}\0{mail.subject}\0{mail.text}"
    return _hash(mail.message_id) if mail.message_id else hashlib.sha256(whole.encode()).digest()


def _hash(message_id: str) -> bytes:
    return hashlib.sha256(f"<{message_id}>".encode()).digest()


def _answered(source: MailSource, mail: IncomingMail) -> int | None:
    """The item of a mail that this one answers, the latest first."""
    keys = [_hash(one) for one in mail.answered[:_MOST_ANSWERED]]
    rows = ItemMail.objects.filter(source=source, key__in=keys, item__isnull=False)
    return rows.order_by("-id").values_list("item_id", flat=True).first() if keys else None


def _new(source: MailSource, mail: IncomingMail) -> NewItem:
    first_line = next((line for line in mail.text.splitlines() if line.strip()), "")
    attached = ", ".join(mail.attachments)
    text = f"{mail.text}\n\nAttached, not kept: {attached}" if attached else mail.text
    return NewItem(
        title=mail.subject or first_line,
        description=text,
        source=Source.MAIL,
        team_id=source.team_id,
        service_id=source.service_id,
        reporter_name=(mail.sender_name or mail.sender)[:100],
        reporter_contact=mail.sender[:200],
    )


def _keep(source: MailSource, mail: IncomingMail, key: bytes, item_id: int, now: datetime) -> None:
    ItemMail.objects.create(
        source=source,
        item_id=item_id,
        key=key,
        sender=mail.sender[:200],
        subject=mail.subject[:TITLE_LENGTH],
        at=now,
    )


def _refuse(
    source: MailSource, mail: IncomingMail, key: bytes, problem: str, now: datetime
) -> None:
    ItemMail.objects.create(
        source=source,
        key=key,
        sender=mail.sender[:200],
        subject=mail.subject[:TITLE_LENGTH],
        problem=problem[:200],
        at=now,
    )
    refused = ItemMail.objects.filter(source=source, item=None).order_by("-id")
    last = refused.values_list("id", flat=True)[MOST_REFUSED - 1 : MOST_REFUSED].first()
    refused.filter(id__lt=last or 0).delete()


def _comment(item_id: int, mail: IncomingMail, by: By) -> None:
    """Note what was written; the answer of the reporter ends the pause that waited for it."""
    item = lock(item_id)
    words = mail.own_words or mail.text or mail.subject
    attached = "".join(f"\nAttached, not kept: {name}" for name in mail.attachments)
    said = f"{mail.sender or 'Somebody'}: {words}{attached}"[:LONGEST_COMMENT]
    record(item, What.COMMENTED, by, text=said)
    _publish(item, by, said)
    if _ends_the_pause(item, mail):
        resume_locked(item, by, text="The reporter answered.")
    tell_of_comment(item, said, now=by.at)


def _ends_the_pause(item: Item, mail: IncomingMail) -> bool:
    """A colleague who writes along in the same thread is not the reporter."""
    if State(item.state) not in PAUSED or not mail.by_person:
        return False
    is_reporter = mail.sender == item.reporter_contact.lower()
    if not is_reporter and identity_queries.person_by_email(mail.sender) is not None:
        return False
    return waits_for(queries.events_of([item.pk])[item.pk]) == Reason.REPORTER.value


def _publish(item: Item, by: By, said: str) -> None:
    publish(
        events.ItemMoved(
            item_id=item.pk,
            team_id=item.team_id,
            title=item.title,
            what=What.COMMENTED.value,
            state=item.state,
            reason=said[:200],
            at=by.at,
            actor=by.actor,
        )
    )
