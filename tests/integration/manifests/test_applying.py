"""A manifest is planned, applied, applied again, and what other hands do to it is seen."""

import textwrap
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, make_team, make_user, viewer

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.catalog import actions as catalog_actions
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import actions as identity_actions
from evenfall.identity import queries as identity_queries
from evenfall.identity.models import User
from evenfall.identity.permissions import Viewer
from evenfall.manifests import actions, errors, queries
from evenfall.manifests.actions import Plan, Wish
from evenfall.manifests.logic.planning import Step
from evenfall.manifests.logic.specs import KINDS
from evenfall.manifests.models import Managed
from evenfall.manifests.queries.live import live
from evenfall.manifests.queries.names import managed_things, names
from evenfall.oncall import queries as oncall_queries
from evenfall.paging import queries as paging_queries
from evenfall.platform.models import JournalEntry

pytestmark = pytest.mark.django_db

WHOLE = """
evenfall: v1
teams:
  payments:
    name: Payments
    members: {ada@example.org: manager, ben@example.org: responder}
services:
  checkout: {name: Checkout, team: payments, tier: 1}
  database: {name: Database, team: payments, environments: [UAT, PROD]}
dependencies:
  checkout: {needs: {database: hard}}
rotas:
  payments:
    name: Payments
    team: payments
    time_zone: Europe/Berlin
    coverage: [{from_day: mon, from_time: 09:00, until_day: fri, until_time: 18:00}]
    layers:
      - name: Weeks
        time_zone: Europe/Berlin
        starts_on: 2026-03-02
        hands_over_at: 10:00
        members: [{person: ada@example.org}, {person: ben@example.org}]
    lieutenant: {kind: next}
policies:
  payments:
    name: Payments
    team: payments
    steps:
      - targets: [{kind: rota, of: payments}]
        severities: [error, critical]
        window: {zone: Europe/Berlin, days: [tue, mon], start: 08:00, end: 20:00}
      - targets: [{kind: user, of: ben@example.org}, {kind: team_lead}]
    catch_all: ada@example.org
    used_by: {services: [checkout]}
integrations:
  shop-prometheus:
    {name: Shop Prometheus, kind: prometheus, service: checkout, team: payments}
rules:
  ordered:
    - name: Night batch
      when: labels.job == "batch"
      then: {outcome: ticket, service: database, policy: payments, group_window_seconds: 90}
  otherwise: {group_by: [alertname]}
inhibitions:
  database: {name: Database, source: [alertname=Down], target: ['tier="shop"'], equal: [site, env]}
silences:
  move:
    matchers: ['site=old, env="prod"']
    starts_at: 2026-03-02T13:00:00+01:00
    ends_at: 2026-03-04T12:00:00Z
    comment: The old site moves
maintenance:
  disks:
    name: New disks
    starts_at: 2026-03-05T22:00:00+01:00
    ends_at: 2026-03-06T02:00:00+01:00
    services: [database]
    environments: [PROD]
recurring_maintenance:
  backups:
    name: Backups
    rule: RRULE:FREQ=WEEKLY;BYDAY=SU
    begins_on: 2026-03-01
    begins_at: 02:00
    length_minutes: 90
    time_zone: Europe/Berlin
    exceptions: [2026-03-15]
    services: [checkout, database]
    matchers: ["job=backup"]
"""


@pytest.fixture
def boss() -> Viewer:
    make_user("Ada", email="ada@example.org")
    make_user("Ben", email="ben@example.org")
    return viewer(make_user("Boss", role="admin"))


def wish(text: str, **more: Any) -> Wish:
    return Wish(**{"bundle": "shop", "files": {"shop.yaml": textwrap.dedent(text)}, **more})


def apply(text: str, who: Viewer, **more: Any) -> Plan:
    return actions.apply(wish=wish(text, **more), viewer=who, now=NOW)


def plan(text: str, who: Viewer, **more: Any) -> Plan:
    return actions.plan(wish=wish(text, **more), viewer=who, now=NOW)


def test_a_plan_says_everything_and_changes_nothing(boss: Viewer) -> None:
    facts = JournalEntry.objects.count()
    found = plan(WHOLE, boss)
    assert [str(change.thing) for change in found.changes] == [
        *("teams.payments", "services.checkout", "services.database", "dependencies.checkout"),
        *("rotas.payments", "policies.payments", "integrations.shop-prometheus", "rules"),
        *("inhibitions.database", "silences.move"),
        *("maintenance.disks", "recurring_maintenance.backups"),
    ]
    assert found.problems == ()
    assert found.keys == {}
    assert catalog_queries.services() == {}
    assert JournalEntry.objects.count() == facts


