"""People say whether two incidents are one problem; patterns are what follows from that."""

from datetime import datetime

from django.db import transaction

from evenfall.incidents import queries as incidents_queries
from evenfall.patterns import errors, events, queries
from evenfall.patterns.actions import loading
from evenfall.patterns.actions.comparing import parts_of
from evenfall.patterns.actions.raising import (
    drop_small,
    join,
    look_again,
    new_pattern,
    patterns_of,
)
from evenfall.patterns.logic.score import compare
from evenfall.patterns.logic.states import State, Verdict
from evenfall.patterns.models import Member, Pair, Pattern, PatternSign
from evenfall.patterns.queries.candidates import weigh_words
from evenfall.patterns.queries.facts import counts
from evenfall.patterns.queries.texts import read_of
from evenfall.platform.events import publish


@transaction.atomic
def confirm_pair(*, incident_id: int, other_id: int, now: datetime, actor: str) -> int:
    """Say that both are one problem, and return the pattern that they are in from now on.

    Two patterns become one, the older. Raises IncidentNotFound, SameIncident, NotAnIncident.
    """
    _check(incident_id, other_id)
    loading.one_at_a_time()
    _judge(incident_id, other_id, Verdict.SAME, now=now, actor=actor)
    pattern = _common(incident_id, other_id, now=now, actor=actor)
    join(pattern, [incident_id, other_id], confirmed=True, now=now, actor=actor)
    if pattern.state == State.SUSPECTED.value:
        _confirm(pattern, now=now, actor=actor)
    look_again(pattern, now=now)
    return pattern.pk


@transaction.atomic
def reject_pair(*, incident_id: int, other_id: int, now: datetime, actor: str) -> None:
    """Say that they are different problems: the pair is never offered again.

    An incident that nobody confirmed in the pattern of the other leaves it. Raises as
    `confirm_pair`.
    """
    _check(incident_id, other_id)
    loading.one_at_a_time()
    _judge(incident_id, other_id, Verdict.DIFFERENT, now=now, actor=actor)
    both = {row.incident_id: row for row in _members(incident_id, other_id)}
    if len({row.pattern_id for row in both.values()}) != 1 or len(both) != 2:  # noqa: PLR2004 - a pair
        return
    unsure = [row for row in (both[incident_id], both[other_id]) if not row.is_confirmed]
    if unsure:
        _leave(max(unsure, key=lambda row: row.opened_at), now=now, actor=actor)


@transaction.atomic
def remove_member(*, pattern_id: int, incident_id: int, now: datetime, actor: str) -> None:
    """Take an incident out: it is a different problem than all that stay.

    Raises PatternNotFound, NotAMember.
    """
    loading.lock(pattern_id)
    row = Member.objects.filter(pattern_id=pattern_id, incident_id=incident_id).first()
    if row is None:
        raise errors.NotAMember(incident_id=incident_id, pattern_id=pattern_id)
    rest = Member.objects.filter(pattern_id=pattern_id).exclude(incident_id=incident_id)
    for other_id in rest.values_list("incident_id", flat=True):
        _judge(incident_id, other_id, Verdict.DIFFERENT, now=now, actor=actor)
    _leave(row, now=now, actor=actor)


@transaction.atomic
def add_member(*, pattern_id: int, incident_id: int, now: datetime, actor: str) -> None:
    """Say that an incident is of this problem too, whatever pattern it was in.

    Raises PatternNotFound, IncidentNotFound, NotAnIncident.
    """
    pattern = loading.lock(pattern_id)
    _count(incident_id)
    Member.objects.filter(incident_id=incident_id).exclude(pattern=pattern).delete()
    newest = Member.objects.filter(pattern=pattern).exclude(incident_id=incident_id)
    other_id = newest.order_by("-opened_at").values_list("incident_id", flat=True).first()
    if other_id is not None:
        _judge(incident_id, other_id, Verdict.SAME, now=now, actor=actor)
    join(pattern, [incident_id], confirmed=True, now=now, actor=actor)
    drop_small(now=now, actor=actor)
    look_again(pattern, now=now)


@transaction.atomic
def dismiss_pattern(*, pattern_id: int, reason: str = "", now: datetime, actor: str) -> None:
    """Its incidents are different problems: none of its pairs is offered again.

    Raises PatternNotFound.
    """
    pattern = loading.lock(pattern_id)
    ids = list(Member.objects.filter(pattern=pattern).values_list("incident_id", flat=True))
    _judge_all_different(ids, now=now, actor=actor)
    facts = loading.about(pattern, now=now, actor=actor)
    publish(events.PatternDismissed(**facts, reason=loading.text_of(reason)))
    pattern.delete()


