"""What the subject of an alert mail says: is it over, how bad is it, which alert is it.

One rule for each, made for people who can see a subject and nothing else:
over      the subject begins with one of the words for it, with a sign after it or in brackets:
          "Resolved: disk full", "[OK] disk"; words of four letters and more also in capitals alone
severity  one of the words for it stands anywhere in the subject; the worst one counts
which     the word after the plus sign of the address, else sender and subject without such words

The words can be replaced with the mapping of the integration: ``resolve = RESOLVED, OK``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from evenfall.alerting.ports import Severity

RESOLVE: Final = "resolve"
USUAL_WORDS: Final[Mapping[str, str]] = {
    RESOLVE: "resolved, recovered, recovery, cleared, up, ok",
    Severity.CRITICAL: "critical, crit, emergency, fatal, disaster, down, p1",
    Severity.ERROR: "error, failed, failure, major, p2",
    Severity.WARNING: "warning, warn, minor, p3",
    Severity.INFO: "info, information, notice, p4, p5",
}
# words that say which state an alert is in; they are no part of its name
_STATES: Final = (
    *("problem", "firing", "triggered", "alert", "alarm", "new", "unknown", "unreachable", "is"),
)
_SIGNS: Final = ":])>!|*=.,"
_PLAIN_FROM: Final = 4
_FORWARDED: Final = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|enc)\s*:\s*)+", re.IGNORECASE)
_EDGES: Final = " \t:;,.!-*#=|()[]{}<>"


class Subject:
    """A subject as an integration reads it; `mapping` holds the words that replace the usual."""

    def __init__(self, subject: str, mapping: Mapping[str, str]) -> None:
        self._text = _FORWARDED.sub("", subject).strip()
        self._mapping = mapping

    @property
    def is_over(self) -> bool:
        found = _begins(self._text, self._words(RESOLVE))
        if found is None:
            return False
        bare = self._text.lstrip(_EDGES)
        word, rest = bare[:found], bare[found:].lstrip()
        return not rest or rest[0] in _SIGNS or (word.isupper() and found >= _PLAIN_FROM)

    @property
    def severity(self) -> Severity | None:
        for severity in Severity:
            if any(_stands_in(word, self._text) for word in self._words(severity)):
                return severity
        return None

    @property
    def name(self) -> str:
        """The subject without the words that change while the alert stays the same."""
        words = [*self._words(RESOLVE), *_STATES]
        words += [word for severity in Severity for word in self._words(severity)]
        rest = self._text
        while (found := _begins(rest, words)) is not None:
            rest = rest.lstrip(_EDGES)[found:]
        left = rest.strip(_EDGES).lower().split()
        while left and left[-1].strip(_EDGES) in words:  # "… is DOWN" becomes "… is UP"
            left.pop()
        return " ".join(left)

    def _words(self, name: str) -> list[str]:
        told = self._mapping.get(name, "") or USUAL_WORDS[name]
        return [word.strip(_EDGES).lower() for word in told.split(",") if word.strip(_EDGES)]


def _begins(text: str, words: Iterable[str]) -> int | None:
    """How long the word is that a text begins with, behind brackets and the like; None if none."""
    bare = text.lstrip(_EDGES).lower()
    for word in sorted(words, key=len, reverse=True):
        if bare.startswith(word) and not bare[len(word) : len(word) + 1].isalnum():
            return len(word)
    return None


def _stands_in(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
