"""Take what people write back to a text message."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from msgspec import Struct

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.errors import ResponseAlreadyUsed, ResponseNotOffered
from evenfall.notifications.ports import Content, NewNotice
from evenfall.notifications.queries import Answerable, Owner
from evenfall.paging import errors
from evenfall.paging.actions.links import answer_notice, meant_by
from evenfall.paging.actions.responding import Answered, respond
from evenfall.paging.logic import reply_texts
from evenfall.paging.logic.replies import Reply, Wish, read_reply
from evenfall.paging.logic.words import Reason, Response
from evenfall.paging.queries.answering import open_among
from evenfall.platform.logs import get_logger

log = get_logger(__name__)
SMS: Final = "sms"
# Two machines that answer each other must come to an end; a person finds the words in fewer tries.
MOST_HINTS: Final = 3
HINTS_WITHIN: Final = timedelta(minutes=30)
_HINT: Final = "hint"


class _Back(Struct, frozen=True, kw_only=True):
    """What to write back; a hint is rationed, a confirmation is not."""

    text: str
    is_hint: bool = True


def take_text(*, number: str, text: str, message_id: str, now: datetime) -> None:
    """Do what the owner of this number wrote, and write back what became of it.

    `number` is E.164 and proved by the caller, `message_id` the provider's name for the text: one
    that comes twice is taken once. A number that nobody has verified gets no answer. Texts from
    one number are taken one after the other; then locks as `answer_notice`.
    """
    with transaction.atomic():
        notifications_actions.take_turns(address=number)
        _take(number, text, message_id, now)


def _take(number: str, text: str, message_id: str, now: datetime) -> None:
    owners = notifications_queries.owners_of_number(number, kind=SMS)
    if not owners:
        log.info("a text message came from a number that nobody has verified")
        return
    if _came_before(owners, message_id, now):
        return
    reply = read_reply(text)
    if reply.meaning is Wish.STOP:
        notifications_actions.stop_messages(kind=SMS, address=number, now=now)
        return  # the networks forbid to write back
    if reply.meaning is Wish.START:
        notifications_actions.start_messages(kind=SMS, address=number, now=now)
    waiting = notifications_queries.answerable(number, kind=SMS, now=now)
    to, back = _taken(reply, waiting, owners[0], owners, now)
    _write_back(to, back, message_id=message_id, now=now)


def _taken(
    reply: Reply,
    waiting: Sequence[Answerable],
    first: Owner,
    owners: Sequence[Owner],
    now: datetime,
) -> tuple[Owner, _Back]:
    """Act on a reply; returns whom to write back, and what."""
    meaning = reply.meaning
    if isinstance(meaning, Wish):
        what = reply_texts.STARTED if meaning is Wish.START else reply_texts.EXPLAIN
        return first, _Back(text=reply_texts.said(what, language=first.language))
    if meaning is None and reply.code not in {one.code for one in waiting}:
        reply = Reply()  # a number in other words is no code
    found = _meant(reply, waiting)
    if not isinstance(found, Answerable):
        return first, _Back(text=_asked(reply, found, first.language))
    owner = next((one for one in owners if one.user_id == found.user_id), first)
    if meaning is None:
        what, code = reply_texts.HOW, found.code
        return owner, _Back(text=reply_texts.said(what, language=owner.language, code=code))
    return owner, _answer(found, meaning, owner.language, now)


def _meant(reply: Reply, waiting: Sequence[Answerable]) -> Answerable | list[Answerable]:
    """The message that is answered, or those that it could be."""
    if reply.code is not None:
        return next((one for one in waiting if one.code == reply.code), [])
    still = open_among({one.subject for one in waiting})
    candidates = [one for one in waiting if one.subject in still.all]
    if reply.meaning is Response.ACKNOWLEDGE:
        unanswered = [one for one in candidates if one.subject in still.unanswered]
        candidates = unanswered or candidates
    return candidates[0] if len(candidates) == 1 else candidates


def _asked(reply: Reply, candidates: Sequence[Answerable], language: str) -> str:
    """What to ask where the message that is meant cannot be told."""
    if reply.code is not None:
        return reply_texts.said(reply_texts.UNKNOWN, language=language, code=reply.code)
    if not candidates:
        return reply_texts.said(reply_texts.NOTHING, language=language)
    listed = [(one.code, one.title) for one in candidates]
    return reply_texts.choices(listed, language=language)


def _answer(found: Answerable, response: Response, language: str, now: datetime) -> _Back:
    try:
        done = _respond(found, response, now)
    except ResponseAlreadyUsed:
        text = reply_texts.said(reply_texts.AGAIN, language=language, title=found.title)
        return _Back(text=text)
    except (ResponseNotOffered, errors.PageNotFound):
        text = reply_texts.said(reply_texts.HOW, language=language, code=found.code)
        return _Back(text=text)
    reason = done[0].reason if done else Reason.ALREADY_CLOSED
    text = reply_texts.answered(response, reason, title=found.title, language=language)
    return _Back(text=text, is_hint=False)


def _respond(found: Answerable, response: Response, now: datetime) -> list[Answered]:
    """Resolving has no button on a telephone, but whoever writes it means it."""
    if response is Response.RESOLVE and response.value not in found.actions:
        meant = meant_by(found.subject)
        if meant.noun != "page":
            raise ResponseNotOffered(action=response.value, offered=", ".join(found.actions))
        actor = f"user:{found.user_id}"
        return [
            respond(
                page_id=meant.id,
                response=response,
                user_id=found.user_id,
                via=SMS,
                now=now,
                actor=actor,
            )
        ]
    return answer_notice(notice_id=found.notice_id, response=response, via=SMS, now=now)


def _came_before(owners: Sequence[Owner], message_id: str, now: datetime) -> bool:
    since = now - timedelta(days=1)
    return any(
        tag.endswith(f":{message_id}")
        for owner in owners
        for tag in notifications_queries.replies_since(owner.contact_method_id, since=since)
    )


def _write_back(to: Owner, back: _Back, *, message_id: str, now: datetime) -> None:
    """Plan the text, where it is no hint too many."""
    if back.is_hint and _hints(to, now) >= MOST_HINTS:
        return
    sort = _HINT if back.is_hint else "done"
    notice = NewNotice(
        user_id=to.user_id,
        subject=f"contact-method:{to.contact_method_id}",
        purpose=notifications_queries.REPLY,
        kind=SMS,
        contact_method_id=to.contact_method_id,
        due_at=now,
        content=Content(title=back.text, tag=f"{sort}:{message_id}"),
    )
    notifications_actions.plan_notices(notices=[notice], now=now)


def _hints(to: Owner, now: datetime) -> int:
    since = now - HINTS_WITHIN
    tags = notifications_queries.replies_since(to.contact_method_id, since=since)
    return sum(tag.startswith(_HINT) for tag in tags)
