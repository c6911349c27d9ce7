"""Help with words: finds what sounds like blame, and suggests what helps people learn.

Advice for the writer alone. Nothing here stops anybody, and nothing is counted or shown to others.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from msgspec import Struct

ONE_FACTOR: Final = "only one factor"
LONGEST_GAP: Final = timedelta(minutes=15)


class Rule(StrEnum):
    PERSON = "person"
    JUDGEMENT = "judgement"
    HUMAN_ERROR = "human_error"
    COUNTERFACTUAL = "counterfactual"
    ONE_CAUSE = "one_cause"
    OUTAGE = "outage"
    VAGUE = "vague"
    GAP = "gap"


class Hint(Struct, frozen=True, kw_only=True):
    """`start` and `end` are places in the text, in characters; `word` is what a mute names."""

    rule: Rule
    word: str
    found: str
    line: int
    start: int
    end: int
    why: str
    suggestion: str


class _Pattern(Struct, frozen=True):
    rule: Rule
    words: tuple[str, ...]
    why: str
    suggestion: str


_PATTERNS: Final = (
    _Pattern(
        Rule.JUDGEMENT,
        (
            *("careless", "carelessly", "negligent", "should have known", "obviously", "simply"),
            *("just", "failed to", "forgot", "mistake by", "blame", "at fault", "sloppy"),
            *("fault of", "my fault", "his fault", "her fault", "their fault", "our fault"),
        ),
        "It judges people with what is known only afterwards.",
        "Say what was seen and known at that moment, and what happened.",
    ),
    _Pattern(
        Rule.HUMAN_ERROR,
        ("human error", "operator error", "user error", "human mistake"),
        "It ends the search where it begins: somebody else would have done the same.",
        "What made the action look right then? Name the tool, the screen or the rule.",
    ),
    _Pattern(
        Rule.COUNTERFACTUAL,
        (
            *("should have", "could have", "would have", "if only", "did not notice"),
            *("didn't notice", "ought to have"),
        ),
        "It tells of something that did not happen.",
        "Say here what did happen, and make what should happen an action.",
    ),
    _Pattern(
        Rule.ONE_CAUSE,
        ("root cause", "the cause", "sole cause", "single cause"),
        "Nothing breaks for one reason alone; the others stay hidden behind it.",
        "List contributing factors, each with why it made sense.",
    ),
)
_OUTAGE: Final = _Pattern(
    Rule.OUTAGE,
    ("outage", "total failure", "complete failure"),
    "Not everything was down, and readers plan with this word.",
    "Write “degradation”, and which part of the requests or users was hit.",
)
_VAGUE: Final = _Pattern(
    Rule.VAGUE,
    (
        *("improve", "investigate", "be careful", "be more careful", "monitor better", "retrain"),
        *("pay attention", "look into", "raise awareness"),
    ),
    "Nobody can tell when it is done.",
    "Name an outcome that can be checked, such as “an alert rings within 2 minutes when …”.",
)
_FAILURE: Final = (
    *("broke", "deleted", "crashed", "failed", "forgot", "missed", "ignored", "caused", "dropped"),
    *("misconfigured", "overlooked", "neglected", "skipped", "overwrote", "took down"),
)
_BETWEEN: Final = r"(?:\s+[\w'\u2019]+){0,3}?\s+"
_HANDLE: Final = r"@[A-Za-z0-9_][\w.-]*"


def hints(
    text: str,
    *,
    names: Collection[str] = (),
    is_partial: bool = False,
    about_actions: bool = False,
    muted: Collection[str] = (),
) -> list[Hint]:
    """What may sound like blame, in the order of the text.

    `names` are people who could be meant. `is_partial`: not everything was down. `about_actions`:
    the text says what to do, so that vague verbs are looked for. `muted` words are passed over.
    """
    silent = {word.casefold() for word in muted}
    found = [*_people(text, names), *_words(text, _PATTERNS)]
    found += _words(text, (_OUTAGE,) * is_partial + (_VAGUE,) * about_actions)
    kept = [hint for hint in found if hint.word.casefold() not in silent]
    return sorted(kept, key=lambda hint: (hint.start, hint.end, hint.rule))


def one_factor(names: Collection[str], *, muted: Collection[str] = ()) -> list[Hint]:
    """A hint where only one contributing factor is named; it has no place in a text."""
    if len(names) != 1 or ONE_FACTOR in {word.casefold() for word in muted}:
        return []
    return [
        Hint(
            rule=Rule.ONE_CAUSE,
            word=ONE_FACTOR,
            found=next(iter(names)),
            line=1,
            start=0,
            end=0,
            why="It is the only factor, and nothing breaks for one reason alone.",
            suggestion="What else had to be so that it could happen, or go unseen?",
        )
    ]


def gaps(moments: Sequence[datetime], *, until: datetime | None = None) -> list[Hint]:
    """Holes in a timeline: more than 15 minutes of the active time about which nothing is told.

    `moments` may come in any order; those after `until` are not looked at. `start` and `end` are
    0, because a hole has no place in the text; `line` counts the entries from 1.
    """
    active = sorted(moment for moment in moments if until is None or moment <= until)
    return [
        Hint(
            rule=Rule.GAP,
            word="timeline gap",
            found=f"{before:%H:%M} to {after:%H:%M} UTC",
            line=number,
            start=0,
            end=0,
            why=f"Nothing is told for {(after - before) // timedelta(minutes=1)} minutes.",
            suggestion="What did people try, believe or wait for then?",
        )
        for number, (before, after) in enumerate(pairwise(active), start=1)
        if after - before > LONGEST_GAP
    ]


def _people(text: str, names: Collection[str]) -> Iterator[Hint]:
    """A name or a handle with a failure verb at most three words behind it."""
    known = [re.escape(name.strip()) for name in sorted(names, key=len, reverse=True)]
    who = "|".join([*(name for name in known if name), _HANDLE])
    verbs = "|".join(map(re.escape, _FAILURE))
    pattern = re.compile(rf"(?<!\w)(?P<who>{who}){_BETWEEN}(?:{verbs})(?!\w)", re.IGNORECASE)
    for match in pattern.finditer(text):
        yield _hint(
            text,
            match,
            _Pattern(
                Rule.PERSON,
                (),
                "A person stands beside what went wrong; readers stop there.",
                "Name the role, such as “the on-call engineer”, and what the system allowed.",
            ),
            match["who"],
        )


def _words(text: str, patterns: Iterable[_Pattern]) -> Iterator[Hint]:
    for pattern in patterns:
        for word in pattern.words:
            spaced = r"\s+".join(map(re.escape, word.split()))
            for match in re.finditer(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE):
                yield _hint(text, match, pattern, word)


def _hint(text: str, match: re.Match[str], pattern: _Pattern, word: str) -> Hint:
    return Hint(
        rule=pattern.rule,
        word=word,
        found=" ".join(match[0].split()),
        line=text.count("\n", 0, match.start()) + 1,
        start=match.start(),
        end=match.end(),
        why=pattern.why,
        suggestion=pattern.suggestion,
    )
