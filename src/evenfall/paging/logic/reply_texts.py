"""What we write back to a person who answered by text message."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from evenfall.paging.logic.words import Reason, Response

ENGLISH: Final = "en"
LONGEST_TITLE: Final = 80
LISTED: Final = 3

_DONE: Final[Mapping[str, Mapping[Response, str]]] = {
    ENGLISH: {
        Response.ACKNOWLEDGE: "Acknowledged: {title}",
        Response.ON_IT: "You are on it: {title}",
        Response.ESCALATE: "The next person is called: {title}",
        Response.NEED_HELP: "Help is called: {title}",
        Response.RESOLVE: "Resolved: {title}",
    },
    "de": {
        Response.ACKNOWLEDGE: "Bestätigt: {title}",
        Response.ON_IT: "Du bist dran: {title}",
        Response.ESCALATE: "Die nächste Person wird gerufen: {title}",
        Response.NEED_HELP: "Hilfe wird gerufen: {title}",
        Response.RESOLVE: "Gelöst: {title}",
    },
    "fr": {
        Response.ACKNOWLEDGE: "Confirmé : {title}",
        Response.ON_IT: "Vous vous en occupez : {title}",
        Response.ESCALATE: "La personne suivante est appelée : {title}",
        Response.NEED_HELP: "De l'aide est appelée : {title}",
        Response.RESOLVE: "Résolu : {title}",
    },
    "es": {
        Response.ACKNOWLEDGE: "Confirmado: {title}",
        Response.ON_IT: "Usted se encarga: {title}",
        Response.ESCALATE: "Se llama a la siguiente persona: {title}",
        Response.NEED_HELP: "Se pide ayuda: {title}",
        Response.RESOLVE: "Resuelto: {title}",
    },
    "pt": {
        Response.ACKNOWLEDGE: "Confirmado: {title}",
        Response.ON_IT: "Fica consigo: {title}",
        Response.ESCALATE: "A pessoa seguinte é chamada: {title}",
        Response.NEED_HELP: "Foi pedida ajuda: {title}",
        Response.RESOLVE: "Resolvido: {title}",
    },
}
CLOSED, AGAIN, NOTHING, UNKNOWN, WHICH, HOW, EXPLAIN, STARTED = (
    "closed",
    "again",
    "nothing",
    "unknown",
    "which",
    "how",
    "explain",
    "started",
)
_ELSE: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {
        CLOSED: "Already over: {title}",
        AGAIN: "Answered before: {title}",
        NOTHING: "No page waits for your answer.",
        UNKNOWN: "No page of yours has the number {code}.",
        WHICH: "Several pages are open. Send the number of one:",
        HOW: "Not understood. Send {code} to acknowledge, or {code} with one of: on it, escalate,"
        " help, resolve.",
        EXPLAIN: "Evenfall pages you here when you are on call. Answer with the number of the"
        " message, alone or with: on it, escalate, help, resolve. STOP ends these messages.",
        STARTED: "You get pages by text message again.",
    },
    "de": {
        CLOSED: "Schon vorbei: {title}",
        AGAIN: "Schon beantwortet: {title}",
        NOTHING: "Kein Ruf wartet auf deine Antwort.",
        UNKNOWN: "Kein Ruf an dich hat die Nummer {code}.",
        WHICH: "Mehrere Rufe sind offen. Sende die Nummer von einem:",
        HOW: "Nicht verstanden. Sende {code} zum Bestätigen, oder {code} mit: dran, eskalieren,"
        " hilfe, erledigt.",
        EXPLAIN: "Evenfall ruft dich hier, wenn du Bereitschaft hast. Antworte mit der Nummer der"
        " Nachricht, allein oder mit: dran, eskalieren, hilfe, erledigt. STOP beendet das.",
        STARTED: "Du bekommst wieder Rufe als SMS.",
    },
    "fr": {
        CLOSED: "Déjà terminé : {title}",
        AGAIN: "Déjà répondu : {title}",
        NOTHING: "Aucun appel n'attend votre réponse.",
        UNKNOWN: "Aucun appel pour vous n'a le numéro {code}.",
        WHICH: "Plusieurs appels sont ouverts. Envoyez le numéro de l'un :",
        HOW: "Pas compris. Envoyez {code} pour confirmer, ou {code} avec : en cours, escalader,"
        " aide, résolu.",
        EXPLAIN: "Evenfall vous appelle ici quand vous êtes d'astreinte. Répondez avec le numéro du"
        " message, seul ou avec : en cours, escalader, aide, résolu. STOP arrête ces messages.",
        STARTED: "Vous recevez de nouveau les appels par SMS.",
    },
    "es": {
        CLOSED: "Ya terminó: {title}",
        AGAIN: "Ya respondido: {title}",
        NOTHING: "Ningún aviso espera su respuesta.",
        UNKNOWN: "Ningún aviso para usted tiene el número {code}.",
        WHICH: "Hay varios avisos abiertos. Envíe el número de uno:",
        HOW: "No entendido. Envíe {code} para confirmar, o {code} con: en ello, escalar, ayuda,"
        " resuelto.",
        EXPLAIN: "Evenfall le avisa aquí cuando está de guardia. Responda con el número del"
        " mensaje, solo o con: en ello, escalar, ayuda, resuelto. STOP termina estos mensajes.",
        STARTED: "Vuelve a recibir los avisos por SMS.",
    },
    "pt": {
        CLOSED: "Já terminou: {title}",
        AGAIN: "Já respondido: {title}",
        NOTHING: "Nenhum aviso espera a sua resposta.",
        UNKNOWN: "Nenhum aviso para si tem o número {code}.",
        WHICH: "Há vários avisos abertos. Envie o número de um:",
        HOW: "Não entendido. Envie {code} para confirmar, ou {code} com: a tratar, escalar, ajuda,"
        " resolvido.",
        EXPLAIN: "O Evenfall avisa-o aqui quando está de prevenção. Responda com o número da"
        " mensagem, só ou com: a tratar, escalar, ajuda, resolvido. STOP termina estas mensagens.",
        STARTED: "Volta a receber os avisos por SMS.",
    },
}
DONE: Final = MappingProxyType(_DONE)
ELSE: Final = MappingProxyType(_ELSE)
_ACTED: Final = frozenset(
    {
        Reason.ACKNOWLEDGED,
        Reason.MOBILISED,
        Reason.ESCALATED,
        Reason.HELP_WANTED,
        Reason.RESOLVED,
    }
)


def answered(response: Response, reason: Reason, *, title: str, language: str) -> str:
    """What became of an answer, in the reader's language or in English."""
    if reason is Reason.ALREADY_CLOSED:
        return said(CLOSED, language=language, title=title)
    if reason not in _ACTED:
        return said(AGAIN, language=language, title=title)
    words = DONE.get(language, DONE[ENGLISH])[response]
    return words.format(title=title[:LONGEST_TITLE])


def said(what: str, *, language: str, title: str = "", code: int = 0) -> str:
    """One of the texts that are no confirmation."""
    words = ELSE.get(language, ELSE[ENGLISH])[what]
    return words.format(title=title[:LONGEST_TITLE], code=code)


def choices(open_pages: Sequence[tuple[int, str]], *, language: str) -> str:
    """Asks for the number of one of these (number, title)."""
    lines = [f"{code}: {title[:LONGEST_TITLE]}" for code, title in open_pages[:LISTED]]
    return "\n".join([said(WHICH, language=language), *lines])
