"""Which incidents may be the one that somebody is about to declare, and why.

A score is what its parts say, by the weights below; a part about which nothing is known (no service
chosen, no alert) has no say, so that it counts neither for nor against.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from evenfall.incidents.logic.similarity import letters, likeness, plain_title, words

SUGGESTED_FROM: Final = 0.3
HALF_LIFE: Final = timedelta(days=180)
SHOWN_WORDS: Final = 5
_TEXT: Final = 0.35
_SERVICE: Final = 0.2
_ALERTS: Final = 0.15
_TOKEN: Final = re.compile(r"[^\W_]+")


class Wanted(Struct, frozen=True, kw_only=True):
    """What somebody typed so far; `service_id` None: not chosen yet."""

    title: str
    text: str = ""
    service_id: int | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    """An incident that it may be; `ended_at` is None while it is worked on."""

    incident_id: int
    title: str
    text: str
    service_id: int | None
    ended_at: datetime | None
    alert_titles: tuple[str, ...] = ()


class Suggestion(Struct, frozen=True, kw_only=True):
    """`score` is 0 to 1, lower the longer ago it ended; `reasons` are short sentences."""

    incident_id: int
    score: float
    reasons: tuple[str, ...]


def suggest(
    wanted: Wanted, among: Iterable[Candidate], *, now: datetime, limit: int, service: str = ""
) -> list[Suggestion]:
    """Return the likely ones, most likely first; `service` is the name of the chosen one."""
    found = (_suggestion(wanted, one, now=now, service=service) for one in among)
    likely = [one for one in found if one is not None]
    likely.sort(key=lambda one: (-one.score, -one.incident_id))
    return likely[:limit]


def near_equal(one: str, other: str) -> bool:
    """Whether two titles differ in a few letters only, such as a typing error."""
    return letters(plain_title(one), plain_title(other)) > 0


def _suggestion(
    wanted: Wanted, one: Candidate, *, now: datetime, service: str
) -> Suggestion | None:
    nearly = near_equal(wanted.title, one.title)
    text = 1.0 if nearly else _text_likeness(wanted, one)
    alert = _best_alert(wanted.title, one.alert_titles)
    same_service = wanted.service_id is not None and wanted.service_id == one.service_id
    if not (text or alert or (same_service and one.ended_at is None)):
        return None
    score = _weighed(wanted, one, text=text, alert=alert[0] if alert else 0.0)
    score *= _recency(one, now)
    if score < SUGGESTED_FROM:
        return None
    reasons = [
        "Almost the same title" if nearly else _in_common(wanted, one),
        f"Same service: {service}" if same_service and service else "",
        f"Its alert says the same: {alert[1]}" if alert else "",
    ]
    return Suggestion(
        incident_id=one.incident_id,
        score=score,
        reasons=tuple(reason for reason in reasons if reason),
    )


def _text_likeness(wanted: Wanted, one: Candidate) -> float:
    title, its_title = words(wanted.title), words(one.title)
    every, its_every = title | words(wanted.text), its_title | words(one.text)
    return max(likeness(title, its_title), likeness(every, its_every))


def _best_alert(title: str, alert_titles: Iterable[str]) -> tuple[float, str] | None:
    """The alert whose title says most of what was typed, when it says half of it or more."""
    mine = words(title)
    scored = [(likeness(mine, words(other)), other) for other in alert_titles]
    best = max(scored, default=None)
    return best if best is not None and best[0] >= 0.5 else None  # noqa: PLR2004 - half


def _weighed(wanted: Wanted, one: Candidate, *, text: float, alert: float) -> float:
    parts = [(_TEXT, text)]
    if wanted.service_id is not None and one.service_id is not None:
        parts.append((_SERVICE, float(wanted.service_id == one.service_id)))
    if alert:
        parts.append((_ALERTS, alert))
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)


def _recency(one: Candidate, now: datetime) -> float:
    """1 while it is worked on, else half for each half life since its end."""
    if one.ended_at is None:
        return 1.0
    return float(0.5 ** (max(timedelta(), now - one.ended_at) / HALF_LIFE))


def _in_common(wanted: Wanted, one: Candidate) -> str:
    shared = (words(wanted.title) | words(wanted.text)) & (words(one.title) | words(one.text))
    typed = _TOKEN.findall(f"{wanted.title} {wanted.text}")
    shown = dict.fromkeys(token.casefold() for token in typed if words(token) & shared)
    return f"In common: {', '.join(list(shown)[:SHOWN_WORDS])}" if shown else ""