def test_everything_is_made_and_the_same_again_changes_nothing(boss: Viewer) -> None:
    done = apply(WHOLE, boss, revision="abc123", expected=plan(WHOLE, boss).digest)
    assert done.count(Step.CREATE) == 11
    assert len(next(iter(done.keys.values()))) == 32
    services = {one.slug: one for one in catalog_queries.services().values()}
    assert catalog_queries.needs(services["checkout"].id)[0].service.slug == "database"
    (rota,) = oncall_queries.rotas()
    spec = oncall_queries.rota_specs([rota.id], since=NOW)[rota.id]
    assert [len(layer.members) for layer in spec.plans[-1].layers] == [2]
    policy = next(one for one in paging_queries.policies() if one.name == "Payments")
    assert policy.service_ids == (services["checkout"].id,)
    first, rest = alerting_queries.rules()
    assert (first.name, first.outcome, first.policy_id) == ("Night batch", "ticket", policy.id)
    assert rest.group_by == ("alertname",)
    facts = JournalEntry.objects.count()
    again = apply(WHOLE, boss, revision="abc124")
    assert (again.changes, again.adopted) == ((), ())
    assert JournalEntry.objects.count() == facts
    (bundle,) = queries.bundles()
    assert (bundle.name, bundle.revision, bundle.count) == ("shop", "abc124", 12)


def test_an_export_goes_back_in_without_a_change(boss: Viewer) -> None:
    apply(WHOLE, boss)
    actions.release(bundle="shop", viewer=boss, now=NOW)
    exported = queries.export(now=NOW)
    found = apply(exported, boss, bundle="all")
    assert found.problems == ()
    assert found.changes == ()
    assert "ada@example.org" in exported
    assert queries.export(kinds=["teams"], now=NOW).count("name:") == 1


def test_what_differs_is_changed_and_what_is_gone_deleted(boss: Viewer) -> None:
    apply(WHOLE, boss)
    less = WHOLE[: WHOLE.index("inhibitions:")].replace("tier: 1", "tier: 2")
    less = less.replace("{person: ben@example.org}]", "{person: ben@example.org}, {}]")
    found = apply(less, boss)
    said = {str(c.thing): (c.step, [one.path for one in c.fields]) for c in found.changes}
    assert said["services.checkout"] == (Step.UPDATE, ["tier"])
    assert said["inhibitions.database"][0] is Step.DELETE
    assert said["silences.move"][0] is Step.DELETE
    assert said["maintenance.disks"][0] is Step.DELETE
    assert said["recurring_maintenance.backups"][0] is Step.DELETE
    assert alerting_queries.maintenance_ahead(now=NOW) == []
    assert alerting_queries.recurring_ahead(now=NOW) == []
    assert "rotas.payments" in said
    assert alerting_queries.inhibitions() == []
    # services are archived, so their team is still named
    with pytest.raises(errors.ManifestNotValid, match="still owns things"):
        apply("evenfall: v1", boss, may_empty=True)
    team = WHOLE[: WHOLE.index("services:")]
    assert apply(team, boss).count(Step.DELETE) == 7
    assert oncall_queries.rotas() == []
    assert [one.count for one in queries.bundles()] == [1]


def test_a_bundle_that_says_nothing_is_a_mistake(boss: Viewer) -> None:
    apply(WHOLE, boss)
    with pytest.raises(errors.NothingDeclared, match="manages 12 things"):
        apply("evenfall: v1", boss)


def test_all_problems_are_told_with_their_lines_and_nothing_is_done(boss: Viewer) -> None:
    make_team("Other", slug="other")
    text = """
        evenfall: v1
        services:
          checkout: {name: Checkout, team: nobody}
          database: {name: Database, team: other, tier: 1}
        dependencies:
          checkout: {needs: {database: hard}}
        rules:
          ordered: [{name: Odd, when: "severity ="}]
        silences:
          old: {matchers: [a=b], starts_at: 2026-01-01T00:00:00Z, ends_at: 2026-01-02T00:00:00Z}
    """
    found = plan(text, boss)
    told = {problem.what: problem for problem in found.problems}
    assert told["services.checkout"].message == "There is no team “nobody”."
    assert told["services.checkout"].place.line == 4
    assert "rules.condition" in told
    # what fails only for that reason is not told again
    assert "dependencies.checkout" not in told
    assert [str(thing) for thing in found.over] == ["silences.old"]
    with pytest.raises(errors.ManifestNotValid, match=r"2 to mend .* shop.yaml, line 4"):
        apply(text, boss)
    assert catalog_queries.services() == {}


