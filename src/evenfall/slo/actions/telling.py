"""Alerts of objectives begin and end: they enter alerting as all others do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import prefetch_related_objects

from evenfall.alerting import actions as alerting
from evenfall.alerting.actions import OwnAlert
from evenfall.platform.crypto import sign
from evenfall.platform.events import publish
from evenfall.slo import events
from evenfall.slo.actions.loading import about
from evenfall.slo.logic.burning import AlertKind, PairBurn
from evenfall.slo.logic.words import alert_words
from evenfall.slo.models import Firing

if TYPE_CHECKING:
    from evenfall.slo.actions.evaluating import Concluded

SOURCE: Final = "Objectives"
PICTURE: Final = "slo.picture"
PICTURE_LIVES: Final = timedelta(days=30)
SEVERITIES: Final = {
    AlertKind.PAGE: "critical",
    AlertKind.TICKET: "warning",
    AlertKind.ABSENT: "error",
    AlertKind.EXHAUSTED: "error",
}


def tell_alerts(found: Sequence["Concluded"], *, now: datetime) -> None:
    """Begin and end alerts by what was concluded; in the transaction of the evaluation."""
    began = [
        (one, _firing(one, kind, pair, now))
        for one in found
        for kind, pair in one.now.alerts.items()
        if kind not in one.open
    ]
    ended = [
        (one, firing)
        for one in found
        for kind, firing in one.open.items()
        if kind not in one.now.alerts
    ]
    changed = [*ended, *began]
    prefetch_related_objects([one.item.row for one, _ in changed], "service")
    end_firings([firing for _, firing in ended], now=now)
    Firing.objects.bulk_create(firing for _, firing in began)
    alerting.raise_own_alerts(
        source=SOURCE,
        alerts=[
            *(own_alert(firing, now=now, is_over=True) for _, firing in ended),
            *(own_alert(firing, now=now) for _, firing in began),
        ],
        now=now,
    )
    publish(
        *(
            events.ObjectiveAlertBegan(
                **about(one.item.row, now=now),
                alert=firing.kind,
                pair=firing.pair,
                said=firing.said,
            )
            for one, firing in began
        ),
        *(
            events.ObjectiveAlertEnded(
                **about(one.item.row, now=now), alert=firing.kind, began_at=firing.started_at
            )
            for one, firing in ended
        ),
    )


def end_firings(firings: Sequence[Firing], *, now: datetime) -> None:
    Firing.objects.filter(id__in=[one.pk for one in firings]).update(ended_at=now)


def own_alert(firing: Firing, *, now: datetime, is_over: bool = False) -> OwnAlert:
    """The alert as alerting gets it; wants the objective and its service loaded."""
    objective = firing.objective
    root = settings.EVENFALL.public_url.rstrip("/")
    token = sign(objective.pk, purpose=PICTURE, now=now, valid_for=PICTURE_LIVES)
    return OwnAlert(
        key=f"objective-{objective.pk}-{firing.kind}",
        summary=f"{objective.service.name}: {firing.said}"[:300],
        is_over=is_over,
        severity=SEVERITIES[AlertKind(firing.kind)],
        service=objective.service.slug,
        environment=objective.environment,
        url=f"{root}/objectives/{objective.pk}/",
        image_url=f"{root}/objectives/pictures/{token}.svg",
        labels={"objective": objective.slug, "alert": firing.kind},
        details={"pair": firing.pair} if firing.pair else {},
    )


def _firing(one: "Concluded", kind: AlertKind, burns: PairBurn | None, now: datetime) -> Firing:
    pair = burns.pair if burns else None
    return Firing(
        objective=one.item.row,
        kind=kind.value,
        pair=pair.name if pair else "",
        long=pair.long if pair else None,
        short=pair.short if pair else None,
        factor=pair.factor if pair else None,
        burn_long=burns.long if burns else None,
        burn_short=burns.short if burns else None,
        said=alert_words(one.item.row.name, kind, burns, last_data_at=one.item.last_data_at),
        started_at=now,
    )
