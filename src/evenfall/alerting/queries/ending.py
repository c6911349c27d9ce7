"""By which policies alerts end, and which are about to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import F
from msgspec import Struct

from evenfall.alerting.errors import AutoEndNotFound
from evenfall.alerting.logic.ending import EndPolicy
from evenfall.alerting.models import AutoEnd, EndNotice, Integration, RoutingRule
from evenfall.catalog import queries as catalog_queries


class AutoEndView(Struct, frozen=True, kw_only=True):
    """`kind` is rule, service or integration; `scope` its name, `scope_id` its id."""

    id: int
    kind: str
    scope: str
    scope_id: int
    quiet_minutes: int | None
    age_minutes: int | None
    also_paging: bool


class EndingSoon(Struct, frozen=True, kw_only=True):
    ends_at: datetime
    why: str


def policy_of(row: AutoEnd) -> EndPolicy:
    return EndPolicy(
        quiet=None if row.quiet_s is None else timedelta(seconds=row.quiet_s),
        age=None if row.age_s is None else timedelta(seconds=row.age_s),
        also_paging=row.also_paging,
    )


def auto_ends() -> list[AutoEndView]:
    """All policies, by kind and name; three queries more at most, however many."""
    return sorted(_views(AutoEnd.objects.order_by("id")[:1000]), key=lambda v: (v.kind, v.scope))


def auto_end(policy_id: int) -> AutoEndView:
    """Raise AutoEndNotFound when there is none."""
    rows = AutoEnd.objects.filter(id=policy_id)
    found = _views(rows)
    if not found:
        raise AutoEndNotFound(policy_id=policy_id)
    return found[0]


def scopes(rows: Sequence[AutoEnd]) -> Mapping[int, str]:
    """The name of what each policy is for, such as "the rule Disks", by its id."""
    return {view.id: f"the {view.kind} {view.scope}" for view in _views(rows)}


def _views(rows: Iterable[AutoEnd]) -> list[AutoEndView]:
    policies = list(rows)
    rule_ids = {row.rule_id for row in policies if row.rule_id}
    rules = dict(RoutingRule.objects.filter(id__in=rule_ids).values_list("id", "name"))
    services = catalog_queries.services({row.service_id for row in policies if row.service_id})
    ids = {row.integration_id for row in policies if row.integration_id}
    tools = dict(Integration.objects.filter(id__in=ids).values_list("id", "name"))
    return [_view(row, rules, {n: s.name for n, s in services.items()}, tools) for row in policies]


def _view(
    row: AutoEnd, rules: Mapping[int, str], services: Mapping[int, str], tools: Mapping[int, str]
) -> AutoEndView:
    places = (
        ("rule", row.rule_id, rules),
        ("service", row.service_id, services),
        ("integration", row.integration_id, tools),
    )
    kind, number, names = next(place for place in places if place[1] is not None)
    return AutoEndView(
        id=row.pk,
        kind=kind,
        scope=names.get(number or 0, f"{number}, which is gone"),
        scope_id=number or 0,
        quiet_minutes=None if row.quiet_s is None else row.quiet_s // 60,
        age_minutes=None if row.age_s is None else row.age_s // 60,
        also_paging=row.also_paging,
    )


def ending_soon(alert_id: int) -> EndingSoon | None:
    """When the alert ends unless something is heard of it; None when nobody announced that."""
    rows = EndNotice.objects.filter(alert_id=alert_id, is_kept=False)
    row = rows.filter(alert__last_seen_at__lte=F("told_at")).first()
    return None if row is None else EndingSoon(ends_at=row.ends_at, why=row.why)
