"""Answering with a signed link, signed in or not."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from evenfall.notifications import actions as notifications_actions
from evenfall.paging import errors
from evenfall.paging.actions.responding import Answered, respond, respond_to_digest
from evenfall.paging.models import Page, Participation
from evenfall.paging.ports import Response

VIA = "link"
PAGE, DIGEST = "page", "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a link is about: a page, or a digest of several."""

    noun: str
    id: int


def meant_by(subject: str) -> Meant:
    """The page or digest of a notice. Raises `PageNotFound` for any other subject."""
    noun, _, number = subject.partition(":")
    if noun not in {PAGE, DIGEST} or not number.isdecimal():
        raise errors.PageNotFound(page_id=number or subject)
    return Meant(noun=noun, id=int(number))


def answer_by_link(*, token: str, response: Response, now: datetime) -> list[Answered]:
    """Spend one answer of a signed link and act on it.

    The pages are locked before the link is spent, for notices come after pages in the order of
    locks. Raises what `notifications` raises for links, and `PageNotFound`.
    """
    with transaction.atomic():
        grant = notifications_actions.read_response(token, now=now)
        meant = meant_by(grant.subject)
        _lock(meant)
        notifications_actions.use_response(token, action=response.value, now=now)
        actor = f"user:{grant.user_id}"
        if meant.noun == DIGEST:
            return respond_to_digest(
                digest_id=meant.id,
                response=response,
                user_id=grant.user_id,
                via=VIA,
                now=now,
                actor=actor,
            )
        answered = respond(
            page_id=meant.id,
            response=response,
            user_id=grant.user_id,
            via=VIA,
            now=now,
            actor=actor,
        )
        return [answered]


def _lock(meant: Meant) -> None:
    ids = [meant.id]
    if meant.noun == DIGEST:
        listed = Participation.objects.filter(digest_id=meant.id)
        ids = list(listed.values_list("page_id", flat=True))
    list(Page.objects.select_for_update().filter(id__in=ids).order_by("id"))
