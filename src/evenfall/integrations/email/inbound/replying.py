"""An answer to a page mail: who may, what it means, and what to say when it means nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.integrations.email.inbound.answers import response_in
from evenfall.integrations.email.inbound.guards import why_no_answer
from evenfall.integrations.email.inbound.mail import Mail
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import errors as notifications_errors
from evenfall.paging import actions as paging_actions
from evenfall.paging import errors as paging_errors
from evenfall.paging.ports import Response
from evenfall.platform.logs import get_logger

VIA: Final = "email"
_PAGE: Final = "page:"

log = get_logger(__name__)


class ShortAnswer(Struct, frozen=True, kw_only=True):
    """A mail back to somebody who wrote; no more than a few go out about one thing.

    `link` is a path of ours for people with an account, `reply_to` where an answer goes.
    """

    about: str
    to: str
    subject: str
    text: str
    in_reply_to: str
    link: str = ""
    reply_to: str = ""


def take_answer(
    mail: Mail, notice_id: int, envelope_sender: str | None, *, now: datetime
) -> ShortAnswer | None:
    """Act on a mail to the sealed address of a notice; return what to say back, if anything.

    A second mail with the same answer changes nothing and is not answered. Raises what the
    database raises.
    """
    reason = why_no_answer(
        mail, envelope_sender=envelope_sender, our_sender=settings.EVENFALL.mail_from
    )
    if reason:
        log.info("a mail answers no page", notice=notice_id, why=reason)
        return None
    response = response_in(mail.text)
    if response is None:
        return _say(_UNCLEAR, mail, notice_id)
    try:
        _act(notice_id, response, now)
    except notifications_errors.ResponseAlreadyUsed:
        return None
    except (notifications_errors.ResponseNotOffered, paging_errors.PageNotFound):
        return _say(_NOT_HERE, mail, notice_id)
    except notifications_errors.NoticeNotFound:
        return None
    return None


def _act(notice_id: int, response: Response, now: datetime) -> None:
    """Buttons of a message do not offer "resolve"; who writes it means it."""
    if response is not Response.RESOLVE:
        paging_actions.answer_notice(notice_id=notice_id, response=response, via=VIA, now=now)
        return
    grant = notifications_actions.grant_of_notice(notice_id)
    if not grant.subject.startswith(_PAGE):
        raise paging_errors.PageNotFound(page_id=grant.subject)
    paging_actions.respond(
        page_id=int(grant.subject.removeprefix(_PAGE)),
        response=response,
        user_id=grant.user_id,
        via=VIA,
        now=now,
        actor=f"user:{grant.user_id}",
    )


def _say(words: Mapping[str, str], mail: Mail, notice_id: int) -> ShortAnswer | None:
    if not mail.sender:
        return None
    language = _language(notice_id)
    return ShortAnswer(
        about=f"notice {notice_id}",
        to=mail.sender,
        subject=f"Re: {mail.subject.removeprefix('Re: ')}"[:200],
        text=words.get(language, words["en"]),
        in_reply_to=mail.header("Message-ID"),
        link="/inbox/",
    )


def _language(notice_id: int) -> str:
    try:
        user_id = notifications_actions.grant_of_notice(notice_id).user_id
    except notifications_errors.NoticeNotFound:
        return "en"
    person = identity_queries.people([user_id]).get(user_id)
    return "en" if person is None else person.language[:2]


_UNCLEAR: Final = {
    "en": (
        "Your mail changed nothing: the page goes on. Answer with one of these words in the first "
        "line: ack, on it, escalate, help, resolve."
    ),
    "de": (
        "Deine Mail hat nichts geändert: Der Ruf läuft weiter. Antworte mit einem dieser Wörter in "
        "der ersten Zeile: bestätigt, bin dran, eskalieren, Hilfe, gelöst."
    ),
    "fr": (
        "Votre message n'a rien changé : l'appel continue. Répondez avec un de ces mots en "
        "première ligne : reçu, je m'en occupe, escalader, aide, résolu."
    ),
    "es": (
        "Su mensaje no cambió nada: el aviso sigue. Responda con una de estas palabras en la "
        "primera línea: recibido, me encargo, escalar, ayuda, resuelto."
    ),
    "pt": (
        "A sua mensagem não mudou nada: o aviso continua. Responda com uma destas palavras na "
        "primeira linha: recebido, estou nisso, escalonar, ajuda, resolvido."
    ),
}
_NOT_HERE: Final = {
    "en": "This answer is not possible for that message. Open Evenfall to see where it stands.",
    "de": "Diese Antwort geht bei dieser Nachricht nicht. Öffne Evenfall, um den Stand zu sehen.",
    "fr": "Cette réponse n'est pas possible pour ce message. Ouvrez Evenfall pour voir l'état.",
    "es": "Esta respuesta no es posible para ese mensaje. Abra Evenfall para ver su estado.",
    "pt": "Esta resposta não é possível para essa mensagem. Abra o Evenfall para ver o estado.",
}