def test_what_was_planned_is_what_is_applied(boss: Viewer) -> None:
    looked_at = plan(WHOLE, boss).digest
    make_team("Payments", slug="payments")
    with pytest.raises(errors.PlanOutdated):
        apply(WHOLE, boss, expected=looked_at)


def test_drift_says_what_and_whose_hands(boss: Viewer) -> None:
    apply(WHOLE, boss)
    assert queries.drift(now=NOW) == []
    service = next(s for s in catalog_queries.services().values() if s.slug == "checkout")
    later = NOW + timedelta(hours=1)
    fields = catalog_actions.ServiceFields(name="Checkout", team_id=service.team_id, tier=3)
    catalog_actions.change_service(service_id=service.id, fields=fields, now=later, actor="user:99")
    alerting = alerting_queries.inhibitions()[0]
    from_evenfall = queries.drift(bundle="shop", now=later)
    (found,) = from_evenfall
    assert str(found.thing) == "services.checkout"
    assert [(one.path, one.before, one.after) for one in found.fields] == [("tier", 1, 3)]
    assert [(hand.actor, hand.at) for hand in found.hands] == [("user:99", later)]
    assert alerting.is_enabled
    after_the_move = NOW + timedelta(days=5)
    assert [str(d.thing) for d in queries.drift(now=after_the_move)] == ["services.checkout"]


def test_what_another_bundle_manages_is_refused(boss: Viewer) -> None:
    apply("evenfall: v1\nteams: {ops: {name: Ops}}", boss, bundle="ops")
    found = plan("evenfall: v1\nteams: {ops: {name: Operations}}", boss)
    assert "The bundle “ops” manages it" in found.problems[0].message


def test_secrets_are_named_and_a_new_value_is_a_change(boss: Viewer) -> None:
    text = "evenfall: v1\nintegrations: {gh: {name: GH, kind: sentry, secret: 'env:HOOK'}}"
    assert "Nothing was given for env:HOOK" in plan(text, boss).problems[0].message
    apply(text, boss, secrets={"env:HOOK": "one"})
    assert apply(text, boss, secrets={"env:HOOK": "one"}).changes == ()
    assert apply(text, boss, secrets={"env:HOOK": "two"}).count(Step.UPDATE) == 1
    assert apply(text, boss, secrets={"env:HOOK": "two"}).changes == ()
    assert "two" not in queries.export(now=NOW)


KEYED = "evenfall: v1\nintegrations: {pd: {name: PD, kind: pagerduty, key: 'env:PD_KEY'}}"
KEY = "0123456789abcdef0123456789abcdef"


def test_keys_that_senders_have_are_kept_and_stand_nowhere(boss: Viewer) -> None:
    (problem,) = plan(KEYED, boss).problems
    assert (problem.what, "Nothing was given for env:PD_KEY" in problem.message) == (
        "integrations.pd.key",
        True,
    )
    (weak,) = plan(KEYED, boss, secrets={"env:PD_KEY": "a" * 32}).problems
    assert "This is no key" in weak.message
    given = {"env:PD_KEY": KEY}
    done = apply(KEYED, boss, secrets=given, expected=plan(KEYED, boss, secrets=given).digest)
    assert done.keys == {}
    (one,) = alerting_queries.all_integrations()
    sender = alerting_queries.sender_of_key(KEY, kind="pagerduty", now=NOW)
    assert sender is not None
    assert (sender.integration_id, one.key_hint) == (one.id, "…cdef")
    assert apply(KEYED, boss, secrets=given).changes == ()
    assert queries.drift(now=NOW) == []
    said = queries.export(now=NOW)
    assert "key: env:PD_KEY" in said
    assert KEY not in said + repr(list(Managed.objects.values())) + repr(
        list(JournalEntry.objects.values())
    )
    alerting_actions.rotate_key(integration_id=one.id, now=NOW, actor="user:9")
    (rotated,) = queries.drift(now=NOW)
    assert [(f.path, f.before, f.after) for f in rotated.fields] == [("key", "env:PD_KEY", None)]
    assert apply(KEYED, boss, secrets=given).count(Step.UPDATE) == 1
    assert queries.drift(now=NOW) == []


