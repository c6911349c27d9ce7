"""Overrides for those who are away: added, kept and taken back as the schedule needs it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from msgspec.structs import asdict, replace

from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News, Urgency
from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions.overrides import end_override, locked_rota
from evenfall.oncall.logic import standing_in
from evenfall.oncall.logic.spec import Role, RotaSpec
from evenfall.oncall.logic.standing_in import Known, StandIn
from evenfall.oncall.models import Override, Rota
from evenfall.oncall.models import StandIn as StandInRow
from evenfall.oncall.queries import standing_in as standing
from evenfall.oncall.queries.specs import specs
from evenfall.platform.events import SYSTEM, publish
from evenfall.platform.wall_clock import reading, spoken

NOTES = {
    Role.PRIMARY: "stands in for somebody who is away",
    Role.LIEUTENANT: "lieutenant while somebody is away",
}
NOBODY_LEFT = "is away, and nobody is left to stand in"


@transaction.atomic
def stand_in(*, rota_ids: Collection[int], now: datetime) -> int:
    """Let others stand in for whoever is away, and take back what nobody needs any more.

    Deciding twice changes nothing. Looks 78 to 92 days ahead. Locks the rotas, by id. Returns how
    many overrides were added or ended.
    """
    return sum(_stand_in(rota_id, now) for rota_id in sorted(set(rota_ids)))


def stand_in_everywhere(*, now: datetime) -> int:
    """For the rotas of everybody who will be away: the horizon moves on with the days."""
    return stand_in(rota_ids=standing.rotas_of_absent(now=now), now=now)


def _stand_in(rota_id: int, now: datetime) -> int:
    try:
        rota = locked_rota(rota_id)
    except errors.RotaNotFound:
        return 0
    until = standing_in.horizon(now)
    spec = replace(specs([rota_id], since=now)[rota_id], overrides=())
    known = standing.known_overrides(rota_id, now=now)
    people = _people(spec, known)
    aways = standing.aways(people, now=now, until=until)
    if not aways and all(one.absence_id is None for one in known):
        return 0
    line = queries.lowest_load_first(_active(people), at=now)
    declined = standing.declined(rota_id, now=now)
    decision = standing_in.decide(spec, known, aways, line, declined=declined, now=now, until=until)
    for override_id in decision.cancel:
        end_override(rota_id=rota_id, override_id=override_id, now=now, actor=SYSTEM)
    for one in decision.add:
        _add(rota, one, now)
    _tell_leads(rota, [one for one in decision.add if one.user_id is None], now)
    return len(decision.cancel) + len(decision.add)


def _people(spec: RotaSpec, known: Iterable[Known]) -> set[int]:
    rules = [plan.lieutenant for plan in spec.plans]
    stacked = [layer for plan in spec.plans for layer in (*plan.layers, *plan.lieutenant.layers)]
    found = {slot.user_id for layer in stacked for slot in layer.members}
    found |= {rule.user_id for rule in rules} | {one.override.user_id for one in known}
    return {user_id for user_id in found if user_id is not None}


def _active(user_ids: Collection[int]) -> list[int]:
    return [person.id for person in identity_queries.people(user_ids).values() if person.is_active]


def _add(rota: Rota, one: StandIn, now: datetime) -> None:
    override = one.override()
    row = Override.objects.create(
        rota=rota,
        role=one.role.value,
        kind=override.kind.value,
        user_id=one.user_id,
        instead_of_id=one.instead_of,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        note=NOBODY_LEFT if one.user_id is None else NOTES[one.role],
        created_at=now,
        created_by=SYSTEM,
    )
    StandInRow.objects.create(absence_id=one.absence_id, override=row)
    publish(
        events.OverrideAdded(
            rota_id=rota.id,
            team_id=rota.team_id,
            override_id=row.id,
            after=asdict(queries.override(rota.id, row.id)),
            at=now,
            actor=SYSTEM,
        )
    )
    if one.role is Role.PRIMARY and one.starts_at <= now and one.user_id is not None:
        publish(
            events.DutyPassed(
                rota_id=rota.id,
                team_id=rota.team_id,
                rota_name=rota.name,
                from_user_id=one.instead_of,
                to_user_id=one.user_id,
                hands_over=True,
                is_away=True,
                at=now,
            )
        )


def _tell_leads(rota: Rota, gaps: Collection[StandIn], now: datetime) -> None:
    """Nobody is left: those who lead the team hear it by every way they have."""
    if not gaps:
        return
    lead_ids = identity_queries.team_leads(rota.team_id)
    people = identity_queries.people({*lead_ids, *(gap.instead_of for gap in gaps)})
    names = {person.id: person.name for person in people.values()}
    news = [
        _news(rota, gap, names, ZoneInfo(people[lead_id].time_zone), lead_id)
        for gap in gaps
        for lead_id in lead_ids
    ]
    notifications_actions.tell_people(news=news, purpose="absence", now=now)


def _news(rota: Rota, gap: StandIn, names: dict[int, str], zone: ZoneInfo, lead_id: int) -> News:
    primary = gap.role is Role.PRIMARY
    starts, ends = (spoken(reading(at, zone)) for at in (gap.starts_at, gap.ends_at))
    who = "Nobody is on call" if primary else "There is no lieutenant"
    return News(
        user_id=lead_id,
        subject=f"rota:{rota.id}",
        urgency=Urgency.HIGH if primary else Urgency.LOW,
        content=Content(
            title=f"{who} for {rota.name} from {starts}",
            lines=(
                f"{names.get(gap.instead_of, '?')} {NOBODY_LEFT}.",
                f"The gap lasts until {ends} ({zone.key}).",
                "Find somebody and add an override, or add a member to the rota.",
            ),
            url=f"/rotas/{rota.id}/",
            severity="critical" if primary else "warning",
            tag=f"rota-{rota.id}-gap-{gap.starts_at:%Y%m%d%H%M}-{gap.role}",
        ),
    )
