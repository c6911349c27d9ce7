"""What a person meant by a text message: which page, and which answer.

Case, accents, blanks and punctuation do not matter, nor whether the number comes first. The words
of all languages are understood from everybody: who is woken at three writes what comes to mind.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from evenfall.paging.logic.words import Response


class Wish(StrEnum):
    """What a text without an answer to a page asks for."""

    STOP = "stop"  # no more messages to this number
    START = "start"  # messages again
    EXPLAIN = "explain"  # how to answer


class Reply(Struct, frozen=True, kw_only=True):
    """`code` is the number of the message that is answered; `meaning` None: not understood."""

    code: int | None = None
    meaning: Response | Wish | None = None


_WORDS: Final[Mapping[Response, str]] = {
    Response.ACKNOWLEDGE: "ack, acknowledge, acknowledged, acked, ok, okay, k, yes, got it, seen,"
    " ja, jep, bestatigt, bestatige, bestatigen, gesehen, quittiert, quittieren, verstanden,"
    " oui, vu, recu, confirme, confirmer, d accord, je confirme,"
    " si, visto, recibido, enterado, confirmo, confirmar, confirmado,"
    " sim, recebido",
    Response.ON_IT: "on it, i m on it, im on it, i am on it, working, working on it, mine,"
    " dran, bin dran, ich bin dran, bin dabei, ubernehme, ich ubernehme,"
    " je m en occupe, j y suis, je prends, en cours,"
    " en ello, estoy en ello, me encargo, yo me encargo,"
    " estou nisso, a tratar, trato disso, estou a tratar",
    Response.ESCALATE: "escalate, esc, escalate now, next, eskalieren, eskaliere, weiter,"
    " escalader, escalade, suivant, escalar, escala, escalo, siguiente, seguinte",
    Response.NEED_HELP: "get help, need help, i need help, send help, help me, help please,"
    " brauche hilfe, ich brauche hilfe, hilfe bitte, besoin d aide, a l aide,"
    " necesito ayuda, preciso de ajuda, ayudame",
    Response.RESOLVE: "resolve, resolved, fixed, solved, done, erledigt, gelost, behoben, fertig,"
    " resolu, resoudre, regle, corrige, resuelto, resolver, resuelve, solucionado, arreglado,"
    " resolvido, corrigido, feito",
}
# Alone these ask for an explanation, as the rules of the networks want; behind a number for help.
_HELP: Final = frozenset({"help", "hilfe", "aide", "ayuda", "ajuda", "info", "?"})
_WISHES: Final[Mapping[Wish, str]] = {
    Wish.STOP: "stop, stopall, stop all, stopp, unsubscribe, cancel, end, quit, optout, opt out,"
    " revoke, abmelden, arret, arreter, desabonner, baja, parar, pare, cancelar, sair",
    Wish.START: "start, unstop, anmelden, reprendre, alta, iniciar, comecar",
}


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


_MEANINGS: Final = MappingProxyType(
    {word: response for response, words in _WORDS.items() for word in _listed(words)}
)
_WISHED: Final = MappingProxyType(
    {word: wish for wish, words in _WISHES.items() for word in _listed(words)}
)
_CODE: Final = re.compile(r"(?<![\w.:])#?(\d{2,3})(?![\w.:]*\d)")
_SIGNS: Final = re.compile(r"[^\w?]+")
_GLUED: Final = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")  # "12ack"
LONGEST: Final = 400  # whoever writes more does not answer a page


def read_reply(text: str) -> Reply:
    """The number and the answer in a text; "12" alone acknowledges, "ack" alone has no number."""
    if len(text) > LONGEST:
        return Reply()
    code, rest = _split(_normal(text))
    if code is None and rest in _WISHED:
        return Reply(meaning=_WISHED[rest])
    if rest in _HELP:
        return Reply(code=code, meaning=Wish.EXPLAIN if code is None else Response.NEED_HELP)
    if code is not None and not rest:
        return Reply(code=code, meaning=Response.ACKNOWLEDGE)
    return Reply(code=code, meaning=_MEANINGS.get(rest))


def _normal(text: str) -> str:
    """Small letters without accents; what is neither letter nor digit becomes one blank."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return _SIGNS.sub(" ", _GLUED.sub(" ", bare)).strip()


def _split(text: str) -> tuple[int | None, str]:
    """The one number of a text, and its other words; no number where there are several."""
    found = _CODE.findall(text)
    if len(found) != 1:
        return None, text
    rest = _SIGNS.sub(" ", _CODE.sub(" ", text)).strip()
    return int(found[0]), rest