def test_a_key_of_another_is_refused(boss: Viewer) -> None:
    apply(KEYED, boss, secrets={"env:PD_KEY": KEY})
    text = KEYED.replace("pd:", "other:")
    (problem,) = plan(text, boss, bundle="b", secrets={"env:PD_KEY": KEY}).problems
    assert "Another integration has this key" in problem.message


def test_rules_that_only_add_are_saved(boss: Viewer) -> None:
    text = "evenfall: v1\nrules: {ordered: [{name: A, then: {outcome: record}}]}"
    apply(text, boss)
    assert [one.name for one in alerting_queries.rules()] == ["A", "Everything else"]
    apply(text.replace("}]}", "}, {name: B}]}"), boss)
    assert [one.name for one in alerting_queries.rules()] == ["A", "B", "Everything else"]


def test_an_export_makes_the_same_installation_again(boss: Viewer) -> None:
    """Everything is taken back in between: the second time it is made out of nothing."""
    text = WHOLE.replace("service: checkout, team: payments}", "service: checkout, key: 'env:K'}")
    given = {"env:K": KEY}
    with transaction.atomic():
        apply(text, boss, secrets=given)
        first = queries.export(now=NOW)
        transaction.set_rollback(True)
    assert "payments" not in queries.export(now=NOW)
    assert {f"{kind}:" for kind in KINDS} <= set(first.split("\n"))
    apply(first, boss, secrets=given, bundle="again")
    assert queries.export(now=NOW) == first


def test_drift_asks_as_often_however_much_drifted(
    boss: Viewer, django_assert_num_queries: Any
) -> None:
    keys = ("a", "b", "c")
    text = "evenfall: v1\nteams: {" + ", ".join(f"{key}: {{name: T}}" for key in keys) + "}"
    apply(text, boss)
    later = NOW + timedelta(hours=1)
    ids = {team.slug: team.id for team in identity_queries.teams()}

    def rename(key: str) -> None:
        said = {"name": "Other", "description": ""}
        identity_actions.change_team(team_id=ids[key], **said, now=later, actor=f"user:{ids[key]}")

    rename("a")
    with CaptureQueriesContext(connection) as one:
        assert len(queries.drift(now=later)) == 1
    rename("b")
    rename("c")
    with django_assert_num_queries(len(one)):
        found = queries.drift(now=later)
    assert [hand.actor for drifted in found for hand in drifted.hands] == [
        f"user:{ids[key]}" for key in keys
    ]


def test_people_apply_only_what_they_may_manage() -> None:
    lead = make_user("Lena", email="lena@example.org")
    mine, other = make_team("Mine", slug="mine", leads=[lead]), make_team("Other", slug="other")
    who = viewer(User.objects.get(id=lead.id))
    text = "evenfall: v1\nservices: {{a: {{name: A, team: {}}}}}"
    assert apply(text.format(mine.slug), who).count(Step.CREATE) == 1
    refused = plan(text.format(other.slug).replace("a:", "b:"), who, may_empty=True)
    assert refused.problems


def test_a_service_that_was_archived_comes_back(boss: Viewer) -> None:
    text = "evenfall: v1\nteams: {t: {name: T}}\nservices: {a: {name: A, team: t}}"
    apply(text, boss)
    apply("evenfall: v1\nteams: {t: {name: T}}", boss)
    assert catalog_queries.services() == {}
    apply(text, boss)
    assert [one.slug for one in catalog_queries.services().values()] == ["a"]


def test_the_number_of_statements_does_not_grow_with_what_is_there(
    boss: Viewer, django_assert_max_num_queries: Any
) -> None:
    apply(WHOLE, boss)
    with django_assert_max_num_queries(60):
        again = plan(WHOLE, boss)
    assert again.changes == ()


QUIET = """
evenfall: v1
{kind}:
  a: {{{what}}}
"""
SPAN = "starts_at: 2026-03-05T10:00:00Z, ends_at: 2026-03-05T12:00:00Z"


