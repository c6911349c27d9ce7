"""Roles of incidents: given, handed over, left, relieved, ended; their pages and their API."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.identity.models import User
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.logic.roles import RELIEF_AFTER, CrewRole
from evenfall.incidents.models import HandoverCard, Incident, RoleAssignment
from evenfall.incidents.ports import Sev
from evenfall.notifications.models import Notice
from evenfall.platform import journal, reactions

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana() -> User:
    return make_user("Ana")


@pytest.fixture
def ben() -> User:
    return make_user("Ben")


@pytest.fixture
def incident() -> Incident:
    return declare("Shop is slow")


def give(
    incident: Incident,
    role: CrewRole,
    user: User,
    now: datetime = NOW,
    *,
    by: User | None = None,
    next_steps: str = "",
) -> int:
    return actions.give_role(
        incident_id=incident.pk,
        role=role,
        user_id=user.pk,
        next_steps=next_steps,
        now=now,
        actor=f"user:{(by or user).pk}",
    )


def leave(
    incident: Incident,
    role: CrewRole,
    user: User,
    now: datetime = NOW,
    *,
    successor: User | None = None,
) -> int | None:
    return actions.leave_role(
        incident_id=incident.pk,
        role=role,
        user_id=user.pk,
        successor_id=None if successor is None else successor.pk,
        now=now,
        actor=f"user:{user.pk}",
    )


def held(incident: Incident) -> list[tuple[str, int]]:
    rows = RoleAssignment.objects.filter(incident=incident, ended_at=None).order_by("id")
    return list(rows.values_list("role", "user_id"))


def kinds(incident: Incident) -> list[str]:
    return [entry.kind for entry in journal.entries(subject=f"incident:{incident.pk}")]


def crew(incident: Incident, now: datetime = NOW) -> queries.Crew:
    return queries.crew(queries.incident(incident.pk), now=now)


def test_whoever_acknowledges_first_is_offered_command_and_not_forced(
    incident: Incident, ana: User
) -> None:
    assert crew(incident).offered_to is None
    actions.acknowledge_incident(
        incident_id=incident.pk, user_id=ana.pk, now=NOW, actor=f"user:{ana.pk}"
    )
    found = crew(incident)
    assert found.commander is None
    assert found.offered_to
    assert found.offered_to.id == ana.pk


def test_a_role_of_one_person_is_handed_over_with_a_card(
    incident: Incident, ana: User, ben: User
) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    for title in ("Call the provider", "Turn the switch"):
        actions.add_task(
            incident_id=incident.pk, title=title, owner_id=ben.pk, now=NOW, actor="system"
        )
    for number in range(6):
        actions.add_note(
            incident_id=incident.pk,
            text=f"Note {number}",
            user_id=ana.pk,
            now=NOW,
            actor=f"user:{ana.pk}",
        )
    give(incident, CrewRole.COMMANDER, ben, NOW + MINUTE, by=ana, next_steps=" Wait for DNS. ")
    assert held(incident) == [("commander", ben.pk)]
    card = queries.handover_cards(incident.pk)[0]
    assert (card.from_person.name, card.to_person.name) == ("Ana", "Ben")
    assert card.next_steps == "Wait for DNS."
    assert [task["title"] for task in card.tasks] == ["Call the provider", "Turn the switch"]
    assert [task["owner"] for task in card.tasks] == ["Ben", "Ben"]
    assert [note["text"] for note in card.notes] == [f"Note {number}" for number in (5, 4, 3, 2, 1)]
    assert card.state == Incident.objects.get(id=incident.pk).state


def test_the_card_stays_as_it_was(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.SCRIBE, ana)
    task_id = actions.add_task(incident_id=incident.pk, title="Old", now=NOW, actor="system")
    give(incident, CrewRole.SCRIBE, ben)
    actions.finish_task(incident_id=incident.pk, task_id=task_id, now=NOW, actor="system")
    assert queries.handover_cards(incident.pk)[0].tasks[0]["title"] == "Old"


def test_only_the_successor_reads_the_card(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    give(incident, CrewRole.COMMANDER, ben)
    card = HandoverCard.objects.get()
    with pytest.raises(errors.HandoverNotYours):
        actions.read_handover(
            incident_id=incident.pk, handover_id=card.pk, user_id=ana.pk, now=NOW, actor="system"
        )
    for _ in range(2):
        actions.read_handover(
            incident_id=incident.pk, handover_id=card.pk, user_id=ben.pk, now=NOW, actor="system"
        )
    assert kinds(incident).count("incidents.handover_read") == 1
    with pytest.raises(errors.HandoverNotFound):
        queries.handover_card(declare().pk, card.pk)


def test_giving_twice_changes_nothing(incident: Incident, ana: User) -> None:
    first = give(incident, CrewRole.COMMANDER, ana)
    assert give(incident, CrewRole.COMMANDER, ana, NOW + MINUTE) == first
    assert kinds(incident).count("incidents.role_taken") == 1


def test_there_may_be_several_experts(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.EXPERT, ana)
    give(incident, CrewRole.EXPERT, ben)
    assert held(incident) == [("expert", ana.pk), ("expert", ben.pk)]
    leave(incident, CrewRole.EXPERT, ana)
    assert held(incident) == [("expert", ben.pk)]
    assert not HandoverCard.objects.exists()


def test_an_expert_may_name_who_follows(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.EXPERT, ana)
    assert leave(incident, CrewRole.EXPERT, ana, successor=ben)
    assert held(incident) == [("expert", ben.pk)]
    assert HandoverCard.objects.get().from_user_id == ana.pk


def test_command_is_never_left_without_a_successor(incident: Incident, ana: User) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    with pytest.raises(errors.NoSuccessor, match="would have no commander: there is no deputy"):
        leave(incident, CrewRole.COMMANDER, ana)
    with pytest.raises(errors.NoSuccessor):
        leave(incident, CrewRole.COMMANDER, ana, successor=ana)
    assert held(incident) == [("commander", ana.pk)]


def test_command_goes_to_the_deputy_who_is_deputy_no_more(
    incident: Incident, ana: User, ben: User
) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    give(incident, CrewRole.DEPUTY, ben)
    leave(incident, CrewRole.COMMANDER, ana, NOW + MINUTE)
    assert held(incident) == [("commander", ben.pk)]


def test_command_goes_to_the_lieutenant_on_call() -> None:
    world = make_paged_team()
    incident = declare(service_id=world.service.pk)
    give(incident, CrewRole.COMMANDER, world.ada)
    leave(incident, CrewRole.COMMANDER, world.ada, NOW + MINUTE)
    assert held(incident) == [("commander", world.ben.pk)]
    told = {line.line.text: line.line.why for line in queries.incident_story(incident.pk)}
    assert told["Ben is commander now, after Ada"] == "Found as the lieutenant on call."


def test_nobody_leaves_a_role_they_do_not_have(incident: Incident, ana: User) -> None:
    with pytest.raises(errors.NotInRole, match="Ana is not scribe"):
        leave(incident, CrewRole.SCRIBE, ana)


def test_nobody_who_left_takes_anything_over(incident: Incident) -> None:
    with pytest.raises(errors.PersonNotActive):
        give(incident, CrewRole.SCRIBE, make_user("Gone", is_active=False))


def test_somebody_else_is_told_and_oneself_is_not(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    assert not Notice.objects.filter(purpose="role").exists()
    give(incident, CrewRole.COMMANDER, ben, by=ana)
    assert set(Notice.objects.filter(purpose="role").values_list("user_id", flat=True)) == {ben.pk}


def test_the_database_keeps_one_commander(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    with pytest.raises(IntegrityError, match="role_held_by_one"), transaction.atomic():
        RoleAssignment.objects.create(
            incident=incident, user=ben, role="commander", started_at=NOW, given_by="system"
        )


def test_the_commander_of_a_critical_incident_should_not_mend_alone(ana: User, ben: User) -> None:
    incident = declare(severity=Sev.SEV2)
    give(incident, CrewRole.COMMANDER, ana)
    give(incident, CrewRole.EXPERT, ana)
    assert crew(incident).is_only_expert
    give(incident, CrewRole.EXPERT, ben)
    assert not crew(incident).is_only_expert


def test_time_of_people_counts_nobody_twice(incident: Incident, ana: User, ben: User) -> None:
    give(incident, CrewRole.COMMANDER, ana)
    give(incident, CrewRole.EXPERT, ana, NOW + 5 * MINUTE)
    give(incident, CrewRole.EXPERT, ben, NOW + 10 * MINUTE)
    cost = queries.people_cost(incident.pk, now=NOW + 60 * MINUTE)
    assert [(one.person.name, one.time) for one in cost.people] == [
        ("Ana", 60 * MINUTE),
        ("Ben", 50 * MINUTE),
    ]
    assert cost.person_hours == 1.83


class TestRelief:
    @pytest.fixture
    def world(self) -> PagedTeam:
        return make_paged_team()

    @pytest.fixture
    def incident(self, world: PagedTeam) -> Incident:
        incident = declare(service_id=world.service.pk)
        give(incident, CrewRole.COMMANDER, world.ada)
        return incident

    def test_nobody_is_asked_before_four_hours(self, incident: Incident) -> None:
        relieved = actions.offer_command_relief(now=NOW + RELIEF_AFTER - MINUTE)
        assert (relieved.done, relieved.next_due) == (0, NOW + RELIEF_AFTER)
        assert crew(incident).commander.relief_offered_at is None  # type: ignore[union-attr] # is held

    def test_after_four_hours_the_lieutenant_is_asked_once(
        self, incident: Incident, world: PagedTeam
    ) -> None:
        now = NOW + RELIEF_AFTER
        assert actions.offer_command_relief(now=now).done == 1
        again = actions.offer_command_relief(now=now + RELIEF_AFTER)
        assert (again.done, again.next_due) == (0, None)
        commander = crew(incident).commander
        assert commander
        assert commander.relief_offered_to
        assert commander.relief_offered_to.id == world.ben.pk
        told = Notice.objects.filter(purpose="role").values_list("user_id", flat=True)
        assert set(told) == {world.ada.pk, world.ben.pk}
        assert held(incident) == [("commander", world.ada.pk)]
        assert kinds(incident).count("incidents.command_relief_offered") == 1

    def test_the_deputy_is_asked_before_the_lieutenant(
        self, incident: Incident, world: PagedTeam
    ) -> None:
        give(incident, CrewRole.DEPUTY, world.dan)
        actions.offer_command_relief(now=NOW + RELIEF_AFTER)
        commander = crew(incident).commander
        assert commander
        assert commander.relief_offered_to
        assert commander.relief_offered_to.id == world.dan.pk

    def test_a_new_commander_has_four_hours_of_their_own(
        self, incident: Incident, world: PagedTeam
    ) -> None:
        give(incident, CrewRole.COMMANDER, world.ben, NOW + 60 * MINUTE)
        assert actions.offer_command_relief(now=NOW + RELIEF_AFTER).done == 0
        assert actions.offer_command_relief(now=NOW + 60 * MINUTE + RELIEF_AFTER).done == 1

    def test_an_incident_that_is_over_tires_nobody(
        self, incident: Incident, world: PagedTeam
    ) -> None:
        actions.resolve_incident(
            incident_id=incident.pk, user_id=world.ada.pk, now=NOW, actor="system"
        )
        actions.offer_command_relief(now=NOW + RELIEF_AFTER)
        assert not Notice.objects.filter(purpose="role").exists()


class TestEndings:
    def test_roles_end_when_the_incident_does(self, incident: Incident, ana: User) -> None:
        give(incident, CrewRole.COMMANDER, ana)
        over = NOW + 30 * MINUTE
        actions.resolve_incident(incident_id=incident.pk, user_id=ana.pk, now=over, actor="system")
        reactions.react_now(over + MINUTE)
        row = RoleAssignment.objects.get()
        assert (row.ended_at, row.ended_why, row.relief_due_at) == (over, "over", None)
        with pytest.raises(errors.NotPossible):
            give(incident, CrewRole.SCRIBE, ana, over)

    def test_whoever_reopens_it_commands(self, incident: Incident, ana: User, ben: User) -> None:
        give(incident, CrewRole.COMMANDER, ana)
        actions.resolve_incident(incident_id=incident.pk, user_id=ana.pk, now=NOW, actor="system")
        reactions.react_now(NOW)
        actions.reopen_incident(incident_id=incident.pk, now=NOW + MINUTE, actor=f"user:{ben.pk}")
        reactions.react_now(NOW + MINUTE)
        assert held(incident) == [("commander", ben.pk)]

    def test_nobody_commands_a_reopened_incident_that_nobody_commanded(
        self, incident: Incident, ben: User
    ) -> None:
        actions.resolve_incident(incident_id=incident.pk, user_id=ben.pk, now=NOW, actor="system")
        actions.reopen_incident(incident_id=incident.pk, now=NOW, actor=f"user:{ben.pk}")
        reactions.react_now(NOW)
        assert held(incident) == []

    def test_ended_and_reopened_at_once_keeps_its_people(
        self, incident: Incident, ana: User
    ) -> None:
        give(incident, CrewRole.COMMANDER, ana)
        actions.resolve_incident(incident_id=incident.pk, user_id=ana.pk, now=NOW, actor="system")
        actions.reopen_incident(incident_id=incident.pk, now=NOW, actor="system")
        reactions.react_now(NOW)
        assert held(incident) == [("commander", ana.pk)]

    def test_open_tasks_go_where_a_merged_incident_goes(
        self, incident: Incident, ana: User
    ) -> None:
        give(incident, CrewRole.EXPERT, ana)
        into = declare("Bigger")
        actions.add_task(incident_id=incident.pk, title="Still to do", now=NOW, actor="system")
        actions.merge_incidents(incident_id=incident.pk, into_id=into.pk, now=NOW, actor="system")
        reactions.react_now(NOW)
        assert held(incident) == []
        assert [one.title for one in queries.task_board(into.pk, now=NOW).open] == ["Still to do"]


class TestPages:
    @pytest.fixture
    def client(self, ana: User) -> Client:
        return signed_in(ana)

    def test_one_button_takes_command(self, client: Client, incident: Incident, ana: User) -> None:
        client.post(f"/incidents/{incident.pk}/acknowledge/")
        assert "You acknowledged first" in _html(client, f"/incidents/{incident.pk}/")
        answer = client.post(f"/incidents/{incident.pk}/roles/", {"role": "commander"})
        assert answer["Location"] == f"/incidents/{incident.pk}/#crew"
        assert held(incident) == [("commander", ana.pk)]
        shown = _html(client, f"/incidents/{incident.pk}/")
        assert "You acknowledged first" not in shown
        assert "Hand over" in shown

    def test_hand_over_asks_for_a_successor(
        self, client: Client, incident: Incident, ana: User, ben: User
    ) -> None:
        give(incident, CrewRole.COMMANDER, ana)
        address = f"/incidents/{incident.pk}/roles/commander/"
        assert "Choose somebody" in _html(client, address)
        assert client.post(address, {"next_steps": "Go on"}).status_code == 422
        answer = client.post(address, {"successor_id": ben.pk, "next_steps": "Go <b>on</b>"})
        assert answer.status_code == 302
        card = HandoverCard.objects.get()
        shown = _html(signed_in(ben), f"/incidents/{incident.pk}/handovers/{card.pk}/")
        assert "Go &lt;b&gt;on&lt;/b&gt;" in shown
        assert "I have read it" in shown
        assert "handed the role of commander over to you" in _html(
            signed_in(ben), f"/incidents/{incident.pk}/"
        )
        read = f"/incidents/{incident.pk}/handovers/{card.pk}/read/"
        assert client.post(read).status_code == 409
        assert signed_in(ben).post(read).status_code == 302
        assert "Ben read it" in _html(client, f"/incidents/{incident.pk}/handovers/{card.pk}/")

    def test_hand_over_names_who_follows_by_itself(
        self, client: Client, incident: Incident, ana: User, ben: User
    ) -> None:
        give(incident, CrewRole.COMMANDER, ana)
        give(incident, CrewRole.DEPUTY, ben)
        address = f"/incidents/{incident.pk}/roles/commander/"
        assert "Ben, as the deputy" in _html(client, address)
        assert client.post(address, {"next_steps": ""}).status_code == 302
        assert held(incident) == [("commander", ben.pk)]

    def test_a_role_that_nobody_has_cannot_be_handed_over(
        self, client: Client, incident: Incident
    ) -> None:
        assert client.get(f"/incidents/{incident.pk}/roles/scribe/").status_code == 302
        assert client.get(f"/incidents/{incident.pk}/roles/king/").status_code == 422
        assert client.post(f"/incidents/{incident.pk}/roles/", {"role": ""}).status_code == 422

    def test_an_expert_leaves_with_one_button(
        self, client: Client, incident: Incident, ana: User
    ) -> None:
        give(incident, CrewRole.EXPERT, ana)
        client.post(f"/incidents/{incident.pk}/roles/leave/", {"role": "expert"})
        assert held(incident) == []

    def test_an_observer_and_another_team_read_and_cannot_act(self) -> None:
        world = make_paged_team()
        incident = declare(service_id=world.service.pk)
        give(incident, CrewRole.COMMANDER, world.ada)
        stranger = make_user("Sam", role="observer")
        make_membership(make_team("Mail"), stranger)
        for user in (make_user("Olga", role="observer"), stranger):
            client = signed_in(user)
            assert "Hand over" not in _html(client, f"/incidents/{incident.pk}/")
            for path, role in (("", "scribe"), ("leave/", "commander"), ("commander/", "")):
                address = f"/incidents/{incident.pk}/roles/{path}"
                assert client.post(address, {"role": role}).status_code == 403
        assert held(incident) == [("commander", world.ada.pk)]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_card_costs_the_same_for_one_and_for_many(
        self,
        client: Client,
        incident: Incident,
        count: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(count):
            give(incident, CrewRole.EXPERT, make_user(f"Expert {number}"))
        address = f"/incidents/{incident.pk}/parts/crew/"
        _html(client, address)
        with django_assert_num_queries(9):
            assert _html(client, address).count("Release") == count


def _html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
