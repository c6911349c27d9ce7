"""Answering a notice: with a signed link, or over the channel that brought it."""

from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.notifications import actions as notifications_actions
from evenfall.paging import errors
from evenfall.paging.actions.rehearsing import REHEARSAL, answer_rehearsal
from evenfall.paging.actions.responding import Answered, respond, respond_to_digest
from evenfall.paging.models import Page, Participation
from evenfall.paging.ports import Response

VIA = "link"
PAGE, DIGEST = "page", "digest"


class Meant(Struct, frozen=True, kw_only=True):
    """What a link is about: a page, a digest of several, or a rehearsal of the rules."""

    noun: str
    id: int


def meant_by(subject: str) -> Meant:
    """The page, digest or rehearsal of a notice. Raises `PageNotFound` for any other subject."""
    noun, _, number = subject.partition(":")
    if noun not in {PAGE, DIGEST, REHEARSAL} or not number.isdecimal():
        raise errors.PageNotFound(page_id=number or subject)
    return Meant(noun=noun, id=int(number))


def answer_by_link(*, token: str, response: Response, now: datetime) -> list[Answered]:
    """Spend one answer of a signed link and act on it.

    Raises what `notifications` raises for links, and `PageNotFound`.
    """
    with transaction.atomic():
        grant = notifications_actions.read_response(token, now=now)
        return _answer(grant, response=response, via=VIA, now=now)


def answer_notice(*, notice_id: int, response: Response, via: str, now: datetime) -> list[Answered]:
    """Act on an answer that came back over the channel of the notice itself.

    `via` is the kind of channel. The caller has proved that the answer is its reader's. Raises
    what `notifications` raises for answers, and `PageNotFound`.
    """
    with transaction.atomic():
        grant = notifications_actions.grant_of_notice(notice_id)
        return _answer(grant, response=response, via=via, now=now)


def _answer(
    grant: notifications_actions.ResponseGrant, *, response: Response, via: str, now: datetime
) -> list[Answered]:
    """The pages are locked before the answer is spent: notices come after pages in that order."""
    meant, user_id = meant_by(grant.subject), grant.user_id
    if meant.noun == REHEARSAL:
        notifications_actions.use_response(grant, action=response.value, now=now)
        answer_rehearsal(user_id=user_id, now=now)
        return []
    _lock(meant)
    notifications_actions.use_response(grant, action=response.value, now=now)
    actor = f"user:{user_id}"
    if meant.noun == DIGEST:
        return respond_to_digest(
            digest_id=meant.id, response=response, user_id=user_id, via=via, now=now, actor=actor
        )
    answered = respond(
        page_id=meant.id, response=response, user_id=user_id, via=via, now=now, actor=actor
    )
    return [answered]


def _lock(meant: Meant) -> None:
    ids = [meant.id]
    if meant.noun == DIGEST:
        listed = Participation.objects.filter(digest_id=meant.id)
        ids = list(listed.values_list("page_id", flat=True))
    list(Page.objects.select_for_update().filter(id__in=ids).order_by("id"))
