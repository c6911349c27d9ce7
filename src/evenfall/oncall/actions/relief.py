"""Asking the lieutenant when somebody on call has too much."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.oncall import events
from evenfall.oncall.logic import overload, schedule
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.loads import Weights
from evenfall.oncall.logic.overload import Overload
from evenfall.oncall.logic.spec import Role, RotaSpec
from evenfall.oncall.logic.turns import REST
from evenfall.oncall.models import ReliefOffer, Rota
from evenfall.oncall.queries.loads import duties_in, rota_specs_of
from evenfall.oncall.queries.paged import paged
from evenfall.oncall.queries.weights import calendar_of, load_weights_of, work_profiles
from evenfall.platform.events import publish

PURPOSE = "relief"


class _Case(Struct, frozen=True, kw_only=True):
    """Somebody who is primary of a rota and has too much."""

    rota_id: int
    user_id: int
    lieutenant_id: int | None
    found: Overload


@transaction.atomic
def offer_relief(*, user_ids: Collection[int], now: datetime) -> list[int]:
    """Look at people who were just paged; where one has too much, ask the lieutenant.

    Nobody is offered relief again for the same rota and reason while an offer stands. Runs in
    one reactor at a time. Returns the ids of the new offers.
    """
    people = identity_queries.people(user_ids)
    cases = list(_cases(people, now))
    known = _standing(cases, now)
    rows = [_row(case, now) for case in cases if _key(case) not in known]
    ReliefOffer.objects.bulk_create(rows)
    if rows:
        _announce(rows, now)
        _tell(rows, now)
    return [row.id for row in rows]


def _cases(people: Mapping[int, Person], now: datetime) -> Iterator[_Case]:
    specs = rota_specs_of(people, starts_at=now, ends_at=now + REST)
    facts = paged(people, since=now - overload.SHIFT, until=now + now.resolution)
    profiles = work_profiles(people)
    weights = _weights_of(specs)
    duties = _Duties(specs.values(), people.keys(), now)
    for user_id, found in _running(specs, now):
        if user_id not in people:
            continue
        calendar = calendar_of(people[user_id], profiles[user_id], weights[found[0]])
        verdict = overload.judge(facts[user_id], duties.of(user_id), calendar, now)
        if verdict is not None:
            yield _Case(rota_id=found[0], user_id=user_id, lieutenant_id=found[1], found=verdict)


class _Duties:
    """When people are primary in the hours to come.

    The schedules are worked out when the first person's night was broken, and once for all: in a
    storm a thousand people are paged at the same time.
    """

    def __init__(
        self, specs: Collection[RotaSpec], user_ids: Collection[int], now: datetime
    ) -> None:
        self._specs, self._user_ids, self._now = specs, user_ids, now

    def of(self, user_id: int) -> Iterator[Stretch]:
        yield from self._by_person[user_id]

    @cached_property
    def _by_person(self) -> Mapping[int, list[Stretch]]:
        found: dict[int, list[Stretch]] = defaultdict(list)
        for span in duties_in(self._specs, self._user_ids, self._now, self._now + REST):
            if span.role is Role.PRIMARY:
                found[span.user_id].append((span.starts_at, span.ends_at))
        return found


def _weights_of(rota_ids: Collection[int]) -> dict[int, Weights]:
    """What the team of each rota counts, and with it when its nights are."""
    teams = _teams(rota_ids)
    found = load_weights_of(set(teams.values()))
    return {rota_id: found[team_id].weights for rota_id, team_id in teams.items()}


def _teams(rota_ids: Collection[int]) -> dict[int, int]:
    return dict(Rota.objects.filter(id__in=rota_ids).values_list("id", "team_id"))


def _running(
    specs: Mapping[int, RotaSpec], now: datetime
) -> Iterator[tuple[int, tuple[int, int | None]]]:
    """Who is primary now: the person, the rota and the lieutenant beside them."""
    for rota_id, spec in specs.items():
        found = schedule.on_call_at(spec, now, with_next=False)
        if found.primary:
            second = found.lieutenant.user_id if found.lieutenant else None
            yield found.primary.user_id, (rota_id, second)


def _standing(cases: Collection[_Case], now: datetime) -> set[tuple[int, int, str]]:
    rows = ReliefOffer.objects.filter(
        user_id__in={case.user_id for case in cases}, expires_at__gt=now
    )
    return set(rows.values_list("rota_id", "user_id", "reason"))


def _key(case: _Case) -> tuple[int, int, str]:
    return case.rota_id, case.user_id, case.found.reason.value


def _row(case: _Case, now: datetime) -> ReliefOffer:
    return ReliefOffer(
        rota_id=case.rota_id,
        user_id=case.user_id,
        lieutenant_id=case.lieutenant_id,
        reason=case.found.reason.value,
        why=case.found.why,
        offered_at=now,
        expires_at=case.found.until,
    )


def _announce(rows: Collection[ReliefOffer], now: datetime) -> None:
    teams = _teams({row.rota_id for row in rows})
    publish(
        *(
            events.ReliefOffered(
                rota_id=row.rota_id,
                team_id=teams[row.rota_id],
                offer_id=row.id,
                user_id=row.user_id,
                lieutenant_id=row.lieutenant_id,
                reason=row.reason,
                why=row.why,
                at=now,
            )
            for row in rows
        )
    )


def _tell(rows: Collection[ReliefOffer], now: datetime) -> None:
    """A notice to both. A lieutenant who sleeps is told of a broken night in the morning."""
    ids = {i for row in rows for i in (row.user_id, row.lieutenant_id) if i is not None}
    people = identity_queries.people(ids)
    profiles = work_profiles(ids)
    weights = _weights_of({row.rota_id for row in rows})
    news = []
    for row in rows:
        second = people.get(row.lieutenant_id or 0)
        asked = f"{second.name} was asked to take over." if second else "There is no lieutenant."
        texts = {row.user_id: ("You may have too much", (row.why, asked))}
        due = {row.user_id: now}
        if second:
            title = f"Take over from {people[row.user_id].name}?"
            texts[second.id] = (title, (row.why, "Have a look, and take the pager with one tap."))
            calendar = calendar_of(second, profiles[second.id], weights[row.rota_id])
            waits = row.reason == overload.Reason.REST
            due[second.id] = overload.morning(calendar, now) if waits else now
        news += [_news(row, user_id, texts[user_id], due[user_id]) for user_id in texts]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)


def _news(row: ReliefOffer, user_id: int, text: tuple[str, tuple[str, ...]], due: datetime) -> News:
    title, lines = text
    return News(
        user_id=user_id,
        subject=f"relief:{row.id}",
        due_at=due,
        content=Content(
            title=title,
            lines=lines,
            url=f"/oncall/relief/{row.id}/",
            severity="warning",
            tag=f"relief:{row.id}",
        ),
    )
