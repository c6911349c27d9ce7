"""Whom pages of the past would have called, under policies and rotas as they are or would be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from evenfall.catalog import queries as catalog_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import PlanSpec
from evenfall.oncall.queries import DutiesAt, DutyBook
from evenfall.paging.logic.people import ROTA_KINDS, Directory, DutyNow
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec
from evenfall.paging.logic.proposals import PolicyChange
from evenfall.paging.logic.replaying import Answer, Call, PastPage, calls_of
from evenfall.paging.models import Participation
from evenfall.paging.ports import Urgency
from evenfall.paging.queries.directory import Snapshot, snapshot
from evenfall.paging.queries.policies import Chooser, Chosen, PolicyView, policies_for_pages


class Wanted(Struct, frozen=True, kw_only=True):
    """A page that something asked for in the past; `stops_at` None: to the end of the time."""

    starts_at: datetime
    stops_at: datetime | None
    urgency: Urgency
    severity: str | None
    service_id: int | None
    team_id: int | None
    policy_id: int | None
    answers: Sequence[Answer] = ()


class PastPaging:
    """All that says whom pages call, for some days of the past; `calls` asks it.

    Who can be reached, who is in a team and who administers the site is as it is now: there is no
    record of how it was. Who was on call is as it was.
    """

    def __init__(
        self,
        chooser: Chooser,
        seen: Snapshot,
        book: DutyBook,
        *,
        service_teams: Mapping[int, int],
        until: datetime,
    ) -> None:
        self._chooser = chooser
        self._seen = seen
        self._book = book
        self._service_teams = service_teams
        self._until = until
        self._directories: dict[int, Directory] = {}

    def calls(self, wanted: Wanted) -> tuple[Chosen | None, list[Call]]:
        """The policy that the page followed, and everybody it called, by time."""
        chosen = self._chooser.choose(
            policy_id=wanted.policy_id,
            service_id=wanted.service_id,
            team_id=wanted.team_id,
            service_team_id=self._service_teams.get(wanted.service_id or 0),
        )
        team_id = chosen.team_id if chosen else wanted.team_id
        page = PastPage(
            starts_at=wanted.starts_at,
            stops_at=wanted.stops_at,
            urgency=wanted.urgency,
            severity=wanted.severity,
            policy=chosen.policy.spec if chosen else DEFAULT_POLICY,
            team_id=team_id,
            answers=wanted.answers,
        )
        return chosen, list(calls_of(page, directory_at=self._directory_at, until=self._until))

    def _directory_at(self, at: datetime) -> Directory:
        stretch = self._book.stretch_of(at)
        if stretch not in self._directories:
            known = self._seen.directory
            rotas = {
                rota_id: _duty(duty.name, self._book.at(rota_id, at))
                for rota_id, duty in known.rotas.items()
            }
            self._directories[stretch] = replace(known, rotas=rotas)
        return self._directories[stretch]


def past_paging(
    policy_changes: Iterable[PolicyChange],
    plans: Mapping[int, PlanSpec],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> PastPaging:
    """What pages between two moments would have gone by; a dozen queries, however many pages."""
    found = _changed(policies_for_pages(), policy_changes)
    services = {one.id: one.team_id for one in catalog_queries.services().values()}
    specs = [view.spec for view in found] or [DEFAULT_POLICY]
    team_ids = {*services.values(), *(i for view in found for i in view.team_ids)}
    known = oncall_queries.rotas_of_teams(team_ids, and_ids=_rota_ids(specs))
    rota_ids = {rota.id for rota in known}
    book = oncall_queries.duty_book(rota_ids, since=since, until=until, plans=plans)
    seen = snapshot(specs, team_ids=team_ids, at=now, user_ids=book.people)
    return PastPaging(Chooser.of(found), seen, book, service_teams=services, until=until)


def really_called(*, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """When people were called about incidents at high urgency, by time; once for each page."""
    rows = (
        Participation.objects.filter(
            at__gte=since,
            at__lt=until,
            page__subject__startswith="incident:",
            page__urgency=Urgency.HIGH.value,
        )
        .order_by("page_id", "user_id", "at")
        .distinct("page_id", "user_id")
    )
    return sorted(rows.values_list("at", "user_id"))


def _changed(found: Sequence[PolicyView], changes: Iterable[PolicyChange]) -> list[PolicyView]:
    views = list(found)
    for change in changes:
        views = [_with(view, change) for view in views]
        if change.policy_id is None and (change.service_ids or change.team_ids):
            views.append(_fresh(change))
    return views


def _with(view: PolicyView, change: PolicyChange) -> PolicyView:
    """Another policy loses what the change takes over."""
    if view.id != change.policy_id:
        return replace(
            view,
            service_ids=_without(view.service_ids, change.service_ids),
            team_ids=_without(view.team_ids, change.team_ids),
        )
    return replace(
        view,
        spec=change.spec,
        service_ids=(*view.service_ids, *change.service_ids),
        team_ids=(*view.team_ids, *change.team_ids),
    )


def _without(known: Iterable[int], taken: Collection[int]) -> tuple[int, ...]:
    return tuple(number for number in known if number not in taken)


def _fresh(change: PolicyChange) -> PolicyView:
    return PolicyView(
        id=-1,
        name="The new policy",
        description="",
        team_id=None,
        is_default=False,
        number=0,
        version_id=-1,
        spec=change.spec,
        service_ids=tuple(change.service_ids),
        team_ids=tuple(change.team_ids),
    )


def _rota_ids(specs: Iterable[PolicySpec]) -> set[int]:
    targets = (target for spec in specs for step in spec.steps for target in step.targets)
    return {t.id for t in targets if t.kind in ROTA_KINDS and t.id is not None}


def _duty(name: str, duties: DutiesAt) -> DutyNow:
    return DutyNow(
        name=name,
        primary=duties.primary.user_id if duties.primary else None,
        lieutenant=duties.lieutenant.user_id if duties.lieutenant else None,
        next_primary=duties.next_primary.user_id if duties.next_primary else None,
        primary_why=duties.primary.why.rstrip(".") if duties.primary else "",
        lieutenant_why=duties.lieutenant.why.rstrip(".") if duties.lieutenant else "",
        shadow=duties.shadow.user_id if duties.shadow else None,
    )
