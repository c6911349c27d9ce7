"""Inhibition rules as they stand, and what one would hold now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.db.models import Count
from msgspec import Struct

from evenfall.alerting.errors import InhibitionNotFound
from evenfall.alerting.logic.inhibition import InhibitionBook, InhibitionRule
from evenfall.alerting.logic.matchers import Matcher, from_json
from evenfall.alerting.models import Alert, AlertRole, InhibitionRow
from evenfall.alerting.queries.alerts import IS_LIVE
from evenfall.alerting.queries.quiet import live_values

_PREVIEWED = 5_000


class InhibitionView(Struct, frozen=True, kw_only=True):
    """A rule with how many live alerts are its causes, and how many of its symptoms are held."""

    id: int
    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]
    is_enabled: bool
    changed_at: datetime
    changed_by: str
    causes: int = 0
    held: int = 0


class InhibitionPreview(Struct, frozen=True):
    """How many of the live alerts would be causes, symptoms, and held symptoms."""

    looked_at: int
    causes: int
    symptoms: int
    held: int


def inhibitions() -> list[InhibitionView]:
    """All rules by name; three statements."""
    rows = list(InhibitionRow.objects.order_by("name", "id"))
    causes = dict(
        AlertRole.objects.filter(is_source=True).values_list("rule_id").annotate(count=Count("id"))
    )
    return _views(rows, causes, _held())


def inhibition(inhibition_id: int) -> InhibitionView:
    """Raises InhibitionNotFound."""
    row = InhibitionRow.objects.filter(id=inhibition_id).first()
    if row is None:
        raise InhibitionNotFound(inhibition_id=inhibition_id)
    return _views([row], {}, {})[0]


def preview_inhibition(
    source: Sequence[Matcher], target: Sequence[Matcher], equal: Iterable[str]
) -> InhibitionPreview:
    """What the rule would do to the newest 5,000 live alerts; nothing is saved."""
    rule = InhibitionRule(
        id=1, name="", source=tuple(source), target=tuple(target), equal=tuple(equal)
    )
    book = InhibitionBook.of([rule])
    looked_at = islice(live_values((), newest_first=True), _PREVIEWED)
    found = [book.roles(values) for _, values, *_ in looked_at]
    roles = [role for mine in found for role in mine]
    pure = {role.key for role in roles if role.is_source and not role.is_target}
    every = {role.key for role in roles if role.is_source}
    held = [r for r in roles if r.is_target and r.key in (pure if r.is_source else every)]
    return InhibitionPreview(
        looked_at=len(found),
        causes=sum(role.is_source for role in roles),
        symptoms=sum(role.is_target for role in roles),
        held=len(held),
    )


def _held() -> dict[int, int]:
    """How many live alerts each rule holds: those whose cause has a role in it."""
    held = Alert.objects.filter(IS_LIVE, inhibitor_id__isnull=False)
    found = AlertRole.objects.filter(is_target=True, alert_id__in=held.values("id"))
    return dict(found.values_list("rule_id").annotate(count=Count("id")))


def _views(
    rows: Iterable[InhibitionRow], causes: dict[int, int], held: dict[int, int]
) -> list[InhibitionView]:
    return [
        InhibitionView(
            id=row.pk,
            name=row.name,
            source=from_json(row.source),
            target=from_json(row.target),
            equal=tuple(row.equal),
            is_enabled=row.is_enabled,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            causes=causes.get(row.pk, 0),
            held=held.get(row.pk, 0),
        )
        for row in rows
    ]
