"""The rest of Alertmanager's API v2, for amtool and dashboards, below the key of an integration.

A key shows the alerts that were sent with it. A silence made with it covers no more than its
service, or the alerts sent with it where the integration has no service. Posting alerts is not
here: the front door does that.
"""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evenfall.alerting import actions, queries
from evenfall.alerting.ports import (
    Matcher,
    MatcherError,
    accepts_all,
    parse_matchers,
    wire,
)
from evenfall.alerting.queries import for_amtool
from evenfall.alerting.queries.for_amtool import KeyHolder
from evenfall.identity.access import public
from evenfall.integrations.alertmanager import shapes
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError

_SHOW_EXPIRED_FOR = timedelta(days=5)

KeyView = Callable[..., HttpResponse]


def with_key(view: KeyView) -> Callable[..., HttpResponse]:
    """Give the view the holder of the key, and word errors as Alertmanager does: a JSON text."""

    @csrf_exempt  # a key in the path, never a cookie
    @public("the key in the path is checked")
    @functools.wraps(view)
    def checked(request: HttpRequest, key: str, **kwargs: object) -> HttpResponse:
        now = utc_now()
        holder = for_amtool.key_holder(key, now=now)
        if holder is None:
            return _error("no integration has this key", 401)
        try:
            return view(request, holder=holder, now=now, **kwargs)
        except (MatcherError, wire.Unreadable) as error:
            return _error(str(error), 400)
        except DomainError as error:
            return _error(error.message, 404 if error.status == 404 else 400)  # noqa: PLR2004 - HTTP

    return checked


@public("says nothing but that the process runs")
@require_safe
def healthy(request: HttpRequest, key: str) -> HttpResponse:
    del request, key
    return HttpResponse("OK", content_type="text/plain")


@with_key
@require_safe
def status(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    del request, holder
    return _json(shapes.status(now))


@with_key
@require_safe
def receivers(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    del request, holder, now
    return _json([shapes.RECEIVER])


@with_key
@require_safe
def alerts(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    del now
    return _json(_alerts(request, holder))


@with_key
@require_safe
def alert_groups(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    del now
    return _json(shapes.group(_alerts(request, holder)))


@with_key
@require_http_methods(["GET", "HEAD", "POST"])
def silences(request: HttpRequest, *, holder: KeyHolder, now: datetime) -> HttpResponse:
    if request.method == "POST":
        return _post_silence(request, holder, now)
    wanted = _filters(request)
    found = queries.current_silences(now=now, expired_since=now - _SHOW_EXPIRED_FOR)
    shown = [view for view in found if _names(view.matchers, wanted)]
    return _json([shapes.silence(view) for view in shown])


@with_key
@require_http_methods(["GET", "HEAD", "DELETE"])
def silence(
    request: HttpRequest, *, holder: KeyHolder, now: datetime, public_id: UUID
) -> HttpResponse:
    number = actions.silence_id_of(public_id)
    if request.method == "DELETE":
        _check_scope(number, holder, now)
        actions.end_silence(silence_id=number, now=now, actor=f"integration:{holder.id}")
        return HttpResponse(status=200)
    return _json(shapes.silence(queries.silence(number, now=now)))


def _post_silence(request: HttpRequest, holder: KeyHolder, now: datetime) -> HttpResponse:
    posted = wire.fields(wire.load(request.body))
    starts_at, ends_at = shapes.span(posted, now)
    matchers = _scoped(shapes.matchers(posted.get("matchers")), holder)
    actor = f"integration:{holder.id}"
    comment = _explained(wire.text(posted.get("comment"), 500), holder)
    if posted.get("id"):
        old = actions.silence_id_of(_uuid(posted["id"]))
        _check_scope(old, holder, now)
        number = actions.change_silence(
            silence_id=old,
            matchers=matchers,
            starts_at=starts_at,
            ends_at=ends_at,
            comment=comment,
            now=now,
            actor=actor,
        )
    else:
        number = actions.create_silence(
            matchers=matchers,
            starts_at=starts_at,
            ends_at=ends_at,
            comment=comment,
            by_name=wire.text(posted.get("createdBy"), 120) or holder.name,
            now=now,
            actor=actor,
        )
    return _json({"silenceID": str(queries.silence(number, now=now).public_id)})


def _scoped(matchers: list[Matcher], holder: KeyHolder) -> list[Matcher]:
    """Keep the silence to what the key is for."""
    if not matchers:
        raise wire.Unreadable("A silence needs at least one matcher.")
    return matchers if holder.scope in matchers else [*matchers, holder.scope]


def _explained(comment: str, holder: KeyHolder) -> str:
    """Say in the silence why it covers less than its writer may think."""
    if holder.service_slug:
        return comment
    why = f"Only alerts sent by {holder.name}, since it was made with its key."
    return comment if why in comment else f"{comment[: 499 - len(why)]} {why}".strip()


def _check_scope(silence_id: int, holder: KeyHolder, now: datetime) -> None:
    if not holder.may_change(queries.silence(silence_id, now=now).matchers):
        raise wire.Unreadable(
            "This key may only change silences made with it. Change others on the page of silences."
        )


def _alerts(request: HttpRequest, holder: KeyHolder) -> list[dict[str, object]]:
    """Return the sender's alerts that pass `filter`, `active` and `silenced`."""
    wanted = _filters(request)
    shown = {state: request.GET.get(state) != "false" for state in ("active", "silenced")}
    return [
        shapes.alert(sent)
        for sent in for_amtool.sent_alerts(holder.id)
        if shown["silenced" if sent.silence_id else "active"] and accepts_all(wanted, sent.labels)
    ]


def _filters(request: HttpRequest) -> list[Matcher]:
    return [matcher for text in request.GET.getlist("filter") for matcher in parse_matchers(text)]


def _names(matchers: tuple[Matcher, ...], wanted: list[Matcher]) -> bool:
    """Say whether a silence is about what is asked for, as amtool means its filter."""
    return accepts_all(wanted, {matcher.name: matcher.value for matcher in matchers})


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise wire.Unreadable("'id' is not the id of a silence.") from None


def _json(value: object) -> JsonResponse:
    return JsonResponse(value, safe=False)


def _error(message: str, status_code: int) -> JsonResponse:
    return JsonResponse(message, safe=False, status=status_code)
