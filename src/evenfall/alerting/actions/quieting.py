"""Silences and maintenance windows. The drain "alerting.expire" applies and releases them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from evenfall.alerting import errors, events
from evenfall.alerting.logic.matchers import Matcher, MatcherError, accepts_all, to_json
from evenfall.alerting.models import MaintenanceWindow, Silence
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

EXPIRE = "alerting.expire"
# the clocks of the one who asks and of the one who answers may differ a little
_TOLERANCE = timedelta(minutes=5)


def create_silence(
    *,
    matchers: Sequence[Matcher],
    starts_at: datetime,
    ends_at: datetime,
    comment: str = "",
    by_name: str,
    now: datetime,
    actor: str,
) -> int:
    """Ask for quiet for what the matchers match; return the silence's id.

    A start in the past begins now. Raises MatchersMissing, SpanNotValid. Alerts that are open
    already are decided again within seconds.
    """
    _check_matchers(matchers)
    starts_at = max(starts_at, now - _TOLERANCE)
    _check_span(starts_at, ends_at, now)
    with transaction.atomic():
        silence = Silence.objects.create(
            matchers=to_json(matchers),
            starts_at=starts_at,
            ends_at=ends_at,
            comment=comment.strip()[:500],
            created_at=now,
            created_by=actor,
            created_by_name=by_name[:120],
        )
        publish(
            events.SilenceCreated(
                at=now, actor=actor, silence_id=silence.id, after=_silence_words(silence)
            )
        )
        wake(EXPIRE)
    return silence.id


def change_silence(
    *,
    silence_id: int,
    matchers: Sequence[Matcher],
    starts_at: datetime,
    ends_at: datetime,
    comment: str,
    now: datetime,
    actor: str,
) -> int:
    """Change a silence; return its id, a new one where what it covers changed.

    As in Alertmanager, a silence that covers other alerts is another silence: the old one ends.
    """
    _check_matchers(matchers)
    with transaction.atomic():
        silence = _locked_silence(silence_id)
        if silence.matchers != to_json(matchers) or silence.ends_at <= now:
            end_silence(silence_id=silence_id, now=now, actor=actor)
            return create_silence(
                matchers=matchers,
                starts_at=starts_at,
                ends_at=ends_at,
                comment=comment,
                by_name=silence.created_by_name,
                now=now,
                actor=actor,
            )
        _check_span(silence.starts_at, ends_at, now)
        before = _silence_words(silence)
        silence.ends_at = ends_at
        silence.comment = comment.strip()[:500]
        if silence.starts_at > now:
            silence.starts_at = max(starts_at, now)
        silence.save()
        publish(_changed(silence, before, now=now, actor=actor))
        wake(EXPIRE)
    return silence.id


def end_silence(*, silence_id: int, now: datetime, actor: str) -> None:
    """End it now; one that is over already stays as it is. Raises SilenceNotFound."""
    with transaction.atomic():
        silence = _locked_silence(silence_id)
        if silence.ends_at <= now:
            return
        before = _silence_words(silence)
        silence.ends_at = now
        silence.starts_at = min(silence.starts_at, now)
        silence.ended_by = actor
        silence.save()
        publish(events.SilenceEnded(at=now, actor=actor, silence_id=silence.id, before=before))
        wake(EXPIRE)


def silence_id_of(public_id: UUID) -> int:
    """Return our id of a silence known by its public one; raises SilenceNotFound."""
    found = Silence.objects.filter(public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise errors.SilenceNotFound(silence_id=public_id)
    return found


def create_maintenance(
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    service_ids: Collection[int] = (),
    environments: Collection[str] = (),
    matchers: Sequence[Matcher] = (),
    by_name: str,
    now: datetime,
    actor: str,
) -> int:
    """Announce planned work; return its id. Raises NameMissing, SpanNotValid, ServiceUnknown."""
    if not name.strip():
        raise errors.NameMissing(field="name")
    _check_span(starts_at, ends_at, now)
    check_services(service_ids)
    with transaction.atomic():
        window = MaintenanceWindow.objects.create(
            name=name.strip()[:120],
            service_ids=sorted(set(service_ids)),
            environments=sorted(set(environments)),
            matchers=to_json(matchers),
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=now,
            created_by=actor,
            created_by_name=by_name[:120],
        )
        publish(
            events.MaintenanceCreated(
                at=now, actor=actor, maintenance_id=window.id, after=_window_words(window)
            )
        )
        wake(EXPIRE)
    return window.id


def change_maintenance(
    *,
    maintenance_id: int,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    service_ids: Collection[int] = (),
    environments: Collection[str] = (),
    matchers: Sequence[Matcher] = (),
    now: datetime,
    actor: str,
) -> int:
    """Change planned work; return its id, a new one where what it covers changed meanwhile.

    What was covered stays on record: a window that began and is to cover something else, or to
    begin later, ends, and there is another. Raises as `create_maintenance`, MaintenanceNotFound.
    """
    said: dict[str, Any] = {
        "name": name.strip()[:120],
        "service_ids": sorted(set(service_ids)),
        "environments": sorted(set(environments)),
        "matchers": to_json(matchers),
    }
    if not said["name"]:
        raise errors.NameMissing(field="name")
    check_services(service_ids)
    with transaction.atomic():
        window = _locked_window(maintenance_id)
        is_another = starts_at > now or _covers(window) != _covers_of(said)
        if window.ends_at <= now or (window.starts_at <= now and is_another):
            end_maintenance(maintenance_id=maintenance_id, now=now, actor=actor)
            return create_maintenance(
                name=name,
                starts_at=max(starts_at, now),
                ends_at=ends_at,
                service_ids=service_ids,
                environments=environments,
                matchers=matchers,
                by_name=window.created_by_name,
                now=now,
                actor=actor,
            )
        before = _window_words(window)
        if window.starts_at > now:
            said["starts_at"] = max(starts_at, now)
        for field, value in (said | {"ends_at": ends_at}).items():
            setattr(window, field, value)
        _check_span(window.starts_at, window.ends_at, now)
        window.save()
        publish(
            events.MaintenanceChanged(
                at=now,
                actor=actor,
                maintenance_id=window.id,
                before=before,
                after=_window_words(window),
            )
        )
        wake(EXPIRE)
    return window.id


def end_maintenance(*, maintenance_id: int, now: datetime, actor: str) -> None:
    """End it now; one that is over already stays as it is. Raises MaintenanceNotFound."""
    with transaction.atomic():
        window = _locked_window(maintenance_id)
        if window.ends_at <= now:
            return
        before = _window_words(window)
        window.ends_at = now
        window.starts_at = min(window.starts_at, now)
        window.ended_by = actor
        window.save()
        publish(
            events.MaintenanceEnded(at=now, actor=actor, maintenance_id=window.id, before=before)
        )
        wake(EXPIRE)


def check_services(service_ids: Collection[int]) -> None:
    """Raise ServiceUnknown unless all of them exist."""
    unknown = set(service_ids) - catalog_queries.services(set(service_ids)).keys()
    if unknown:
        raise errors.ServiceUnknown(field="services", service_id=min(unknown))


def _check_matchers(matchers: Sequence[Matcher]) -> None:
    try:
        # whatever accepts an alert without any label would hold everything for ever
        if not matchers or accepts_all(matchers, {}):
            raise errors.MatchersMissing(field="matchers")
    except MatcherError as error:
        raise errors.MatchersNotValid(field="matchers", reason=str(error)) from None


def _check_span(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at or ends_at <= now:
        raise errors.SpanNotValid(field="ends_at")


def _locked_silence(silence_id: int) -> Silence:
    silence = Silence.objects.select_for_update().filter(id=silence_id).first()
    if silence is None:
        raise errors.SilenceNotFound(silence_id=silence_id)
    return silence


def _locked_window(maintenance_id: int) -> MaintenanceWindow:
    window = MaintenanceWindow.objects.select_for_update().filter(id=maintenance_id).first()
    if window is None:
        raise errors.MaintenanceNotFound(maintenance_id=maintenance_id)
    return window


def _covers(window: MaintenanceWindow) -> tuple[object, ...]:
    return (window.service_ids, window.environments, window.matchers)


def _covers_of(said: dict[str, Any]) -> tuple[object, ...]:
    return (said["service_ids"], said["environments"], said["matchers"])


def _changed(
    silence: Silence, before: dict[str, Any], *, now: datetime, actor: str
) -> events.SilenceChanged:
    after = _silence_words(silence)
    return events.SilenceChanged(
        at=now, actor=actor, silence_id=silence.id, before=before, after=after
    )


def _silence_words(silence: Silence) -> dict[str, Any]:
    return {
        "matchers": silence.matchers,
        "starts_at": silence.starts_at.isoformat(),
        "ends_at": silence.ends_at.isoformat(),
        "comment": silence.comment,
    }


def _window_words(window: MaintenanceWindow) -> dict[str, Any]:
    return {
        "name": window.name,
        "service_ids": window.service_ids,
        "environments": window.environments,
        "matchers": window.matchers,
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.ends_at.isoformat(),
    }
