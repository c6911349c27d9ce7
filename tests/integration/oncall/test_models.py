from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.factories.identity import NOW, make_user
from tests.factories.oncall import make_rota

from evenfall.oncall.models import Layer, Member, Override, Plan, Rota

pytestmark = pytest.mark.django_db


def _refused(write: Callable[[], object]) -> str:
    """The name of the constraint that refused the write."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    cause = caught.value.__cause__
    return str(cause.diag.constraint_name)  # type: ignore[union-attr] # psycopg says which


def test_rota_rows_keep_their_promises() -> None:
    rota_id = make_rota(make_user(), name="Payments")
    rota, other = Rota.objects.get(id=rota_id), Rota.objects.get(id=make_rota(make_user()))
    rows = Rota.objects.filter(id=other.id)
    assert _refused(lambda: rows.update(team=rota.team, name="payments")) == "rota_name_in_team"
    assert _refused(lambda: rows.update(name="")) == "rota_has_name"
    assert _refused(lambda: rows.update(coverage=[[0, 10_080]])) == "rota_coverage_in_week"


def test_a_name_is_free_again_after_deletion() -> None:
    rota = Rota.objects.get(id=make_rota(make_user()))
    Rota.objects.filter(id=rota.id).update(deleted_at=NOW)
    assert make_rota(make_user(), team=rota.team, name=rota.name)


def test_plan_rows_keep_their_promises() -> None:
    rows = Plan.objects.filter(rota_id=make_rota(make_user()))
    plan = rows.get()
    assert _refused(lambda: rows.update(lieutenant_kind="x")) == "plan_lieutenant_known"
    assert _refused(lambda: rows.update(lieutenant_kind="person")) == "plan_lieutenant_person"
    again = {"rota": plan.rota, "starts_at": plan.starts_at, "lieutenant_kind": "next"}
    assert _refused(lambda: Plan.objects.create(**again)) == "plan_starts_once"


def test_layer_rows_keep_their_promises() -> None:
    rows = Layer.objects.filter(plan__rota_id=make_rota(make_user()))
    layer = rows.get()
    assert _refused(lambda: rows.update(role="boss")) == "layer_role_known"
    assert _refused(lambda: rows.update(shift_hours=[])) == "layer_shift_hours"
    assert _refused(lambda: rows.update(shift_hours=[24, 0])) == "layer_shift_hours"
    assert _refused(lambda: rows.update(windows=[[-1, 5]])) == "layer_windows_in_week"
    layer.pk = None
    assert _refused(layer.save) == "layer_precedence_once"


def test_member_rows_keep_their_promises() -> None:
    rows = Member.objects.filter(layer__plan__rota_id=make_rota(make_user()))
    member, today = rows.get(), NOW.date()
    both = {"joins_on": today, "leaves_on": today}
    assert _refused(lambda: rows.update(**both)) == "member_leaves_after_joining"
    member.pk = None
    assert _refused(member.save) == "member_position_once"


def test_override_rows_keep_their_promises() -> None:
    user = make_user()
    row = {
        "rota_id": make_rota(user),
        "role": "primary",
        "kind": "replace",
        "user": user,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "created_at": NOW,
        "created_by": "system",
    }

    def refused(**change: object) -> str:
        return _refused(lambda: Override.objects.create(**{**row, **change}))

    assert refused(role="boss") == "override_role_known"
    assert refused(kind="swap", user=None) in {
        "override_kind_known",
        "override_remove_has_no_user",
    }
    assert refused(ends_at=NOW) == "override_ends_after_start"
    assert refused(user=None) == "override_remove_has_no_user"
    assert refused(kind="remove") == "override_remove_has_no_user"
    assert refused(kind="add", instead_of=user) == "override_add_replaces_nobody"
