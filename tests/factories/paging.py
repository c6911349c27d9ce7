"""Policies, pages and a team that can be paged, for tests. Times are `NOW` unless given."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.notifications import make_contact_method

from evenfall.catalog.models import Service
from evenfall.identity.models import Team, User
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall.logic.spec import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    OverrideKind,
    Role,
    ShiftPattern,
)
from evenfall.paging import actions
from evenfall.paging.logic.policy import PolicySpec, StepSpec, TargetSpec
from evenfall.paging.logic.words import TargetKind, Urgency
from evenfall.paging.models import Page
from evenfall.paging.ports import PageContent, PageRequest

_numbers = itertools.count(1)
UTC_ZONE = ZoneInfo("UTC")


class PagedTeam(Struct, frozen=True, kw_only=True):
    """Ada is on call, Ben is her lieutenant, Dan leads the team, Eve administers the site."""

    team: Team
    service: Service
    rota_id: int
    ada: User
    ben: User
    dan: User
    eve: User


def make_person(name: str, role: str = "responder", *, kinds: Sequence[str] = ("email",)) -> User:
    """A person with one verified contact method of each kind."""
    user = make_user(name, role)
    for kind in kinds:
        make_contact_method(user, kind)
    return user


def make_rota(
    team: Team,
    primary: User | None,
    lieutenant: User | None = None,
    *,
    name: str = "Weekly",
    now: datetime = NOW,
) -> int:
    """A weekly rota of one person (or of nobody: a gap), with a fixed lieutenant."""
    since = (now - timedelta(days=7)).replace(tzinfo=None)
    layer = LayerSpec(
        name=name,
        zone=UTC_ZONE,
        pattern=ShiftPattern(starts_at=since, hours=(168,)),
        members=(MemberSlot(user_id=primary.id if primary else None),),
    )
    rule = (
        LieutenantRule(kind=LieutenantKind.PERSON, user_id=lieutenant.id)
        if lieutenant
        else LieutenantRule()
    )
    return oncall_actions.create_rota(
        team_id=team.id,
        name=f"{name} {next(_numbers)}",
        zone="UTC",
        layers=(layer,),
        lieutenant=rule,
        now=now,
        actor="system",
    )


def make_paged_team(*, kinds: Sequence[str] = ("email",)) -> PagedTeam:
    """A team for which the default policy finds somebody at every step."""
    ada, ben, dan = (make_person(name, kinds=kinds) for name in ("Ada", "Ben", "Dan"))
    eve = make_person("Eve", "admin", kinds=kinds)
    team = make_team(members=(ada, ben), leads=(dan,))
    return PagedTeam(
        team=team,
        service=make_service("Checkout", team=team),
        rota_id=make_rota(team, ada, ben),
        ada=ada,
        ben=ben,
        dan=dan,
        eve=eve,
    )


def page_request(
    world: PagedTeam,
    subject: str = "incident:17",
    *,
    title: str = "Error rate above 5 %",
    severity: str | None = "critical",
    urgency: Urgency = Urgency.HIGH,
    policy_id: int | None = None,
) -> PageRequest:
    return PageRequest(
        subject=subject,
        service_id=world.service.id,
        urgency=urgency,
        policy_id=policy_id,
        content=PageContent(title=title, severity=severity, service="Checkout", since=NOW),
    )


def start_page(world: PagedTeam, subject: str = "incident:17", *, now: datetime = NOW) -> Page:
    """An open page that took its first step."""
    ids = actions.start_pages(requests=[page_request(world, subject)], now=now, actor="system")
    return Page.objects.get(id=ids[subject])


def user_step(user: User, *, delay_minutes: int = 5) -> StepSpec:
    return StepSpec(
        targets=(TargetSpec(kind=TargetKind.USER, id=user.id),), delay_minutes=delay_minutes
    )


def make_policy(*steps: StepSpec, name: str | None = None, rounds: int = 3) -> int:
    return actions.create_policy(
        name=name or f"Policy {next(_numbers)}",
        spec=PolicySpec(steps=steps, rounds=rounds),
        now=NOW,
        actor="system",
    )


def leave_primary_empty(world: PagedTeam, *, now: datetime = NOW) -> None:
    """Nobody is on call for a day; the lieutenant stays."""
    oncall_actions.add_override(
        rota_id=world.rota_id,
        role=Role.PRIMARY,
        kind=OverrideKind.REMOVE,
        starts_at=now,
        ends_at=now + timedelta(days=1),
        now=now,
        actor="system",
    )
