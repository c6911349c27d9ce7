"""Which address stands for what: an integration, a source of the review, or an answer."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import KnownSender
from evenfall.integrations.email.item_address import is_item_word, item_of
from evenfall.integrations.email.reply_address import is_reply_word, notice_of
from evenfall.platform.mail_in import word_in
from evenfall.triage import queries as triage_queries
from evenfall.triage.ports import MAIL_WORD

KIND: Final = "email"
_KEY_LENGTH: Final = 32


class AlertBox(Struct, frozen=True, kw_only=True):
    """The address of an integration; `tag` is what stands behind the plus sign."""

    sender: KnownSender
    key: str
    tag: str


class AnswerBox(Struct, frozen=True, kw_only=True):
    """The address for answers to one notice, whose seal was right."""

    notice_id: int


class ReportBox(Struct, frozen=True, kw_only=True):
    """The address of a source of the review, or with `item_id` that of an item which came by it."""

    source_id: int
    answers: bool
    item_id: int | None = None


type Box = AlertBox | AnswerBox | ReportBox


def is_ours(address: str) -> bool:
    """Whether an address has our domain; everything else would be relaying."""
    return word_in(address) is not None


def box_of(address: str, *, now: datetime) -> Box | None:
    """What an address stands for; None for one that nobody has. Raises what the database raises.

    A secret that nobody has is noted for people, since it may be one that was rotated away.
    """
    word = word_in(address)
    if word is None:
        return None
    if is_reply_word(word):
        notice_id = notice_of(word, now=now)
        return None if notice_id is None else AnswerBox(notice_id=notice_id)
    if is_item_word(word) or word.lower().startswith(MAIL_WORD):
        return _report_box(word)
    key, _, tag = word.partition("+")
    for form in dict.fromkeys((key.lower(), key)):
        sender = alerting_queries.sender_of_key(form, kind=KIND, now=now)
        if sender is not None:
            return AlertBox(sender=sender, key=key, tag=tag)
    if len(key) == _KEY_LENGTH and key.isalnum():
        alerting_actions.note_unknown_keys(
            count=1, first_at=now, last_at=now, ends_with=key[-4:].lower()
        )
    return None


def _report_box(word: str) -> ReportBox | None:
    if is_item_word(word):
        item_id = item_of(word)
        source = None if item_id is None else triage_queries.mail_source_of_item(item_id)
    else:
        item_id, key = None, word[len(MAIL_WORD) :].lower()
        source = triage_queries.mail_source_of_key(key)
    if source is None:
        return None
    return ReportBox(source_id=source.id, answers=source.answers, item_id=item_id)