@pytest.mark.parametrize("kind", ["silences", "maintenance"])
def test_quiet_that_holds_begins_no_earlier_and_another_scope_is_another(
    boss: Viewer, kind: str
) -> None:
    name = "name: A, " if kind == "maintenance" else ""
    during = datetime(2026, 3, 5, 11, tzinfo=UTC)

    def said(what: str, now: datetime) -> Plan:
        text = QUIET.format(kind=kind, what=f"{name}{what}")
        return actions.apply(wish=wish(text), viewer=boss, now=now)

    def there(now: datetime) -> tuple[int, Any]:
        (found,) = (
            one
            for thing, one in live(names(managed_things()), now=now).items()
            if thing.kind == kind
        )
        return found.own_id, found.spec

    said(f"matchers: [a=b], {SPAN}", NOW)
    first, _ = there(NOW)
    earlier = said(f"matchers: [a=b], {SPAN}".replace("T10", "T09"), NOW)
    assert [one.path for one in earlier.changes[0].fields] == ["starts_at"]
    assert there(NOW)[0] == first
    # it holds now: what is said about its start is past
    assert said(f"matchers: [a=b], {SPAN}".replace("T10", "T08"), during).changes == ()
    longer = said(f"matchers: [a=b], {SPAN}".replace("T12", "T14"), during)
    assert [one.path for one in longer.changes[0].fields] == ["ends_at"]
    assert there(during)[0] == first
    said(f"matchers: [a=c], {SPAN}".replace("T12", "T14"), during)
    second, spec = there(during)
    assert second != first
    assert spec.starts_at >= "2026-03-05T10:55"
    assert said(f"matchers: [a=c], {SPAN}".replace("T12", "T14"), during).changes == ()
    later = f"matchers: [a=c], {SPAN}".replace("T12", "T14").replace("T10", "T13")
    assert said(later, during).count(Step.UPDATE) == 1
    assert there(during)[0] != second
    assert said(later, during).changes == ()
    assert queries.drift(now=during) == []
    assert queries.drift(now=during + timedelta(days=1)) == []


def test_work_that_comes_back_changes_in_place_and_what_is_called_off_stays_off(
    boss: Viewer,
) -> None:
    apply(WHOLE, boss)
    (before,) = alerting_queries.recurring_ahead(now=NOW)
    window = next(
        w
        for w in alerting_queries.maintenance_between(NOW, NOW + timedelta(days=8))
        if w.series_id == before.id
    )
    alerting_actions.end_maintenance(maintenance_id=window.id, now=NOW, actor="user:9")
    changed = apply(WHOLE.replace("length_minutes: 90", "length_minutes: 30"), boss)
    assert [str(one.thing) for one in changed.changes] == ["recurring_maintenance.backups"]
    (after,) = alerting_queries.recurring_ahead(now=NOW)
    assert (after.id, after.length_minutes, after.next[0].is_off) == (before.id, 30, True)
    alerting_actions.end_recurring(recurring_id=after.id, now=NOW, actor="user:9")
    (gone,) = queries.drift(now=NOW)
    assert (str(gone.thing), gone.is_gone) == ("recurring_maintenance.backups", True)


def test_work_that_cannot_be_is_refused_and_what_never_comes_again_is_over(boss: Viewer) -> None:
    text = """
        evenfall: v1
        maintenance:
          odd: {name: Odd, starts_at: soon, ends_at: 2026-04-01T00:00:00Z}
          old: {name: Old, starts_at: 2026-01-01T00:00:00Z, ends_at: 2026-01-02T00:00:00Z}
        recurring_maintenance:
          fast: {name: F, rule: FREQ=SECONDLY, begins_on: 2026-01-01, begins_at: 02:00,
                 length_minutes: 5, time_zone: UTC}
          past: {name: P, rule: FREQ=DAILY, begins_on: 2025-01-01, begins_at: 02:00,
                 length_minutes: 5, time_zone: UTC, last_on: 2025-02-01}
          nowhere: {name: N, rule: FREQ=DAILY, begins_on: 2025-01-01, begins_at: 02:00,
                    length_minutes: 5, time_zone: Mars/Olympus}
    """
    found = plan(text, boss)
    told = {problem.what: problem.message for problem in found.problems}
    assert "soon is not a time with a zone" in told["maintenance.odd.starts_at"]
    assert "FREQ must be" in told["recurring_maintenance.fast.rule"]
    assert "Mars/Olympus" in told["recurring_maintenance.nowhere.zone"]
    assert [str(thing) for thing in found.over] == ["maintenance.old", "recurring_maintenance.past"]
