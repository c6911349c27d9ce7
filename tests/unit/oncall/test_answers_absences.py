"""Complaints of people who use other tools, and how Evenfall answers them."""

from datetime import timedelta

from tests.factories.oncall_specs import at, layer_spec, rota_spec

from evenfall.oncall.logic.schedule import final_schedule
from evenfall.oncall.logic.spec import LieutenantKind, LieutenantRule, Role
from evenfall.oncall.logic.standing_in import Away, decide

MONDAY = at("2027-01-04 08:00")


def test_grafana_oncall_4538_whoever_falls_ill_is_replaced_without_anybody_editing_the_rota() -> (
    None
):
    """The pager could not be taken at once from somebody who is ill or deep in an incident."""
    rota = rota_spec(layer_spec(1, 2, 3), lieutenant=LieutenantRule(kind=LieutenantKind.NEXT))
    away = Away(absence_id=1, user_id=1, starts_at=MONDAY, ends_at=MONDAY + timedelta(days=2))
    decision = decide(rota, (), (away,), (1, 2, 3), now=MONDAY, until=MONDAY + timedelta(days=28))
    steps_up = [one for one in decision.add if one.role is Role.PRIMARY]
    assert [(one.user_id, one.instead_of) for one in steps_up] == [(2, 1)]
    assert [span.user_id for span in final_schedule(rota, MONDAY, away.ends_at)] == [1, 2]
