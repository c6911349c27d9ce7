"""The rest of Opsgenie's Alert API: what became of a request, one alert, delete and snooze.

Making, closing and acknowledging alerts is not here: the front door does that.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from evenfall.alerting import actions
from evenfall.alerting.ports import Matcher, Operator, Refusal, wire
from evenfall.alerting.ports.heads import Head
from evenfall.alerting.queries import for_amtool, for_senders
from evenfall.alerting.queries.for_amtool import KeyHolder
from evenfall.alerting.queries.for_senders import OwnAlert, StoredSignal
from evenfall.identity.access import public
from evenfall.integrations.opsgenie import answers, shown
from evenfall.integrations.opsgenie.alerts_api import ALERTS, alert_named, verb_of
from evenfall.integrations.opsgenie.creation import ALIAS
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError, Invalid

NOT_HERE = (
    "Evenfall does not do this over the Alert API. It takes: create, close, acknowledge, delete "
    "and snooze an alert, get an alert, get the status of a request, and all that its heartbeats "
    "know but a list of them."
)


def with_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the holder of the key, and word errors as Opsgenie does."""

    @csrf_exempt  # a key in a header, never a cookie
    @public("the key in the header is checked")
    @functools.wraps(view)
    def checked(request: HttpRequest, **kwargs: object) -> HttpResponse:
        now, key = utc_now(), ALERTS.hear(_head(request)).key
        if key is None:
            return _refused(Refusal.KEY_MISSING)
        holder = for_amtool.key_holder(key, now=now)
        if holder is None:
            return _refused(Refusal.KEY_UNKNOWN)
        try:
            return view(request, holder=holder, now=now, **kwargs)
        except wire.Unreadable as error:
            return _refused(Refusal.INVALID, str(error))
        except DomainError as error:
            return _refused(Refusal.INVALID, _about(error))

    return checked


@with_key
def alerts(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    """Lists are not given: a key is in many configurations."""
    del request, holder, now
    return say({"message": NOT_HERE}, 422)


@with_key
def request_status(
    request: HttpRequest, *, holder: KeyHolder, now: datetime, request_id: UUID
) -> HttpResponse:
    del now
    if request.method != "GET":
        return say({"message": NOT_HERE}, 422)
    signal = _signal(holder, request_id)
    if signal is None or signal.is_waiting:
        message = "Request not found. It might not be processed, yet."
        return say({"message": message}, 404, str(request_id))
    return say({"data": _fate(holder, signal)}, 200, str(request_id))


def _signal(holder: KeyHolder, request_id: UUID) -> StoredSignal | None:
    at = answers.moment_of(request_id)
    if at is None:
        return None
    found = for_senders.signals_at(holder.id, format_name=ALERTS.name, at=at)
    return next((one for one in found if answers.is_of(request_id, one.body)), None)


def _fate(holder: KeyHolder, signal: StoredSignal) -> dict[str, Any]:
    decoded = ALERTS.decode(signal.body, received_at=signal.received_at, mapping={})
    verb = verb_of(signal.body)
    if not decoded.updates:
        return shown.fate(signal, verb, None, None)
    (update,) = decoded.updates
    found = for_senders.own_alert(
        holder.id,
        dedup_key=update.dedup_key,
        alert_id=update.alert_id,
        at=signal.received_at,
    )
    return shown.fate(signal, verb, update.action, found)


@with_key
def alert(request: HttpRequest, *, holder: KeyHolder, now: datetime, rest: str) -> HttpResponse:
    """Answer everything below /v2/alerts/ that the front door does not."""
    identifier, _, deed = rest.rpartition("/")
    if request.method == "GET":
        return _get(request, holder, rest)
    if request.method == "DELETE":
        return _delete(request, holder, now)
    if request.method == "POST" and deed == "snooze" and identifier:
        return _snooze(request, holder, identifier, now)
    return say({"message": NOT_HERE}, 422)


def _get(request: HttpRequest, holder: KeyHolder, identifier: str) -> HttpResponse:
    found = _named(request, holder, identifier)
    if found is None:
        return say({"message": "Alert not found."}, 404)
    return say({"data": shown.alert(found, integration=holder.name)}, 200)


def _delete(request: HttpRequest, holder: KeyHolder, now: datetime) -> HttpResponse:
    """Resolve the alert, through the pipeline, so that it cannot overtake what came before."""
    stored = ALERTS.hear(_head(request)).kept + request.body
    examined = ALERTS.examine(stored, received_at=now, known={})
    actions.take_in_signal(
        integration_id=holder.id,
        format_name=ALERTS.name,
        body=stored,
        received_at=now,
        problem=" ".join(examined.errors),
    )
    said = ALERTS.accepted(examined)
    return HttpResponse(said.body, status=said.status, content_type=said.content_type)


def _snooze(
    request: HttpRequest, holder: KeyHolder, identifier: str, now: datetime
) -> HttpResponse:
    """Silence the one alert until then; what is still open at the end is decided again."""
    ends_at = wire.moment(wire.fields(wire.load(request.body)).get("endTime"))
    if ends_at is None:
        raise wire.Unreadable("endTime: It is required, a time like 2027-01-31T14:00:00Z.")
    found = _named(request, holder, identifier)
    if found is None or ALIAS not in found.labels:
        return say({"message": "Alert not found."}, 404)
    actions.create_silence(
        matchers=[holder.own, Matcher(ALIAS, Operator.EQUAL, found.labels[ALIAS])],
        starts_at=now,
        ends_at=ends_at,
        comment=f"Snoozed over the Alert API: {found.summary}"[:500],
        by_name=holder.name,
        now=now,
        actor=f"integration:{holder.id}",
    )
    return say({"result": "Request will be processed"}, 202)


def _named(request: HttpRequest, holder: KeyHolder, identifier: str) -> OwnAlert | None:
    kind = request.GET.get("identifierType", "id").lower()
    key, number = alert_named(identifier, kind)
    return for_senders.own_alert(holder.id, dedup_key=key, alert_id=number)


def _head(request: HttpRequest) -> Head:
    headers = [(b"authorization", request.headers.get("Authorization", "").encode())]
    return Head(
        method=request.method or "",
        path=request.get_full_path().partition("?")[0],
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
    )


def _about(error: DomainError) -> str:
    field = error.field if isinstance(error, Invalid) else None
    return f"{field}: {error.message}" if field else error.message


def _refused(refusal: Refusal, *errors: str) -> HttpResponse:
    said = answers.refused(refusal, errors)
    return HttpResponse(said.body, status=said.status, content_type=said.content_type)


def say(body: dict[str, Any], status: int, request_id: str = "") -> JsonResponse:
    return JsonResponse({**body, **answers.tail(request_id)}, status=status)