def _check(incident_id: int, other_id: int) -> None:
    if incident_id == other_id:
        raise errors.SameIncident(field="other_id")
    _count(incident_id)
    _count(other_id)


def _count(incident_id: int) -> None:
    if not counts(incidents_queries.incident(incident_id)):
        raise errors.NotAnIncident(incident_id=incident_id)


def _members(*incident_ids: int) -> list[Member]:
    return list(Member.objects.filter(incident_id__in=incident_ids))


def _judge(incident_id: int, other_id: int, verdict: Verdict, *, now: datetime, actor: str) -> None:
    """Keep the verdict, with the score as it is now where the pair was not found before."""
    one, other = sorted((incident_id, other_id))
    pair = Pair.objects.filter(one_id=one, other_id=other).first() or _scored(one, other, now)
    pair.verdict, pair.judged_by, pair.judged_at = verdict.value, actor, now
    pair.save()
    publish(
        events.PairJudged(
            incident_id=incident_id, other_id=other_id, verdict=verdict.value, at=now, actor=actor
        )
    )


def _judge_all_different(ids: list[int], *, now: datetime, actor: str) -> None:
    """All pairs of a pattern at once; those that were never alike need no row."""
    Pair.objects.filter(one_id__in=ids, other_id__in=ids).update(
        verdict=Verdict.DIFFERENT.value, judged_by=actor, judged_at=now
    )


def _scored(one: int, other: int, now: datetime) -> Pair:
    known = queries.facts([one, other])
    mine, theirs = known[one].traits, known[other].traits
    if mine is None or theirs is None:
        return Pair(one_id=one, other_id=other, score=0.0, found_at=now)
    weigh = weigh_words(mine.words | theirs.words)
    score = compare(mine, theirs, weigh=weigh, read=read_of(one).get(other))
    return Pair(one_id=one, other_id=other, score=score.value, parts=parts_of(score), found_at=now)


def _common(incident_id: int, other_id: int, *, now: datetime, actor: str) -> Pattern:
    """The pattern of both: theirs, or the older of two, or a new one."""
    ids = sorted(set(patterns_of([incident_id, other_id]).values()))
    if not ids:
        views = incidents_queries.incidents([incident_id, other_id])
        newest = max(views.values(), key=lambda view: (view.opened_at, view.id))
        return new_pattern(newest, state=State.CONFIRMED, now=now)
    pattern = Pattern.objects.get(id=ids[0])
    for number in ids[1:]:
        _merge(Pattern.objects.get(id=number), pattern, now=now, actor=actor)
    return pattern


def _merge(gone: Pattern, into: Pattern, *, now: datetime, actor: str) -> None:
    Member.objects.filter(pattern=gone).update(pattern=into)
    known = PatternSign.objects.filter(pattern=into).values_list("sign", "incident_id")
    told = set(known)
    for sign in PatternSign.objects.filter(pattern=gone):
        if (sign.sign, sign.incident_id) not in told:
            sign.pattern = into
            sign.save(update_fields=["pattern"])
    into.item_id = into.item_id or gone.item_id
    into.owner_id = into.owner_id or gone.owner_id
    into.note = "\n\n".join(note for note in (into.note, gone.note) if note)
    into.save(update_fields=["item_id", "owner", "note"])
    publish(events.PatternsMerged(**loading.about(into, now=now, actor=actor), from_id=gone.pk))
    gone.delete()


def _confirm(pattern: Pattern, *, now: datetime, actor: str) -> None:
    before, pattern.state, pattern.state_at = pattern.state, State.CONFIRMED.value, now
    pattern.save(update_fields=["state", "state_at"])
    facts = loading.about(pattern, now=now, actor=actor)
    publish(events.PatternMoved(**facts, before=before, after=pattern.state))


def _leave(row: Member, *, now: datetime, actor: str) -> None:
    """Take it out; one incident that is left alone is no pattern."""
    facts = loading.about(row.pattern, now=now, actor=actor)
    publish(events.IncidentLeftPattern(**facts, incident_id=row.incident_id))
    row.delete()
    drop_small(now=now, actor=actor)
