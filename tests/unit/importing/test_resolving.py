"""Keys become ids; whoever is missing leaves an empty place and a finding."""

from msgspec.structs import replace
from tests.factories.moving import drafted

from evenfall.importing.logic.drafts import Draft, moments
from evenfall.importing.logic.origins import Step, digest, free_name, step
from evenfall.importing.logic.resolving import resolved, with_rotas
from evenfall.integrations.opsgenie.translator import OPSGENIE
from evenfall.integrations.pagerduty.moving import PAGERDUTY
from evenfall.paging.ports import TargetKind, TargetSpec

PEOPLE = {1: 101, 2: 102, 3: 103}


def whys(draft: Draft) -> list[str]:
    return [found.why for found in draft.findings]


def test_people_get_their_ids_everywhere() -> None:
    ready = resolved(drafted(PAGERDUTY), PEOPLE, {})
    weeks, weekends = ready.rotas[0].layers
    assert [slot.user_id for slot in weeks.members] == [101, 102]
    assert [slot.user_id for slot in weekends.members] == [103]
    assert ready.rotas[0].overrides[0].spec.user_id == 102
    assert ready.policies[0].spec.steps[1].targets == (TargetSpec(kind=TargetKind.USER, id=103),)


def test_the_missing_leave_empty_places_and_findings() -> None:
    ready = resolved(drafted(PAGERDUTY), {1: 101}, {})
    assert [slot.user_id for slot in ready.rotas[0].layers[0].members] == [101, None]
    assert ready.rotas[0].overrides == ()
    assert len(ready.policies[0].spec.steps) == 1
    assert whys(ready)[:2] == [
        "The override of Person 2 is left out: they are not here.",
        "Person 3 is left out of the policy: they are not here.",
    ]


def test_a_policy_of_the_missing_only_is_not_imported() -> None:
    draft = drafted(PAGERDUTY)
    policy = draft.policies[0]
    only = replace(policy, spec=replace(policy.spec, steps=policy.spec.steps[1:]))
    ready = resolved(replace(draft, policies=(only,)), {}, {})
    assert ready.policies == ()
    assert "Nobody whom this policy pages is here, so it is not imported." in whys(ready)


def test_teams_get_their_ids_or_a_finding() -> None:
    draft = drafted(OPSGENIE)
    targets = resolved(draft, PEOPLE, {1: 7}).policies[0].spec.steps[2].targets
    assert TargetSpec(kind=TargetKind.TEAM, id=7) in targets
    assert "There is no team called Shop here." in whys(resolved(draft, PEOPLE, {}))


def test_nobody_in_an_override_stays_nobody() -> None:
    ready = resolved(drafted(OPSGENIE), PEOPLE, {})
    assert [one.spec.user_id for one in ready.rotas[0].overrides] == [103, None]


def test_rotas_get_their_ids_and_unknown_ones_are_left_out() -> None:
    policy = drafted(PAGERDUTY).policies[0]
    first = policy.spec.steps[0]
    own = replace(policy, spec=replace(policy.spec, steps=(first,)))
    made = with_rotas(own, {1: 55})
    assert made is not None
    assert made.spec.steps[0].targets == (TargetSpec(kind=TargetKind.ROTA, id=55),)
    assert with_rotas(own, {}) is None
    assert with_rotas(policy, {}) is not None


def test_a_step_follows_from_what_is_known() -> None:
    assert step(None, "", "a", may=True) is Step.CREATE
    assert step(5, "a", "a", may=True) is Step.SAME
    assert step(5, "a", "b", may=True) is Step.UPDATE
    assert step(5, "a", "b", may=False) is Step.REFUSED


def test_a_digest_tells_values_apart() -> None:
    assert digest(1, "a") == digest(1, "a") != digest(1, "b")


def test_a_free_name_tells_where_it_came_from() -> None:
    assert free_name(" Shop  desk ", set(), "Tool") == "Shop desk"
    assert free_name("Shop", {"shop"}, "Tool") == "Shop (Tool)"
    assert free_name("Shop", {"shop", "shop (tool)"}, "Tool") == "Shop (Tool 2)"
    assert free_name("", set(), "Tool") == "Tool"


def test_a_rota_covers_the_hours_of_its_layers_where_all_have_some() -> None:
    primary, desk = drafted(PAGERDUTY).rotas
    assert primary.coverage == ()
    assert len(desk.coverage) == 5


def test_every_time_of_a_draft_can_be_checked() -> None:
    found = list(moments(drafted(PAGERDUTY)))
    assert len(found) == 3 + 2 + 6 * 2
