"""A pattern that shows a sign is told to whoever answers for it, and becomes work to decide on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.patterns import events
from evenfall.patterns.actions import loading
from evenfall.patterns.logic.signs import Raised, Sign
from evenfall.patterns.logic.states import LIVE, State
from evenfall.patterns.models import Pattern
from evenfall.platform.events import SYSTEM, publish
from evenfall.triage import actions as triage_actions
from evenfall.triage.actions import NewItem
from evenfall.triage.ports import Source

PURPOSE: Final = "learning"
CHANNELS: Final = ("inbox", "email")
_WORDS: Final = {
    Sign.OFTEN: "It happens again and again",
    Sign.NOT_MENDED: "The fix did not hold",
    Sign.ESCAPED: "A problem of a test environment came to production",
}


def tell(pattern: Pattern, raised: Raised, *, now: datetime) -> None:
    """Tell the owner, or those who lead the team, and make an item for the review once."""
    to = _listeners(pattern)
    if pattern.item_id is None and pattern.team_id is not None:
        pattern.item_id = _report(pattern, raised, pattern.team_id, now=now)
        pattern.save(update_fields=["item_id"])
    publish(
        events.PatternRaised(
            **loading.about(pattern, now=now, actor=SYSTEM),
            incident_id=raised.incident_id,
            sign=raised.sign.value,
            text=raised.text,
            user_ids=tuple(to),
            item_id=pattern.item_id,
        )
    )
    _notify(to, pattern, raised, now=now)


def mark_items(*, pattern_ids: Collection[int], now: datetime) -> None:
    """Let the items of patterns that are live count more, and those of no others."""
    rows = Pattern.objects.filter(id__in=pattern_ids)
    known = {row.pk: row for row in rows}
    # those that are there go first: a merged one may have left its item to them
    for number in sorted(pattern_ids, key=lambda one: (one not in known, one)):
        row = known.get(number)
        triage_actions.follow_pattern(
            pattern_id=number,
            item_id=row.item_id if row else None,
            is_live=row is not None and State(row.state) in LIVE,
            now=now,
        )


def _report(pattern: Pattern, raised: Raised, team_id: int, *, now: datetime) -> int:
    view = incidents_queries.incident(raised.incident_id)
    new = NewItem(
        title=f"It comes back: {pattern.title}"[:200],
        description=f"{_WORDS[raised.sign]}: {raised.text}. See [it]({_address(pattern)}).",
        source=Source.PATTERN,
        team_id=team_id,
        service_id=view.service_id,
        environment=view.environment,
        recurs=True,
    )
    return triage_actions.report_item(new=new, now=now, actor=SYSTEM)


def _listeners(pattern: Pattern) -> list[int]:
    """The owner; without one those who lead the team, or are in it; else administrators."""
    wanted: Sequence[int] = [] if pattern.owner_id is None else loading.active([pattern.owner_id])
    if not wanted and pattern.team_id is not None:
        team = identity_queries.team_people([pattern.team_id]).get(pattern.team_id)
        wanted = team.leading_ids if team else ()
    if not wanted:
        wanted = identity_queries.administrators()
    return list(wanted)


def _notify(to: Collection[int], pattern: Pattern, raised: Raised, *, now: datetime) -> None:
    content = Content(
        title=f"{_WORDS[raised.sign]}: {pattern.title}"[:200],
        lines=(f"{raised.text}.", "Is it one problem? Name an owner, or dismiss it."),
        url=_address(pattern),
        tag=f"pattern-{pattern.pk}",
    )
    news = [News(user_id=one, subject=f"pattern:{pattern.pk}", content=content) for one in to]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)


def _address(pattern: Pattern) -> str:
    return f"/patterns/{pattern.pk}/"
