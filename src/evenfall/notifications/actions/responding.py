"""Signed links that answer a notice. Looking at one never acts; each answer works once."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest
from typing import Final, Protocol

import msgspec
from django.db import transaction
from django.utils.crypto import salted_hmac
from msgspec import Struct

from evenfall.notifications import errors
from evenfall.notifications.logic.responding import LIFETIME, LinkPayload, MalformedPayloadError
from evenfall.notifications.logic.responding import pack as pack_link
from evenfall.notifications.logic.responding import unpack as unpack_link
from evenfall.notifications.models import Notice, ResponseUse
from evenfall.notifications.ports import Action, ActionLink, Content
from evenfall.notifications.queries import absolute
from evenfall.platform.crypto import BadSignature, sign, unsign

_PURPOSE: Final = "response"
_PROOF_BYTES: Final = 9  # 72 bits: beyond guessing for a link that lives a week
_LONGEST_ID: Final = 18


class HasOwner(Protocol):
    """A notice, or the view of one."""

    @property
    def id(self) -> int: ...
    @property
    def user_id(self) -> int: ...


class ResponseGrant(Struct, frozen=True, kw_only=True):
    """What the holder of a link may do. `action` is the answer the link offers first, or ""."""

    notice_id: int
    user_id: int
    subject: str
    action: str
    actions: tuple[Action, ...]


def response_url(notice: HasOwner, action: str = "", *, now: datetime) -> str:
    """The absolute address of the page that offers `action` first and acts on POST."""
    return url_of(notice, action, now=now)


def url_of(notice: HasOwner, action: str, *, now: datetime) -> str:
    payload = LinkPayload(notice_id=notice.id, user_id=notice.user_id, action=action)
    token = sign(pack_link(payload), purpose=_PURPOSE, now=now, valid_for=LIFETIME)
    return absolute(f"/r/{token}/")


def short_url(notice: HasOwner) -> str:
    """As `response_url`, in some forty characters: for text messages. It ends as the notice does.

    The code is the number of the notice and twelve signs that only we can make.
    """
    return absolute(f"/s/{notice.id}-{_short_proof(notice.id, notice.user_id)}/")


def read_short(code: str, *, now: datetime) -> str:
    """The response address behind a short one. Raises ResponseLinkInvalid."""
    number, _, proof = code.partition("-")
    row = None
    if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID:
        row = Notice.objects.filter(id=int(number)).first()
    if row is None or not compare_digest(
        proof.encode(), _short_proof(row.id, row.user_id).encode()
    ):
        raise errors.ResponseLinkInvalid
    if now > row.planned_at + LIFETIME:
        raise errors.ResponseLinkInvalid
    return url_of(row, "", now=now)


def _short_proof(notice_id: int, user_id: int) -> str:
    digest = salted_hmac("evenfall.short-link", f"{notice_id}.{user_id}", algorithm="sha256")
    return urlsafe_b64encode(digest.digest()[:_PROOF_BYTES]).decode()


class HasActions(HasOwner, Protocol):
    @property
    def actions(self) -> tuple[Action, ...]: ...


def response_links(notice: HasActions, *, now: datetime) -> tuple[ActionLink, ...]:
    """One link for each answer that a notice offers."""
    return links_of(notice, notice.actions, now=now)


def links_of(
    notice: HasOwner, actions: Iterable[Action], *, now: datetime
) -> tuple[ActionLink, ...]:
    return tuple(
        ActionLink(name=action.name, label=action.label, url=url_of(notice, action.name, now=now))
        for action in actions
    )


def read_response(token: str, *, now: datetime) -> ResponseGrant:
    """What this link allows. Changes nothing. Raises ResponseLinkInvalid."""
    payload = _payload(token, now)
    row = Notice.objects.filter(id=payload.notice_id, user_id=payload.user_id).first()
    if row is None:
        raise errors.ResponseLinkInvalid
    return _grant(row, action=payload.action)


def grant_of_notice(notice_id: int) -> ResponseGrant:
    """What the reader of a notice may answer, for a channel that knows whose answer it carries.

    The channel has proved that: by the number of a phone and the code of the message, by the
    signature of a chat. Raises NoticeNotFound.
    """
    row = Notice.objects.filter(id=notice_id).first()
    if row is None:
        raise errors.NoticeNotFound(notice_id=notice_id)
    return _grant(row, action="")


def use_response(grant: ResponseGrant, *, action: str, now: datetime) -> None:
    """Spend one answer of a notice, in the caller's transaction.

    Raises ResponseNotOffered, ResponseAlreadyUsed. Races with a second tap: a unique index lets
    one of them through.
    """
    names = [offered.name for offered in grant.actions]
    if action not in names:
        raise errors.ResponseNotOffered(action=action, offered=", ".join(names), field="action")
    with transaction.atomic():
        _, is_new = ResponseUse.objects.get_or_create(
            notice_id=grant.notice_id, action=action, defaults={"used_at": now}
        )
        Notice.objects.filter(id=grant.notice_id, read_at=None).update(read_at=now)
    if not is_new:
        raise errors.ResponseAlreadyUsed


def _grant(row: Notice, *, action: str) -> ResponseGrant:
    return ResponseGrant(
        notice_id=row.id,
        user_id=row.user_id,
        subject=row.subject,
        action=action,
        actions=msgspec.convert(row.content, Content).actions,
    )


def _payload(token: str, now: datetime) -> LinkPayload:
    try:
        return unpack_link(str(unsign(token, purpose=_PURPOSE, now=now)))
    except (BadSignature, MalformedPayloadError) as error:
        raise errors.ResponseLinkInvalid from error
