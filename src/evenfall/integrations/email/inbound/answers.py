"""What a human answered to a page mail, read from the first words above the quoted mail.

Only a known word at the very beginning acts. Nothing at all, a quote, a signature or any other
sentence is *unclear*: a page that goes on is better than one that somebody stopped unawares.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from evenfall.paging.ports import Response

# in English, German, French, Spanish and Portuguese; without accents, in small letters
WORDS: Final[Mapping[Response, tuple[str, ...]]] = {
    Response.ACKNOWLEDGE: (
        *("ack", "acked", "acknowledge", "acknowledged", "ok", "okay", "got it", "seen"),
        *("bestatigt", "bestatige", "quittiert", "quittiere", "gesehen", "verstanden"),
        *("recu", "bien recu", "vu", "compris", "pris en compte", "je confirme"),
        *("recibido", "visto", "entendido", "enterado", "enterada", "confirmo"),
        *("recebido", "recebida", "ciente", "confirmado"),
    ),
    Response.ON_IT: (
        *("on it", "i'm on it", "im on it", "i am on it", "working on it", "i'm working on it"),
        *("bin dran", "ich bin dran", "bin dabei", "ich kummere mich", "kummere mich"),
        *("je m'en occupe", "j'y suis", "je suis dessus", "je suis sur le coup"),
        *("me encargo", "yo me encargo", "estoy en ello", "en ello"),
        *("estou nisso", "estou a tratar", "estou tratando", "estou cuidando", "eu cuido"),
    ),
    Response.ESCALATE: (
        *("escalate", "escalated", "pass it on"),
        *("eskalieren", "eskaliere", "bitte eskalieren", "weitergeben"),
        *("escalader", "escalade", "escaladez", "faire suivre"),
        *("escalar", "escala", "escalado"),
        *("escalonar", "escalona", "escale"),
    ),
    Response.NEED_HELP: (
        *("help", "need help", "i need help", "get help", "help me"),
        *("hilfe", "brauche hilfe", "ich brauche hilfe"),
        *("aide", "a l'aide", "besoin d'aide", "j'ai besoin d'aide", "au secours"),
        *("ayuda", "necesito ayuda"),
        *("ajuda", "preciso de ajuda"),
    ),
    Response.RESOLVE: (
        *("resolve", "resolved", "fixed", "solved", "done"),
        *("gelost", "erledigt", "behoben"),
        *("resolu", "regle", "corrige", "c'est resolu", "c'est regle"),
        *("resuelto", "solucionado", "arreglado"),
        *("resolvido", "corrigido"),
    ),
}
_MEANING: Final = sorted(
    ((phrase, response) for response, phrases in WORDS.items() for phrase in phrases),
    key=lambda pair: -len(pair[0]),  # "ok" must not win over a longer phrase
)
_QUOTE_BEGINS: Final = re.compile(
    r"""^(?:
        >                                               # a quoted line
      | -{2,}\s*$ | _{5,}\s*$ | \*{5,}\s*$              # a signature, Outlook's line
      | -{2,}\s*\w[\w\s'\u2019]*\s*-{2,}\s*$            # ----- Original Message -----
      | (?:on|am|le|el|em|op)\b.{5,200}:\s*$            # On Monday, … wrote:
      | .{3,200}\b(?:wrote|schrieb|ecrit|escribio|escreveu)\s*:\s*$
      | (?:from|von|de|gesendet|sent|envoye|enviado)\s*:\s
      | (?:sent\ from|von\ meinem|gesendet\ (?:von|mit)|envoye\ de(?:puis)?|enviado\ d)\b
    )""",
    re.VERBOSE,
)
_LONGEST_LINE: Final = 300


def response_in(text: str) -> Response | None:
    """The answer that the mail begins with; None when that is nothing we know."""
    line = first_line(text)
    for phrase, response in _MEANING:
        if line == phrase or (line.startswith(phrase) and _ends(line[len(phrase) :])):
            return response
    return None


def first_line(text: str) -> str:
    """The first line somebody wrote, in small letters without accents; "" where all is quoted."""
    for line in text.splitlines():
        plain = _plain(line)
        if _QUOTE_BEGINS.match(plain):
            return ""
        if plain:
            return plain[:_LONGEST_LINE].lstrip("*_#\"'([ ").strip()
    return ""


def _ends(rest: str) -> bool:
    """Whether a phrase is over here: "resolved!" and "ok, thanks", but not "ok?" or "helpful"."""
    if rest[0].isalnum() or rest[0] in "'-_/@":
        return False
    return "?" not in rest


def _plain(line: str) -> str:
    spread = unicodedata.normalize("NFKD", line.casefold())
    letters = "".join(char for char in spread if not unicodedata.combining(char))
    return " ".join(letters.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
