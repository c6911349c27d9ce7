"""A bundle with many things takes as few statements as one with few, and says the same facts."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.identity import NOW, make_user, viewer

from evenfall.identity.permissions import Viewer
from evenfall.manifests import actions
from evenfall.manifests.actions import Plan, Wish
from evenfall.manifests.models import Managed
from evenfall.platform.models import JournalEntry

pytestmark = pytest.mark.django_db


def large(count: int, *, odd: str = "", tier: int = 1, kind: str = "hard") -> Wish:
    """Services that need one other, each of its own team; a policy for all of them, and rules."""
    names = [f"s{number:02}" for number in range(count)]
    listed = ", ".join(names)
    lines = ["evenfall: v1", "teams:"]
    lines += [f"  {n}: {{name: {n}, members: {{ada@example.org: manager}}}}" for n in names]
    lines += ["services:", "  base: {name: Base, team: s00}"]
    lines += [f"  {n}: {{name: {n}, team: {n}, tier: {9 if n == odd else tier}}}" for n in names]
    lines += ["dependencies:", *(f"  {n}: {{needs: {{base: {kind}}}}}" for n in names)]
    lines += ["policies:", "  all:", "    name: All"]
    lines += ["    steps: [{targets: [{kind: user, of: ada@example.org}]}]"]
    lines += [f"    used_by: {{services: [{listed}], teams: [{listed}]}}", "rules:", "  ordered:"]
    lines += [
        f'    - {{name: {n}, when: labels.a == "{n}", then: {{service: {n}}}}}' for n in names
    ]
    return Wish(bundle="large", files={"large.yaml": "\n".join(lines)})


@pytest.fixture
def boss() -> Viewer:
    make_user("Ada", email="ada@example.org")
    return viewer(make_user("Boss", role="admin"))


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def plan(wish: Wish, who: Viewer) -> Plan:
    return actions.plan(wish=wish, viewer=who, now=NOW)


def apply(wish: Wish, who: Viewer) -> Plan:
    return actions.apply(wish=wish, viewer=who, now=NOW)


def counted(count: int, who: Viewer) -> tuple[int, ...]:
    new, other = large(count), large(count, tier=3, kind="soft")
    with transaction.atomic():
        found = (
            statements(lambda: plan(new, who)),
            statements(lambda: apply(new, who)),
            statements(lambda: apply(other, who)),
            statements(lambda: plan(other, who)),
        )
        transaction.set_rollback(True)
    return found


def test_a_large_bundle_takes_as_many_statements_as_a_small_one(boss: Viewer) -> None:
    assert counted(2, boss) == counted(9, boss)


def test_one_problem_among_many_is_told_alone_and_found_in_few_statements(boss: Viewer) -> None:
    few = statements(lambda: plan(large(40), boss))
    found: list[Plan] = []
    many = statements(lambda: found.append(plan(large(40, odd="s17"), boss)))
    (problem,) = found[0].problems
    assert problem.what == "services.s17.tier"
    # what needs it and what names it fails for that reason only, and is not told
    text = large(40, odd="s17").files["large.yaml"].splitlines()[problem.place.line - 1]
    assert text.startswith("  s17: {name: s17, team")
    assert many < few + 160


def test_each_thing_has_its_own_facts_and_what_is_known_is_not_written_again(boss: Viewer) -> None:
    apply(large(3), boss)
    facts = Counter(JournalEntry.objects.values_list("kind", flat=True))
    assert {kind: facts[kind] for kind in facts if not kind.startswith("manifests.")} == {
        "identity.team_created": 3,
        "identity.membership_changed": 3,
        "catalog.service_created": 4,
        "catalog.dependency_changed": 3,
        "paging.policy_changed": 1,
        "paging.policy_assigned": 6,
        "alerting.rules_changed": 1,
    }
    assert set(JournalEntry.objects.values_list("actor", flat=True)) == {boss.actor}
    later = NOW + timedelta(hours=1)
    actions.apply(wish=large(3), viewer=boss, now=later)
    assert not Managed.objects.filter(written_at=later).exists()


def test_a_dependency_can_be_turned_round_and_a_circle_is_refused_with_its_way(
    boss: Viewer,
) -> None:
    def needs(said: str) -> Wish:
        text = "evenfall: v1\nteams: {t: {name: T}}\nservices:\n"
        text += "".join(f"  {key}: {{name: {key.upper()}, team: t}}\n" for key in "abc")
        return Wish(bundle="large", files={"f.yaml": f"{text}dependencies:\n{said}"})

    apply(needs("  b: {needs: {a: hard}}\n"), boss)
    assert apply(needs("  a: {needs: {b: hard}}\n  b: {needs: {c: hard}}\n"), boss).problems == ()
    circle = "  a: {needs: {b: hard}}\n  b: {needs: {c: hard}}\n  c: {needs: {a: hard}}\n"
    (problem,) = plan(needs(circle), boss).problems
    assert problem.what == "dependencies.c.depends_on_id"
    assert "C needs A needs B needs C" in problem.message
