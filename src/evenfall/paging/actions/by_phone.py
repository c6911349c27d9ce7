"""Pages by telephone: what a call says when somebody picks up, and what their keys do."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import errors as notifications_errors
from evenfall.notifications.ports import Message
from evenfall.notifications.ports.speech import (
    KEYS,
    REPEAT,
    Saying,
    Speech,
    announcement_of,
    keys_for,
    saying,
    wrong_key,
)
from evenfall.paging.actions.links import DIGEST, PAGE, answer_notice
from evenfall.paging.actions.responding import Answered
from evenfall.paging.logic.words import Reason, Response, Status
from evenfall.paging.models import Page
from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger

log = get_logger(__name__)
VIA = "voice"
PURPOSE = "page"  # a rehearsal ends with its answer, whatever pages there are
_DONE = {Response.ACKNOWLEDGE: Saying.ACKNOWLEDGED, Response.ESCALATE: Saying.ESCALATED}

_NOTHING = {Reason.ALREADY_CLOSED, Reason.ALREADY_MOBILISED, Reason.NOTHING_TO_DO}


def pick_up(*, notice_id: int, now: datetime) -> Speech:
    """What to say to whoever picks up. Changes nothing. Raises NoticeNotFound.

    Where the page was answered while the telephone rang, that is said instead.
    """
    message = _called(notice_id, now)
    over = _over(message)
    if over is not None:
        return saying(over, language=message.language)
    return announcement_of(message, now=now)


def press_key(*, notice_id: int, key: str, now: datetime) -> Speech:
    """Act on a key and return what to say next. Raises NoticeNotFound.

    The caller has proved that the key comes from the telephone which the notice called. A key
    that came before, or means nothing, changes nothing; "" is no key in time.
    """
    message = _called(notice_id, now)
    offers = [action.name for action in message.content.actions]
    if not key:
        return saying(Saying.GOODBYE, language=message.language)
    if key == REPEAT:
        return pick_up(notice_id=notice_id, now=now)
    if key not in keys_for(offers):
        return wrong_key(offers=offers, language=message.language)
    outcome = _answer(message, Response(KEYS[key]), now)
    return saying(outcome, language=message.language)


def _called(notice_id: int, now: datetime) -> Message:
    message = notifications_actions.message_of(notice_id, now=now)
    if message.kind != VIA:
        raise notifications_errors.NoticeNotFound(notice_id=notice_id)
    return message


def _answer(message: Message, response: Response, now: datetime) -> Saying:
    notice_id = message.notice_id
    try:
        answered = answer_notice(notice_id=notice_id, response=response, via=VIA, now=now)
    except notifications_errors.ResponseAlreadyUsed:
        return Saying.ALREADY
    except DomainError as error:  # whoever is on the line must hear that it did not work
        log.warning("a key did not work", notice=notice_id, reason=error.message)
        return Saying.FAILED
    return _DONE[response] if message.purpose != PURPOSE else _became(answered, response)


def _became(answered: Sequence[Answered], response: Response) -> Saying:
    if all(one.reason is Reason.ALREADY_CLOSED for one in answered):
        return Saying.CLOSED
    if all(one.reason in _NOTHING for one in answered):
        return Saying.TAKEN
    return _DONE[response]


def _over(message: Message) -> Saying | None:
    """Why there is nothing left to answer, None while there is."""
    noun, _, number = message.subject.partition(":")
    if message.purpose != PURPOSE or noun not in {PAGE, DIGEST}:
        return None
    which = {"id": number} if noun == PAGE else {"participations__digest_id": number}
    states = {
        Status(text) for text in Page.objects.filter(**which).values_list("status", flat=True)
    }
    if any(state.is_seeking for state in states):
        return None
    return Saying.CLOSED if all(state.is_closed for state in states) else Saying.TAKEN
