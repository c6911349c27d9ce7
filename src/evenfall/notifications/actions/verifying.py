"""Prove that a contact method belongs to the person who added it.

What a person reads: a code to type. Push: a message whose answer comes back from the device. Web
hook: a signed challenge that the receiver must return. The code is derived from the row and a
serial number with the installation's key: nothing to steal from the database, and asking again
makes the old one void.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.crypto import salted_hmac
from msgspec.structs import replace

from evenfall.notifications import errors
from evenfall.notifications.actions import facts
from evenfall.notifications.actions.planning import VERIFY, plan_notices
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.verification import (
    CODE_LIFETIME,
    Challenge,
    Verdict,
    code_from,
    judge,
    may_ask_again,
)
from evenfall.notifications.models import ContactMethod
from evenfall.notifications.ports import Action, Content, NewNotice, proved_by_code
from evenfall.notifications.queries import absolute
from evenfall.platform.crypto import BadSignature, sign, unsign
from evenfall.platform.errors import DomainError
from evenfall.platform.events import publish

PLACE_OF_CODE: Final = "{code}"
CONFIRM_PATH: Final = "/profile/contact-methods/confirm/"
_PURPOSE: Final = "contact-method"
_REFUSALS: Final[dict[Verdict, type[DomainError]]] = {
    Verdict.WRONG: errors.CodeWrong,
    Verdict.EXPIRED: errors.CodeExpired,
    Verdict.TOO_MANY_GUESSES: errors.TooManyGuesses,
}
_CODE: Final = Content(
    title="Your Evenfall code",
    lines=(f"The code is {PLACE_OF_CODE}.", "It works for 30 minutes."),
    url="/profile/contact-methods/",
)
_TAP: Final = Content(
    title="Confirm this device",
    lines=("Tap Confirm, so that pages reach you here.",),
    actions=(Action(name="verify", label="Confirm"),),
    tag="verify",
)
_CHALLENGE: Final = Content(title="Verification", lines=("Answer with the challenge to confirm.",))


def code_of(method: ContactMethod) -> str:
    """The proof that is asked for now: digits where a person types it, else a long word."""
    value = f"{method.id}.{method.challenge_serial}.{method.address}"
    digest = salted_hmac("evenfall.contact-method", value, algorithm="sha256")
    return code_from(digest.digest()) if proved_by_code(method.kind) else digest.hexdigest()


def confirm_url(method: ContactMethod, *, now: datetime) -> str:
    """The page that finishes the verification on POST, without signing in."""
    token = sign(
        [method.id, method.challenge_serial], purpose=_PURPOSE, now=now, valid_for=CODE_LIFETIME
    )
    return absolute(f"{CONFIRM_PATH}{token}/")


def with_code(content: Content, *, code: str, confirm_url: str) -> Content:
    """The content as it leaves us. What the inbox shows keeps the placeholder."""
    lines = tuple(line.replace(PLACE_OF_CODE, code) for line in content.lines)
    return replace(content, lines=lines, url=content.url or confirm_url)


def ask_verification(*, contact_method_id: int, user_id: int, now: datetime) -> int:
    """Send a new proof to the contact method; returns the notice. The old proof is void.

    Raises ContactMethodNotFound, AskedTooSoon.
    """
    with transaction.atomic():
        method = own_method(contact_method_id, user_id)
        if not may_ask_again(method.challenge_asked_at, now=now):
            raise errors.AskedTooSoon
        return ask(method, now=now)


def ask(method: ContactMethod, *, now: datetime) -> int:
    """As `ask_verification`, for a row that this transaction has locked or made."""
    method.challenge_serial += 1
    method.challenge_asked_at, method.challenge_guesses = now, 0
    method.save(update_fields=["challenge_serial", "challenge_asked_at", "challenge_guesses"])
    notice = NewNotice(
        user_id=method.user_id,
        subject=f"contact-method:{method.id}",
        purpose=VERIFY,
        kind=method.kind,
        contact_method_id=method.id,
        urgency=Urgency.HIGH.value,
        due_at=now,
        content=_content(method.kind),
    )
    return plan_notices(notices=[notice], now=now)[0]


def _content(kind: str) -> Content:
    if proved_by_code(kind):
        return _CODE
    return _TAP if kind == "webpush" else _CHALLENGE


def verify(*, contact_method_id: int, user_id: int, answer: str, now: datetime) -> int:
    """Take a typed code; returns the contact method.

    Raises CodeWrong, CodeExpired, TooManyGuesses, ContactMethodNotFound. The guess is
    counted even when the answer is refused, so the refusal is raised after commit.
    """
    with transaction.atomic():
        method = own_method(contact_method_id, user_id)
        verdict = _judged(method, answer, now)
        if verdict is Verdict.RIGHT:
            mark_verified(method, actor=f"user:{user_id}", now=now)
        else:
            method.challenge_guesses += 1
            method.save(update_fields=["challenge_guesses"])
    if verdict is not Verdict.RIGHT:
        raise _REFUSALS[verdict](field="code")
    return method.id


def confirm(token: str, *, now: datetime) -> int:
    """Take the answer that came back from a device; returns the contact method.

    Raises CodeExpired for a token that is foreign, old or void.
    """
    try:
        method_id, serial = unsign(token, purpose=_PURPOSE, now=now)
    except BadSignature as error:
        raise errors.CodeExpired(field="code") from error
    with transaction.atomic():
        method = ContactMethod.objects.select_for_update().filter(id=method_id).first()
        if method is None or method.challenge_serial != serial:
            raise errors.CodeExpired(field="code")
        mark_verified(method, actor=f"user:{method.user_id}", now=now)
    return method.id


def mark_verified(method: ContactMethod, *, actor: str, now: datetime) -> None:
    """The row is locked by the caller. Verifying also mends what was broken."""
    before = facts.snapshot(method)
    siblings = ContactMethod.objects.filter(user_id=method.user_id, kind=method.kind)
    method.verified_at = method.verified_at or now
    method.broken_at, method.broken_reason = None, ""
    method.is_primary = method.is_primary or not siblings.filter(is_primary=True).exists()
    method.save(update_fields=["verified_at", "broken_at", "broken_reason", "is_primary"])
    after = facts.snapshot(method)
    if before != after:
        publish(facts.changed(method, before=before, after=after, actor=actor, now=now))


def own_method(contact_method_id: int, user_id: int) -> ContactMethod:
    """The locked row of this person. Raises ContactMethodNotFound."""
    method = (
        ContactMethod.objects.select_for_update()
        .filter(id=contact_method_id, user_id=user_id)
        .first()
    )
    if method is None:
        raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
    return method


def _judged(method: ContactMethod, answer: str, now: datetime) -> Verdict:
    if method.challenge_asked_at is None:
        return Verdict.EXPIRED
    challenge = Challenge(
        code=code_of(method),
        asked_at=method.challenge_asked_at,
        guesses=method.challenge_guesses,
    )
    return judge(challenge, answer=answer, now=now)
