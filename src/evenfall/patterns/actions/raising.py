"""Groups of incidents that are alike become patterns by themselves, when a sign asks for it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Count

from evenfall.catalog.ports import Environment
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns import events
from evenfall.patterns.actions import loading
from evenfall.patterns.actions.telling import tell
from evenfall.patterns.logic.score import ENOUGH
from evenfall.patterns.logic.signs import WITHIN, Raised, Seen, Sign, signs
from evenfall.patterns.logic.states import QUIET, State, Verdict, after_return
from evenfall.patterns.models import IncidentTraits, Member, Pair, Pattern, PatternSign
from evenfall.platform.events import SYSTEM, publish
from evenfall.postmortems import queries as postmortems_queries

MOST_MEMBERS: Final = 200
LEAST: Final = 2


def raise_patterns(*, incident_ids: Sequence[int], now: datetime) -> None:
    """Look for signs around each of these incidents; runs in a transaction, in its turn."""
    for number in incident_ids:
        mine = Member.objects.filter(incident_id=number).select_related("pattern").first()
        pattern = mine.pattern if mine else _pattern_near(number)
        if pattern is None:
            _raise_new(number, now=now)
        else:
            join(pattern, [number], now=now)
            look_again(pattern, now=now)


def look_again(pattern: Pattern, *, now: datetime) -> None:
    """Tell the signs of a pattern that nobody was told of."""
    newest = Member.objects.filter(pattern=pattern).order_by("-opened_at")[:MOST_MEMBERS]
    group = _group([row.incident_id for row in newest])
    _record(pattern, signs(group, mended_at=pattern.mended_at), now=now)


def join(
    pattern: Pattern,
    incident_ids: Collection[int],
    *,
    confirmed: bool = False,
    now: datetime,
    actor: str = SYSTEM,
) -> None:
    """Put incidents that are in no pattern into this one; the others only become confirmed."""
    known = {row.incident_id: row for row in Member.objects.filter(incident_id__in=incident_ids)}
    views = incidents_queries.incidents([one for one in incident_ids if one not in known])
    fresh = [_member(pattern, view, now, confirmed=confirmed) for view in views.values()]
    Member.objects.bulk_create(fresh)
    if confirmed:
        Member.objects.filter(pattern=pattern, incident_id__in=known).update(is_confirmed=True)
    publish(
        *(
            events.IncidentJoinedPattern(
                **loading.about(pattern, now=now, actor=actor),
                incident_id=row.incident_id,
                by_itself=not confirmed,
            )
            for row in fresh
        )
    )


def drop_small(*, now: datetime, actor: str = SYSTEM) -> None:
    """A pattern that has fewer than two incidents left is none."""
    for pattern in Pattern.objects.annotate(n=Count("members")).filter(n__lt=LEAST):
        facts = loading.about(pattern, now=now, actor=actor)
        publish(events.PatternDismissed(**facts, reason="Less than two incidents are left."))
        pattern.delete()


def new_pattern(view: IncidentView, *, state: State, now: datetime) -> Pattern:
    """A pattern that is called what its newest incident is called, of the same team."""
    return Pattern.objects.create(
        title=view.title,
        state=state.value,
        team_id=view.team_id,
        created_at=now,
        state_at=now,
    )


def _raise_new(incident_id: int, *, now: datetime) -> None:
    alike = _neighbours(incident_id)
    taken = Member.objects.filter(incident_id__in=alike).values_list("incident_id", flat=True)
    near = _agreeing([one for one in alike if one not in set(taken)])
    found = signs(_group([incident_id, *near])) if near else []
    if not found:
        return
    ids = {incident_id, *near}
    views = incidents_queries.incidents(ids)
    newest = max(views.values(), key=lambda view: (view.opened_at, view.id))
    pattern = new_pattern(newest, state=State.SUSPECTED, now=now)
    join(pattern, sorted(ids), now=now)
    _record(pattern, found, now=now)


def _record(pattern: Pattern, found: Sequence[Raised], *, now: datetime) -> None:
    """Keep the signs that are new, and tell people of the one that says most."""
    fresh = [raised for raised in found if not _was_told(pattern, raised)]
    PatternSign.objects.bulk_create(
        PatternSign(
            pattern=pattern,
            sign=raised.sign.value,
            incident_id=raised.incident_id,
            text=raised.text[:200],
            at=now,
        )
        for raised in fresh
    )
    if not fresh:
        return
    state = after_return(State(pattern.state))
    if fresh[0].sign is Sign.NOT_MENDED and state.value != pattern.state:
        _reopen(pattern, state, fresh[0], now=now)
    if state not in QUIET and now - _opened_at(fresh[0].incident_id) <= WITHIN:
        tell(pattern, fresh[0], now=now)


def _was_told(pattern: Pattern, raised: Raised) -> bool:
    """That it comes often is told once in 90 days; what one incident shows, once for it."""
    told = PatternSign.objects.filter(pattern=pattern, sign=raised.sign.value)
    if raised.sign is not Sign.OFTEN:
        return told.filter(incident_id=raised.incident_id).exists()
    since = _opened_at(raised.incident_id) - WITHIN
    return IncidentTraits.objects.filter(
        incident_id__in=told.values("incident_id"), opened_at__gte=since
    ).exists()


def _opened_at(incident_id: int) -> datetime:
    return IncidentTraits.objects.get(incident_id=incident_id).opened_at


def _reopen(pattern: Pattern, state: State, raised: Raised, *, now: datetime) -> None:
    facts = loading.about(pattern, now=now, actor=SYSTEM)
    before, pattern.state, pattern.state_at = pattern.state, state.value, now
    pattern.reason = raised.text
    pattern.save(update_fields=["state", "state_at", "reason"])
    publish(events.PatternMoved(**facts, before=before, after=state.value, reason=raised.text))


def _pattern_near(incident_id: int) -> Pattern | None:
    """The pattern of the incident that this one is most alike, of those that are in one.

    One pair that somebody rejected keeps it out of that pattern.
    """
    alike = _neighbours(incident_id)
    members = patterns_of(alike)
    refused = set(patterns_of(_judged_different(incident_id)).values())
    fitting = (members[one] for one in alike if one in members and members[one] not in refused)
    best = next(fitting, None)
    return None if best is None else Pattern.objects.get(id=best)


def patterns_of(incident_ids: Collection[int]) -> dict[int, int]:
    """The pattern that each of these is in; those in none are left out."""
    rows = Member.objects.filter(incident_id__in=incident_ids)
    return dict(rows.values_list("incident_id", "pattern_id"))


def _neighbours(incident_id: int) -> list[int]:
    """What is alike enough and nobody rejected, most alike first."""
    pairs = Pair.objects.exclude(verdict=Verdict.DIFFERENT.value).filter(score__gte=ENOUGH)
    rows = [
        *pairs.filter(one_id=incident_id).values_list("score", "other_id"),
        *pairs.filter(other_id=incident_id).values_list("score", "one_id"),
    ]
    return [number for _, number in sorted(rows, reverse=True)]


def _agreeing(incident_ids: Sequence[int]) -> list[int]:
    """These without any that somebody said is a different problem than one before it."""
    pairs = Pair.objects.filter(
        verdict=Verdict.DIFFERENT.value, one_id__in=incident_ids, other_id__in=incident_ids
    )
    apart = {frozenset(pair) for pair in pairs.values_list("one_id", "other_id")}
    kept: list[int] = []
    for number in incident_ids:
        if not any(frozenset((number, other)) in apart for other in kept):
            kept.append(number)
    return kept


def _judged_different(incident_id: int) -> list[int]:
    pairs = Pair.objects.filter(verdict=Verdict.DIFFERENT.value)
    return [
        *pairs.filter(one_id=incident_id).values_list("other_id", flat=True),
        *pairs.filter(other_id=incident_id).values_list("one_id", flat=True),
    ]


def _group(incident_ids: Collection[int]) -> list[Seen]:
    rows = IncidentTraits.objects.filter(incident_id__in=incident_ids, counts=True)
    lessons = postmortems_queries.lessons(incident_ids)
    return [
        Seen(
            incident_id=row.incident_id,
            environment=Environment(row.environment),
            opened_at=row.opened_at,
            mended_at=lessons[row.incident_id].verified_at if row.incident_id in lessons else None,
        )
        for row in rows
    ]


def _member(pattern: Pattern, view: IncidentView, now: datetime, *, confirmed: bool) -> Member:
    return Member(
        pattern=pattern,
        incident_id=view.id,
        is_confirmed=confirmed,
        opened_at=view.opened_at,
        joined_at=now,
    )
