"""Policies: versions that never change, one default, checks with a field."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from msgspec.structs import replace
from tests.factories.identity import NOW
from tests.factories.paging import (
    make_paged_team,
    make_person,
    make_policy,
    start_page,
    user_step,
)

from evenfall.paging import actions, errors, queries
from evenfall.paging.logic.policy import DEFAULT_POLICY, PolicySpec
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.models import PolicyVersion
from evenfall.platform import journal

pytestmark = pytest.mark.django_db


def save(policy_id: int, spec: PolicySpec = DEFAULT_POLICY, **more: object) -> int:
    fields = {"name": "Nights", "now": NOW, "actor": "user:1", **more}
    return actions.save_policy(policy_id=policy_id, spec=spec, **fields)  # type: ignore[arg-type]  # names as above


def test_fresh_installation_has_the_default_policy() -> None:
    default = queries.default_policy()
    assert default is not None
    assert default.spec == DEFAULT_POLICY


def test_saved_policy_reads_back_as_it_was() -> None:
    person = make_person("Ada")
    step = replace(
        user_step(person),
        window=OpenHours().window("Europe/Lisbon"),
        severities=frozenset({"critical"}),
    )
    policy_id = make_policy(step, name="Nights")
    assert queries.policy(policy_id).spec == PolicySpec(steps=(step,))


def test_save_makes_a_new_version_and_open_pages_keep_theirs() -> None:
    world = make_paged_team()
    policy_id = make_policy(user_step(world.ada), user_step(world.ben))
    actions.assign_policy(policy_id=policy_id, team_id=world.team.id, now=NOW, actor="system")
    page = start_page(world)
    number = save(policy_id, PolicySpec(steps=(user_step(world.eve),)))
    assert number == 2
    assert [version.number for version in queries.versions(policy_id)] == [2, 1]
    actions.advance_due_pages(now=NOW + timedelta(minutes=5))
    assert queries.page(page.id).people == ("Ada", "Ben")
    assert queries.page(page.id).policy_number == 1


def test_version_can_not_be_changed() -> None:
    policy_id = make_policy(user_step(make_person("Ada")))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PolicyVersion.objects.filter(policy_id=policy_id).update(rounds=1)


def test_save_over_a_newer_version_is_refused() -> None:
    policy_id = make_policy(user_step(make_person("Ada")))
    save(policy_id, seen_number=1)
    with pytest.raises(errors.PolicyChanged, match="version 2"):
        save(policy_id, seen_number=1)


def test_change_is_audited_with_before_and_after() -> None:
    policy_id = make_policy(user_step(make_person("Ada")), name="Old")
    save(policy_id)
    entry = journal.entries(subject=f"policy:{policy_id}")[-1]
    changed = journal.changed_fields(entry.data["before"], entry.data["after"])
    assert changed["name"] == ("Old", "Nights")
    assert changed["number"] == (1, 2)


def test_policy_with_a_flaw_is_refused_with_its_field() -> None:
    with pytest.raises(errors.PolicyInvalid, match="at least one step") as caught:
        make_policy()
    assert caught.value.field == "steps"


def test_second_policy_of_a_name_is_refused() -> None:
    person = make_person("Ada")
    make_policy(user_step(person), name="Nights")
    with pytest.raises(errors.PolicyNameTaken, match="Nights"):
        make_policy(user_step(person), name="Nights")


def test_policy_in_use_can_not_be_archived() -> None:
    world = make_paged_team()
    policy_id = make_policy(user_step(world.ada))
    actions.assign_policy(policy_id=policy_id, team_id=world.team.id, now=NOW, actor="system")
    with pytest.raises(errors.PolicyInUse):
        actions.archive_policy(policy_id=policy_id, now=NOW, actor="system")
    actions.assign_policy(policy_id=None, team_id=world.team.id, now=NOW, actor="system")
    actions.archive_policy(policy_id=policy_id, now=NOW, actor="system")
    with pytest.raises(errors.PolicyNotFound):
        queries.policy(policy_id)


def test_policies_lists_the_default_first() -> None:
    make_policy(user_step(make_person("Ada")), name="Aardvark")
    assert [view.name for view in queries.policies()] == ["Default", "Aardvark"]


def test_preview_tells_who_would_be_paged_now() -> None:
    world = make_paged_team()
    lines = queries.preview_policy(DEFAULT_POLICY, team_id=world.team.id, now=NOW)
    told = [(line.minute, [person.name for person in line.people]) for line in lines[:3]]
    assert told == [(0, ["Ada"]), (5, ["Ben"]), (10, ["Dan", "Ben"])]
    assert lines[-1].people[0].name == "Eve"
    without = queries.preview_policy(DEFAULT_POLICY, team_id=None, now=NOW)
    assert without[0].missing == ("rota: the team has no rota",)
