"""Actions: of one post-mortem, of one person, of teams; and how they do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from django.db.models import F, Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.platform import pages
from evenfall.postmortems import errors
from evenfall.postmortems.logic.action_life import (
    SETTLED,
    WORK,
    ActionClass,
    ActionState,
    ActionStep,
    ActionType,
    Effort,
    answer_by,
    possible,
)
from evenfall.postmortems.logic.guardrails import LABELS as GUARDRAILS
from evenfall.postmortems.logic.guardrails import Guardrail
from evenfall.postmortems.models import Action
from evenfall.postmortems.queries.sight import seen

_WORK = [state.value for state in WORK]
_OPEN = [*_WORK, ActionState.DONE.value]


class Whose(StrEnum):
    """Which actions a list shows; `OVERDUE` are those of anybody."""

    MINE = "mine"
    TEAM = "team"
    OVERDUE = "overdue"
    OPEN = "open"
    ALL = "all"


class ActionView(Struct, frozen=True, kw_only=True):
    """One action; times are aware UTC.

    `answer_by` is until when its owner accepts it, None once somebody did or it is settled;
    `is_unanswered` when that has passed.
    """

    id: int
    postmortem_id: int
    postmortem: str
    incident_id: int
    title: str
    owner_id: int
    owner: str
    team_id: int | None
    team: str
    type: ActionType
    level: ActionClass
    state: ActionState
    due_at: datetime
    is_overdue: bool
    extensions: int
    reason: str
    proof_url: str
    ticket_url: str
    guardrail_url: str
    guardrail_kind: Guardrail | None
    recurrences: int
    approved_by: str
    review_at: datetime | None
    created_at: datetime
    done_at: datetime | None
    settled_at: datetime | None
    effort: Effort | None = None
    factor: str = ""
    answer_by: datetime | None = None
    is_unanswered: bool = False

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_work(self) -> bool:
        return self.state in WORK

    @property
    def guardrail(self) -> str:
        """What it becomes, in words."""
        return "" if self.guardrail_kind is None else GUARDRAILS[self.guardrail_kind]

    @property
    def steps(self) -> tuple[ActionStep, ...]:
        return possible(self.state)


class ActionFilters(Struct, frozen=True, kw_only=True):
    whose: Whose = Whose.OPEN
    user_id: int = 0
    team_ids: Sequence[int] = ()


class ActionReport(Struct, frozen=True, kw_only=True):
    """How actions do; `in_time` is the share of those finished before their date, None for none.

    `median_age` of the open ones. Dates that were moved count as they are now; `moved` tells how
    many were.
    """

    finished: int
    in_time: float | None
    open: int
    overdue: int
    moved: int
    median_age: timedelta | None
    oldest_age: timedelta | None


def action(action_id: int, *, now: datetime) -> ActionView:
    """Raises ActionNotFound."""
    rows = list(_rows().filter(id=action_id))
    if not rows:
        raise errors.ActionNotFound(action_id=action_id)
    return _views(rows, now)[0]


def actions_of(postmortem_id: int, *, now: datetime) -> list[ActionView]:
    """By date."""
    return _views(list(_rows().filter(postmortem_id=postmortem_id).order_by("due_at", "id")), now)


def actions_page(
    filters: ActionFilters, *, now: datetime, cursor: str | None = None, size: int = 50
) -> pages.Page[ActionView]:
    """One page, what is due first at the top."""
    rows = _matching(_rows(), filters, now)
    page = pages.keyset(rows, order=("due_at", "id"), cursor=cursor, size=size)
    return page.holding(_views(page.items, now))


def action_report(*, now: datetime, team_id: int | None = None) -> ActionReport:
    """Of all actions there are, or of one team's. Three statements."""
    rows = Action.objects.all() if team_id is None else Action.objects.filter(team_id=team_id)
    finished = rows.filter(done_at__isnull=False)
    total, kept = finished.count(), finished.filter(done_at__lte=F("due_at")).count()
    waiting = list(rows.filter(state__in=_WORK).values_list("created_at", "due_at", "extensions"))
    ages = [now - created for created, _, _ in waiting]
    return ActionReport(
        finished=total,
        in_time=kept / total if total else None,
        open=len(waiting),
        overdue=sum(due < now for _, due, _ in waiting),
        moved=sum(bool(extensions) for _, _, extensions in waiting),
        median_age=_median(ages),
        oldest_age=max(ages, default=None),
    )


def _median(ages: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(age.total_seconds() for age in ages)) if ages else None


def _rows() -> QuerySet[Action]:
    rows = Action.objects.select_related("postmortem", "factor")
    return seen(rows, "postmortem__incident_id")


def _matching(rows: QuerySet[Action], filters: ActionFilters, now: datetime) -> QuerySet[Action]:
    match filters.whose:
        case Whose.MINE:
            return rows.filter(owner_id=filters.user_id, state__in=_OPEN)
        case Whose.TEAM:
            return rows.filter(team_id__in=filters.team_ids, state__in=_OPEN)
        case Whose.OVERDUE:
            risky = Q(state=ActionState.RISK_ACCEPTED.value, review_at__lt=now)
            return rows.filter(Q(state__in=_WORK, due_at__lt=now) | risky)
        case Whose.OPEN:
            return rows.filter(state__in=_OPEN)
        case Whose.ALL:
            return rows


def _views(rows: Sequence[Action], now: datetime) -> list[ActionView]:
    if not rows:
        return []
    people = identity_queries.names({i for r in rows for i in (r.owner_id, r.approved_by_id)})
    teams = {t.id: t.name for t in identity_queries.teams({r.team_id for r in rows if r.team_id})}
    return [_view(row, people, teams, now) for row in rows]


def _view(row: Action, people: dict[int, str], teams: dict[int, str], now: datetime) -> ActionView:
    is_proposed = row.state == ActionState.PROPOSED.value
    until = answer_by(row.created_at) if is_proposed else None
    return ActionView(
        id=row.pk,
        postmortem_id=row.postmortem_id,
        postmortem=row.postmortem.title,
        incident_id=row.postmortem.incident_id,
        title=row.title,
        owner_id=row.owner_id,
        owner=people.get(row.owner_id, ""),
        team_id=row.team_id,
        team=teams.get(row.team_id or 0, ""),
        type=ActionType(row.type),
        level=ActionClass(row.level),
        state=ActionState(row.state),
        due_at=row.due_at,
        is_overdue=row.is_work and row.due_at < now,
        extensions=row.extensions,
        reason=row.reason,
        proof_url=row.proof_url,
        ticket_url=row.ticket_url,
        guardrail_url=row.guardrail_url,
        guardrail_kind=Guardrail(row.guardrail_kind) if row.guardrail_kind else None,
        recurrences=row.recurrences,
        approved_by=people.get(row.approved_by_id or 0, ""),
        review_at=row.review_at,
        created_at=row.created_at,
        done_at=row.done_at,
        settled_at=row.settled_at,
        effort=Effort(row.effort) if row.effort else None,
        factor=row.factor.name if row.factor else "",
        answer_by=until,
        is_unanswered=until is not None and until < now,
    )
