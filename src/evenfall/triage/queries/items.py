"""Items with their clocks and scores, as others see them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.platform import pages
from evenfall.triage import errors
from evenfall.triage.logic.clocks import Clock, Kind
from evenfall.triage.logic.priority import Level, Priority
from evenfall.triage.logic.score import Override, Score, Worth, score
from evenfall.triage.logic.states import OPEN, State, What
from evenfall.triage.models import Item, ItemEvent
from evenfall.triage.models.items import OPEN_STATES
from evenfall.triage.ports import Source
from evenfall.triage.queries.clocks import Past, clocks_of

MOST_DUPLICATES: Final = 100


class Somebody(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class PromotedTo(Struct, frozen=True, kw_only=True):
    """The incident that an item became, where whoever asks may see it."""

    id: int
    title: str
    state: str
    severity: str


class Linked(Struct, frozen=True, kw_only=True):
    """Another item, as a link shows it."""

    id: int
    title: str
    state: State
    priority: Priority
    reporter_name: str
    reporter_contact: str


class ItemView(Struct, frozen=True, kw_only=True):
    """One item as it stands at one moment; times are aware UTC."""

    id: int
    title: str
    description: str
    source: Source
    alert_id: int | None
    pattern_id: int | None
    team: Somebody
    service: Somebody | None
    environment: Environment
    release: str
    workaround: str
    reporter_name: str
    reporter_contact: str
    business_contact: str
    business_stand_in: str
    technical_contact: Somebody | None
    technical_stand_in: Somebody | None
    assignee: Somebody | None
    impact: Level
    urgency: Level
    priority: Priority
    users_affected: int
    confidence: int
    multiplier: int
    effort_hours: float | None
    skills: tuple[str, ...]
    recurs: bool
    pin: str
    state: State
    reported_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    scheduled_for: date | None
    exit_reason: str
    duplicate_of_id: int | None
    risk_accepted_by: str
    risk_review_at: datetime | None
    incident: PromotedTo | None
    incident_over_at: datetime | None
    clocks: tuple[Clock, ...]
    score: Score

    @property
    def team_id(self) -> int:
        return self.team.id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def next_clock(self) -> Clock | None:
        """The running clock that is due first, or was."""
        running = [one for one in self.clocks if one.due_at is not None and not one.is_over]
        return min(running, key=lambda one: one.due_at or one.started_at, default=None)


class EventView(Struct, frozen=True, kw_only=True):
    """What happened to an item, and who did it."""

    what: What
    at: datetime
    actor: str
    who: str
    priority: str
    reason: str
    text: str


class Filters(Struct, frozen=True, kw_only=True):
    """What to look for; None and "" leave a field open."""

    team_id: int | None = None
    service_id: int | None = None
    priority: Priority | None = None
    state: State | None = None
    text: str = ""


def ended(
    filters: Filters, *, now: datetime, cursor: str | None = None, size: int = 50
) -> pages.Page[ItemView]:
    """What is done or declined, the last first."""
    rows = _filtered(Item.objects.exclude(state__in=OPEN_STATES), filters)
    page = pages.keyset(rows, order=("-ended_at", "-id"), cursor=cursor, size=size)
    return page.holding(item_views(page.items, now=now))


def item(item_id: int, *, now: datetime) -> ItemView:
    """Raise `ItemNotFound` when there is none."""
    row = Item.objects.filter(id=item_id).first()
    if row is None:
        raise errors.ItemNotFound(item_id=item_id)
    return item_views([row], now=now)[0]


def original_of(item: ItemView) -> Linked | None:
    """What it is a duplicate of."""
    row = Item.objects.filter(id=item.duplicate_of_id or 0).first()
    return None if row is None else _linked(row)


def duplicates_of(item_id: int) -> list[Linked]:
    """The items that say the same, oldest first."""
    rows = Item.objects.filter(duplicate_of=item_id).order_by("id")[:MOST_DUPLICATES]
    return [_linked(row) for row in rows]


def promoted_to(incident_id: int) -> list[Linked]:
    """The items that became this incident."""
    rows = Item.objects.filter(incident=incident_id).order_by("id")
    return [_linked(row) for row in rows]


def _linked(row: Item) -> Linked:
    return Linked(
        id=row.pk,
        title=row.title,
        state=State(row.state),
        priority=Priority(row.priority),
        reporter_name=row.reporter_name,
        reporter_contact=row.reporter_contact,
    )


def team_of(item_id: int) -> int:
    """The team of an item. Raises `ItemNotFound`."""
    found = Item.objects.filter(id=item_id).values_list("team_id", flat=True).first()
    if found is None:
        raise errors.ItemNotFound(item_id=item_id)
    return found


def history(item_id: int) -> list[EventView]:
    """All that happened to an item, oldest first."""
    rows = list(ItemEvent.objects.filter(item_id=item_id).order_by("id"))
    names = identity_queries.actor_names({row.actor for row in rows})
    return [
        EventView(
            what=What(row.what),
            at=row.at,
            actor=row.actor,
            who=names.get(row.actor, row.actor),
            priority=row.priority,
            reason=row.reason,
            text=row.text,
        )
        for row in rows
    ]


def item_views(rows: Sequence[Item], *, now: datetime, past: Past | None = None) -> list[ItemView]:
    """The rows with names, clocks and scores; the same number of queries however many rows."""
    if not rows:
        return []
    clocks = clocks_of(rows, now=now, past=past)
    names = _names(rows)
    return [_view(row, clocks[row.pk], names, now) for row in rows]


def open_rows(filters: Filters) -> QuerySet[Item]:
    return _filtered(Item.objects.filter(state__in=OPEN_STATES), filters)


def _filtered(rows: QuerySet[Item], filters: Filters) -> QuerySet[Item]:
    given = {
        "team_id": filters.team_id,
        "service_id": filters.service_id,
        "priority": filters.priority,
        "state": filters.state,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    text = filters.text.strip()
    return rows.filter(Q(title__icontains=text)) if text else rows


class _Names(Struct, frozen=True):
    teams: dict[int, str]
    services: dict[int, str]
    people: dict[int, str]
    incidents: dict[int, PromotedTo]

    def team(self, team_id: int) -> Somebody:
        return Somebody(id=team_id, name=self.teams.get(team_id, ""))

    def service(self, service_id: int | None) -> Somebody | None:
        return _somebody(service_id, self.services)

    def person(self, user_id: int | None) -> Somebody | None:
        return _somebody(user_id, self.people)


def _somebody(number: int | None, names: dict[int, str]) -> Somebody | None:
    return None if number is None else Somebody(id=number, name=names.get(number, ""))


def _names(rows: Sequence[Item]) -> _Names:
    services = catalog_queries.services({row.service_id for row in rows if row.service_id})
    people = {
        user_id
        for row in rows
        for user_id in (row.technical_contact_id, row.technical_stand_in_id, row.assignee_id)
    }
    return _Names(
        teams={team.id: team.name for team in identity_queries.teams({r.team_id for r in rows})},
        services={service.id: service.name for service in services.values()},
        people=identity_queries.names(people),
        incidents=_incidents({row.incident_id for row in rows if row.incident_id}),
    )


def _incidents(numbers: set[int]) -> dict[int, PromotedTo]:
    """Asked only where there are any: most items are none."""
    found = incidents_queries.incidents(numbers) if numbers else {}
    return {
        number: PromotedTo(
            id=number, title=view.title, state=view.state.value, severity=view.severity.value
        )
        for number, view in found.items()
    }


def _view(row: Item, clocks: tuple[Clock, ...], names: _Names, now: datetime) -> ItemView:
    return ItemView(
        id=row.pk,
        title=row.title,
        description=row.description,
        source=Source(row.source),
        alert_id=row.alert_id,
        pattern_id=row.pattern_id,
        team=names.team(row.team_id),
        service=names.service(row.service_id),
        environment=Environment(row.environment),
        release=row.release,
        workaround=row.workaround,
        reporter_name=row.reporter_name,
        reporter_contact=row.reporter_contact,
        business_contact=row.business_contact,
        business_stand_in=row.business_stand_in,
        technical_contact=names.person(row.technical_contact_id),
        technical_stand_in=names.person(row.technical_stand_in_id),
        assignee=names.person(row.assignee_id),
        impact=Level(row.impact),
        urgency=Level(row.urgency),
        priority=Priority(row.priority),
        users_affected=row.users_affected,
        confidence=row.confidence,
        multiplier=row.multiplier,
        effort_hours=row.effort_hours,
        skills=tuple(row.skills),
        recurs=row.recurs,
        pin=row.pin,
        state=State(row.state),
        reported_at=row.reported_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        scheduled_for=row.scheduled_for,
        exit_reason=row.exit_reason,
        duplicate_of_id=row.duplicate_of_id,
        risk_accepted_by=row.risk_accepted_by,
        risk_review_at=row.risk_review_at,
        incident=names.incidents.get(row.incident_id or 0),
        incident_over_at=row.incident_over_at,
        clocks=clocks,
        score=score_of(row, _resolution(clocks), now),
    )


def _resolution(clocks: Iterable[Clock]) -> Clock | None:
    return next((one for one in clocks if one.kind is Kind.RESOLUTION), None)


def score_of(row: Any, resolution: Clock | None, now: datetime) -> Score:  # noqa: ANN401 - an Item, or a row with what counts of it
    worth = Worth(
        impact=Level(row.impact),
        urgency=Level(row.urgency),
        users_affected=row.users_affected,
        confidence=row.confidence / 100,
        multiplier=row.multiplier / 100,
        effort_hours=row.effort_hours,
        elapsed=timedelta(0) if resolution is None else resolution.elapsed,
        target=None if resolution is None else resolution.target,
        recurs=row.recurs,
        pin=row.pin,
    )
    return score(worth, override=_override(row), now=now)


def _override(row: Any) -> Override | None:  # noqa: ANN401 - as above
    if row.override_score is None or row.override_until is None:
        return None
    return Override(score=row.override_score, reason=row.override_reason, until=row.override_until)
