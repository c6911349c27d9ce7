"""What was read of people for a window, and what it adds up to."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, F, Func, Q, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity.queries import Person
from evenfall.oncall.logic import eligibility, loads, pages
from evenfall.oncall.logic.hours import Calendar, Class, divided
from evenfall.oncall.logic.loads import Parts, Tally, Weights
from evenfall.oncall.logic.pages import PagedFact
from evenfall.oncall.logic.requests import RequestState
from evenfall.oncall.logic.spec import OverrideKind, Role, RotaSpec, Span
from evenfall.oncall.models import AppliedProposal, Override, ShiftRequest
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.loads import duties_in, rota_specs_of
from evenfall.oncall.queries.paged import paged
from evenfall.oncall.queries.weights import WorkProfileView, calendar_of, work_profiles

HOUR = timedelta(hours=1)


class Evidence(Struct, frozen=True, kw_only=True):
    """Everything that was read for a window, by person."""

    starts_at: datetime
    ends_at: datetime
    weights: Weights
    calendars: dict[int, Calendar]
    profiles: dict[int, WorkProfileView]
    duties: Mapping[int, list[Span]]
    pages: Mapping[int, list[PagedFact]]
    swaps: Mapping[int, tuple[int, int]]
    members: Mapping[int, list[eligibility.Stretch]]
    away: Mapping[int, list[eligibility.Stretch]]

    def between(self, starts_at: datetime, ends_at: datetime) -> "Evidence":
        """The same for a part of the window; swaps are only counted for the whole."""
        cut = {
            user_id: [
                _cut(span, starts_at, ends_at) for span in spans if _meets(span, starts_at, ends_at)
            ]
            for user_id, spans in self.duties.items()
        }
        paged_then = {
            user_id: [fact for fact in facts if starts_at <= fact.at < ends_at]
            for user_id, facts in self.pages.items()
        }
        return replace(self, starts_at=starts_at, ends_at=ends_at, duties=cut, pages=paged_then)

    def parts(self, user_id: int) -> Parts:
        return loads.parts(self.tally(user_id), self.weights)

    def tally(self, user_id: int) -> Tally:
        calendar = self.calendars[user_id]
        hours = dict.fromkeys(Class, 0.0)
        lieutenant = 0.0
        for span in self.duties.get(user_id, ()):
            if span.role is not Role.PRIMARY:
                lieutenant += (span.ends_at - span.starts_at) / HOUR
                continue
            for one, length in divided(calendar, span.starts_at, span.ends_at).items():
                hours[one] += length
        woken = pages.tally(self.pages[user_id], calendar, self.ends_at)
        given, taken = self.swaps.get(user_id, (0, 0))
        return Tally(
            day_hours=hours[Class.DAY],
            night_hours=hours[Class.NIGHT],
            weekend_hours=hours[Class.WEEKEND],
            holiday_hours=hours[Class.HOLIDAY],
            lieutenant_hours=lieutenant,
            pages=woken.pages,
            night_pages=woken.night_pages,
            wake_ups=woken.wake_ups,
            active_minutes=woken.active_minutes,
            swaps_given=given,
            swaps_taken=taken,
        )

    def share(self, user_id: int) -> float:
        return eligibility.share(
            self.members.get(user_id, ()),
            self.away.get(user_id, ()),
            self.profiles[user_id].percent,
            self.ends_at - self.starts_at,
        )


def evidence(
    people: Mapping[int, Person], starts_at: datetime, ends_at: datetime, weights: Weights
) -> Evidence:
    """Read everything about these people between the two instants; the same few queries."""
    found = rota_specs_of(people, starts_at=starts_at, ends_at=ends_at).values()
    profiles = work_profiles(people)
    return Evidence(
        starts_at=starts_at,
        ends_at=ends_at,
        weights=weights,
        calendars={i: calendar_of(people[i], profiles[i], weights) for i in people},
        profiles=profiles,
        duties=_duties(found, people, starts_at, ends_at),
        pages=paged(people, since=starts_at, until=ends_at),
        swaps=_swaps(people, starts_at, ends_at),
        members=eligibility.memberships(found, starts_at, ends_at),
        away=_away(people, starts_at, ends_at),
    )


def _duties(
    found: Collection[RotaSpec],
    people: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
) -> dict[int, list[Span]]:
    duties: dict[int, list[Span]] = defaultdict(list)
    for span in duties_in(found, people, starts_at, ends_at):
        duties[span.user_id].append(span)
    return duties


def _swaps(
    people: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, tuple[int, int]]:
    """How many duties each person gave to somebody else and took from somebody else.

    What two people agreed on counts in every role, what a person arranged by hand as primary. That
    somebody stands in for one who is away, or that the planner moved a shift, is no swap.
    """
    requests = ShiftRequest.objects.filter(state=RequestState.ACCEPTED.value)
    agreed = Q(id__in=requests.values("cover_override")) | Q(
        id__in=requests.exclude(back_override=None).values("back_override")
    )
    rows = (
        Override.objects.filter(
            agreed | Q(role=Role.PRIMARY.value),
            kind=OverrideKind.REPLACE.value,
            instead_of__isnull=False,
            cancelled_at=None,
            stand_in=None,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .exclude(id__in=_planned())
        .values_list("instead_of_id", "user_id")
    )
    found = dict.fromkeys(people, (0, 0))
    for giver, taker in rows:
        if giver in found:
            found[giver] = (found[giver][0] + 1, found[giver][1])
        if taker in found:
            found[taker] = (found[taker][0], found[taker][1] + 1)
    return found


def _planned() -> QuerySet[AppliedProposal, int]:
    """The overrides that the planner made."""
    ids: Func = Func(F("override_ids"), function="unnest", output_field=BigIntegerField())
    return AppliedProposal.objects.annotate(one=ids).values_list("one", flat=True)


def _away(
    people: Collection[int], starts_at: datetime, ends_at: datetime
) -> dict[int, list[eligibility.Stretch]]:
    absences = absent_at(people, starts_at=starts_at, ends_at=ends_at)
    return {
        user_id: [(one.starts_at, one.ends_at) for one in some]
        for user_id, some in absences.items()
    }


def _meets(span: Span, starts_at: datetime, ends_at: datetime) -> bool:
    return span.starts_at < ends_at and starts_at < span.ends_at


def _cut(span: Span, starts_at: datetime, ends_at: datetime) -> Span:
    low, high = max(span.starts_at, starts_at), min(span.ends_at, ends_at)
    return Span(span.user_id, span.role, low, high, span.why)
