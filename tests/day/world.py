"""The company in the product: people, services, rules and windows, made by its own actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from tests.day import routing
from tests.day.company import SHARED, TEAMS, Company
from tests.day.plan import Day, Sender
from tests.factories.alerting import make_integration
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_team
from tests.factories.paging import make_person, make_rota

from evenfall.alerting import actions
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.ports import Effects, Outcome
from evenfall.catalog.models import Service
from evenfall.identity.models import Team
from evenfall.platform.reactions import react_now

ACTOR: Final = "system"
BATCH_ENDS: Final = timedelta(hours=2)


class World(Struct, frozen=True):
    """The integrations by sender, and the slugs of teams by their id."""

    integrations: Mapping[Sender, int]
    teams: Mapping[int, str]


def build(day: Day) -> World:
    """Set the company up on the day before."""
    now = day.starts - timedelta(days=1)
    make_person("Root", "admin")
    teams = {slug: _team(slug, now) for slug in TEAMS}
    services = _services(day.company, teams, now)
    integrations = {
        Sender.METRICS: make_integration("Metrics", kind="prometheus", now=now),
        Sender.BATCH: make_integration("Batch", kind="json", now=now),
    }
    _rules(now)
    _quiet(day, services, now)
    actions.set_auto_end(
        draft=actions.AutoEndDraft(
            integration_id=integrations[Sender.BATCH].pk, quiet=BATCH_ENDS, also_paging=False
        ),
        now=now,
        actor=ACTOR,
    )
    actions.write_graph(now=now)
    react_now(now)
    return World(
        integrations={sender: row.pk for sender, row in integrations.items()},
        teams={team.pk: slug for slug, team in teams.items()},
    )


def _team(slug: str, now: datetime) -> Team:
    primary, lieutenant, lead = (
        make_person(f"{slug} {role}") for role in ("primary", "lieutenant", "lead")
    )
    team = make_team(slug.title(), slug=slug, members=(primary, lieutenant), leads=(lead,))
    make_rota(team, primary, lieutenant, now=now)
    return team


def _services(company: Company, teams: Mapping[str, Team], now: datetime) -> dict[str, Service]:
    services = {
        one.slug: make_service(one.slug, team=teams[one.team], slug=one.slug, tier=one.tier)
        for one in company.services.values()
    }
    for upper, lower in company.needs:
        make_dependency(services[upper], services[lower], now=now)
    # softly: it is meant to live without that one, and nothing ever waits for it
    for slug in SHARED["message-bus"]:
        make_dependency(services[slug], services["secrets"], kind="soft", now=now)
    return services


def _rules(now: datetime) -> None:
    for name, condition, outcome in routing.RULES:
        draft = actions.RuleDraft(
            name=name, condition=condition, effects=Effects(outcome=Outcome(outcome))
        )
        actions.create_rule(draft=draft, now=now, actor=ACTOR)
    actions.create_inhibition(
        draft=actions.InhibitionDraft(
            name="A site that is gone takes its hosts along",
            source=parse_matchers(f'alertname="{routing.DATACENTRE}"'),
            target=parse_matchers(f'alertname="{routing.HOST}"'),
            equal=("env",),
        ),
        now=now,
        actor=ACTOR,
    )


def _quiet(day: Day, services: Mapping[str, Service], now: datetime) -> None:
    actions.create_silence(
        matchers=parse_matchers(f'alertname="{routing.SILENCED}"'),
        starts_at=now,
        ends_at=day.ends + timedelta(hours=1),
        comment="Its owner knows.",
        by_name="insight",
        now=now,
        actor=ACTOR,
    )
    for window in day.windows:
        actions.create_maintenance(
            name=window.name,
            starts_at=window.starts,
            ends_at=window.ends,
            service_ids=[services[slug].pk for slug in window.services],
            by_name="platform",
            now=now,
            actor=ACTOR,
        )
