"""Exports of PagerDuty, Opsgenie and Grafana OnCall as rotas and policies of ours."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.importing import sample
from tests.factories.moving import drafted, spans, todo

from evenfall.importing.logic.drafts import Draft
from evenfall.importing.ports import Translator, Unreadable
from evenfall.integrations.grafana_oncall.translator import GRAFANA_ONCALL
from evenfall.integrations.opsgenie.translator import OPSGENIE
from evenfall.integrations.pagerduty.moving import PAGERDUTY
from evenfall.oncall.ports import LayerSpec
from evenfall.paging.ports import PolicySpec, TargetKind

ALL = [PAGERDUTY, OPSGENIE, GRAFANA_ONCALL]


def layer_named(draft: Draft, name: str) -> LayerSpec:
    return next(one for rota in draft.rotas for one in rota.layers if one.name == name)


def line(layer: LayerSpec) -> list[int | None]:
    return [slot.user_id for slot in layer.members]


def shape(spec: PolicySpec) -> list[tuple[int, list[tuple[TargetKind, int | None]]]]:
    return [(s.delay_minutes, [(t.kind, t.id) for t in s.targets]) for s in spec.steps]


def edited(translator: Translator, change: Any) -> Draft:
    value = json.loads(sample(translator.kind))
    change(value)
    return drafted(translator, json.dumps(value).encode())


@pytest.mark.parametrize("translator", ALL, ids=lambda one: one.kind)
def test_people_come_with_name_and_address(translator: Translator) -> None:
    addresses = [person.email for person in drafted(translator).people]
    assert addresses == [f"person.{number}@example.org" for number in (1, 2, 3)]


@pytest.mark.parametrize("translator", ALL, ids=lambda one: one.kind)
def test_rules_come_in_order_and_what_cannot_be_sent_becomes_push(translator: Translator) -> None:
    rules = drafted(translator).people[0].rules
    kinds = [(rule.kind, rule.delay_minutes) for rule in rules]
    wanted = {
        "pagerduty": [("webpush", 0), ("webpush", 5), ("email", 0)],
        "opsgenie": [("webpush", 0), ("webpush", 3), ("email", 5)],
        "grafana_oncall": [("webpush", 0), ("email", 5)],
    }
    assert kinds == wanted[translator.kind]


def test_pagerduty_lists_the_highest_layer_first() -> None:
    primary = drafted(PAGERDUTY).rotas[0]
    assert [layer.name for layer in primary.layers] == ["Weeks", "Weekends"]
    assert primary.team == "Shop"


def test_a_pagerduty_schedule_gives_what_its_final_schedule_says() -> None:
    draft = drafted(PAGERDUTY)
    assert spans(draft, draft.rotas[0], days=6) == [
        ("Person 1", "Mon 02 12:00", "Wed 04 08:00"),
        ("Person 2", "Wed 04 08:00", "Thu 05 08:00"),
        ("Person 1", "Thu 05 08:00", "Fri 06 23:00"),
        ("Person 3", "Fri 06 23:00", "Sun 08 12:00"),
    ]


def test_pagerduty_counts_turns_that_nobody_works() -> None:
    days = layer_named(drafted(PAGERDUTY), "Days")
    assert line(days) == [1, 2, 3, 1, 2, 2, 3, 1, 2, 3, 3, 1, 2, 3, 1]


def test_findings_of_pagerduty_say_where_and_how_bad() -> None:
    rule = "escalation_policies.escalation_policies[0].escalation_rules[1]"
    assert todo(drafted(PAGERDUTY)) == [
        ("cannot", f"{rule}.targets[1]"),
        ("approximated", "users.users[0].notification_rules[1]"),
        ("approximated", f"{rule}.escalation_rule_assignment_strategy"),
        ("ignored", "schedules[1].schedule.schedule_layers[1]"),
    ]


def test_a_pagerduty_policy_repeats_and_waits_as_there() -> None:
    policy = drafted(PAGERDUTY).policies[0]
    assert policy.spec.rounds == 3
    assert shape(policy.spec) == [(10, [(TargetKind.ROTA, 1)]), (15, [(TargetKind.USER, 3)])]


def test_a_list_of_pagerduty_schedules_without_layers_is_a_finding() -> None:
    draft = edited(PAGERDUTY, lambda v: v["schedules"][1]["schedule"].pop("schedule_layers"))
    assert ("cannot", "schedules[1].schedule.schedule_layers") in todo(draft)
    assert len(draft.rotas) == 1


def test_a_pagerduty_layer_that_starts_later_begins_with_the_right_turn() -> None:
    def later(value: Any) -> None:
        layer = value["schedules"][0]["schedule"]["schedule_layers"][1]
        layer["start"] = "2026-04-07T09:00:00+02:00"
        layer["rotation_turn_length_seconds"] = 604801
        layer["end"] = "2026-08-01T09:00:00+02:00"

    draft = edited(PAGERDUTY, later)
    weeks = layer_named(draft, "Weeks")
    assert f"{weeks.pattern.starts_at}" == "2026-04-13 09:00:00"
    assert line(weeks) == [1, 2]
    assert f"{weeks.members[0].leaves_on}" == "2026-08-02"
    where = "schedules[0].schedule.schedule_layers[1]"
    assert ("approximated", f"{where}.end") in todo(draft)
    assert ("approximated", f"{where}.rotation_turn_length_seconds") in todo(draft)


def test_rotations_of_opsgenie_that_share_hours_become_two_rotas() -> None:
    draft = drafted(OPSGENIE)
    assert [rota.name for rota in draft.rotas] == [
        "Shop_schedule",
        "Shop_schedule, seat 2",
        "Nights",
    ]
    assert shape(draft.policies[0].spec)[0] == (5, [(TargetKind.ROTA, 1), (TargetKind.ROTA, 2)])


def test_delays_of_opsgenie_count_from_the_alert_and_ours_from_the_step() -> None:
    spec = drafted(OPSGENIE).policies[0].spec
    assert [step.delay_minutes for step in spec.steps] == [5, 55, 10]
    assert spec.rounds == 3
    assert shape(spec)[1:] == [
        (55, [(TargetKind.NEXT, 3)]),
        (10, [(TargetKind.TEAM, 1), (TargetKind.USER, 2)]),
    ]


def test_nobody_and_teams_in_an_opsgenie_rotation_are_empty_places() -> None:
    draft = drafted(OPSGENIE)
    assert line(layer_named(draft, "Weeks")) == [1, 2, None]
    assert ("cannot", "schedules.data[0].rotations[1].participants[1]") in todo(draft)


def test_an_opsgenie_override_of_nobody_takes_somebody_off() -> None:
    draft = drafted(OPSGENIE)
    kinds = [override.spec.kind.value for override in draft.rotas[0].overrides]
    assert kinds == ["replace", "remove"]


def test_nights_of_opsgenie_run_over_midnight() -> None:
    draft = drafted(OPSGENIE)
    assert spans(draft, draft.rotas[2], days=1) == [
        ("Person 1", "Mon 02 20:00", "Tue 03 00:00"),
        ("Person 1", "Tue 03 00:00", "Tue 03 08:00"),
    ]


def test_an_opsgenie_timeline_names_the_people_a_team_leads_to() -> None:
    rendered = drafted(OPSGENIE).rendered["schedule-1"]
    assert [held.person for held in rendered] == [1, 3, 2]


def test_a_shift_of_oncall_with_higher_level_wins() -> None:
    primary = drafted(GRAFANA_ONCALL).rotas[0]
    assert [layer.name for layer in primary.layers] == ["Weeks", "Office hours"]


def test_a_rotation_of_oncall_starts_with_the_index_it_names() -> None:
    assert line(layer_named(drafted(GRAFANA_ONCALL), "Office hours")) == [1, 3]


def test_two_at_once_in_oncall_become_two_rotas_below_whoever_wins() -> None:
    pairs = [rota for rota in drafted(GRAFANA_ONCALL).rotas if rota.schedule == "S3"]
    assert [[layer.name for layer in rota.layers] for rota in pairs] == [
        ["Two at once", "Every other week"]
    ] * 2


def test_every_other_week_in_oncall_is_a_shift_and_a_pause() -> None:
    layer = layer_named(drafted(GRAFANA_ONCALL), "Every other week")
    assert layer.pattern.hours == (48, 288)
    assert line(layer) == [3, None]


def test_an_override_of_oncall_takes_over() -> None:
    draft = drafted(GRAFANA_ONCALL)
    assert ("person2", "Tue 03 08:00", "Tue 03 12:00") in spans(draft, draft.rotas[0], days=2)


def test_calendars_and_months_of_oncall_are_findings() -> None:
    found = todo(drafted(GRAFANA_ONCALL))
    assert ("cannot", "schedules.results[1].type") in found
    assert ("cannot", "on_call_shifts.results[5].frequency") in found
    assert ("cannot", "schedules.results[0].shifts[3]") in found


def test_waits_of_a_chain_end_a_step() -> None:
    spec = drafted(GRAFANA_ONCALL).policies[0].spec
    assert shape(spec) == [
        (5, [(TargetKind.ROTA, 1)]),
        (5, [(TargetKind.USER, 2), (TargetKind.USER, 3)]),
    ]
    assert spec.rounds == 6
    assert spec.steps[1].window is not None


@pytest.mark.parametrize(
    ("translator", "old", "new", "where"),
    [
        (PAGERDUTY, b"Europe/Berlin", b"Moon/Crater", "schedules[0].schedule.time_zone"),
        (PAGERDUTY, b'"00:00:00"', b'"25:00:00"', "restrictions[0].start_time_of_day"),
        (OPSGENIE, b'"weekly"', b'"yearly"', "schedules.data[0].rotations[0].type"),
        (OPSGENIE, b'"monday"', b'"montag"', "timeRestriction.restrictions[0].startDay"),
        (OPSGENIE, b'"Europe/Berlin", "en', b'"Moon", "en', "schedules.data[0].timezone"),
        (GRAFANA_ONCALL, b'"rolling_users", "l', b'"other", "l', "on_call_shifts.results[0].type"),
        (GRAFANA_ONCALL, b'["MO"', b'["XX"', "on_call_shifts.results[1].by_day"),
        (GRAFANA_ONCALL, b"08:00:00Z", b"8 o'clock", "notify_if_time_from"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    translator: Translator, old: bytes, new: bytes, where: str
) -> None:
    body = sample(translator.kind)
    assert old in body
    with pytest.raises(Unreadable) as caught:
        drafted(translator, body.replace(old, new))
    assert where in caught.value.where


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in _leaves(part, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, part in enumerate(value) for leaf in _leaves(part, (*path, key))]
    return [path]


STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", -1, 0, 10**30, 10**6, [], {}, "9999-12-31T23:59:59Z", "none"]
)


@pytest.mark.parametrize("translator", ALL, ids=lambda one: one.kind)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_strange_value_is_drafted_or_refused(translator: Translator, data: Any) -> None:
    value = json.loads(sample(translator.kind))
    *inner, last = data.draw(st.sampled_from(_leaves(value)))
    part = value
    for key in inner:
        part = part[key]
    part[last] = data.draw(STRANGE)
    with suppress(Unreadable, OverflowError):
        draft = drafted(translator, json.dumps(value).encode())
        assert all(rota.layers for rota in draft.rotas)
