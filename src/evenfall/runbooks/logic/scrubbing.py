"""Secrets do not belong into logs, whoever wrote them there."""

import base64
import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

MASK: Final = "•••"
MOST_LOG: Final = 10_000
# what is shorter says nothing, and taking it out would leave no word whole
_SHORTEST: Final = 4


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets, also where they are encoded, cut to what a log may hold."""
    forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST}
    # the longest first: a secret may be a part of another
    for form in sorted(forms, key=lambda one: (-len(one), one)):
        text = text.replace(form, MASK)
    plain = text.replace("\0", "")
    return plain if len(plain) <= MOST_LOG else f"{plain[:MOST_LOG]}\n… (cut)"


def _forms(secret: str) -> Iterable[str]:
    """How a secret may look: as it is, without "Bearer" before it, and encoded."""
    words = [secret, *secret.splitlines(), *secret.split()]
    for word in dict.fromkeys(words):
        yield word
        yield base64.b64encode(word.encode()).decode()
        yield quote(word, safe="")
        yield quote_plus(word)
        yield json.dumps(word)[1:-1]
