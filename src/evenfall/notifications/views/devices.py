"""The browsers and phones that get push messages: how to set one up, and what they tell us."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from evenfall.identity.access import public, requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import actions, forms, ports, queries
from evenfall.notifications.logic.devices import Family, device_of
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

KIND = "webpush"


@requires(Permission.OWN)
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """The steps for the device at hand, or for the one that ?device= names, and all devices."""
    viewer, here = viewer_of(request), device_of(request.headers.get("User-Agent", ""))
    asked = request.GET.get("device", "")
    methods = queries.contact_methods(viewer.user_id)
    context = {
        "here": here,
        "family": asked if asked in list(Family) else here.family.value,
        "devices": [method for method in methods if method.kind == KIND],
        "browser_key": ports.browser_key(KIND, now=utc_now()),
        "user_id": viewer.user_id,
    }
    return render(request, "notifications/devices.html", context)


@requires(Permission.OWN)
@require_POST
def add_push(request: HttpRequest) -> HttpResponse:
    """Takes what static/notifications/push.js filled in."""
    viewer = viewer_of(request)
    form = forms.PushForm(request.POST)
    method_id = attempt(
        form,
        lambda: actions.add_push(
            user_id=viewer.user_id,
            **form.cleaned_data,
            user_agent=request.headers.get("User-Agent", ""),
            actor=viewer.actor,
            now=utc_now(),
        ),
    )
    if method_id is None:
        messages.error(request, "The browser did not give a complete subscription. Try again.")
        return redirect("notifications:contact_methods")
    return redirect("notifications:contact_method", method_id)


@requires(Permission.OWN)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """A subscribed device opened Evenfall: what is known of it, and the pass it keeps.

    `state` is unknown where its owner removed it, other where it belongs to somebody else.
    """
    viewer, now = viewer_of(request), utc_now()
    key = ports.browser_key(KIND, now=now)
    endpoint = request.POST.get("endpoint", "")
    method_id = actions.see_push(user_id=viewer.user_id, endpoint=endpoint, now=now)
    if method_id is None:
        is_other = queries.is_taken(kind=KIND, address=endpoint)
        return JsonResponse({"state": "other" if is_other else "unknown", "key": key})
    method = queries.contact_method_of(contact_method_id=method_id, user_id=viewer.user_id)
    token = actions.device_pass(method_id, now=now)
    return JsonResponse({"state": method.state, "key": key, "pass": token})


@public("the pass that the device got when it was seen is the proof; a worker has no session")
@csrf_exempt
@require_POST
def moved(request: HttpRequest, token: str) -> HttpResponse:
    """The browser made a new subscription by itself."""
    form = forms.MovedForm(request.POST)
    done = attempt(form, lambda: actions.move_push(token=token, **form.cleaned_data, now=utc_now()))
    return HttpResponse(status=422 if done is None else 204)


@public("the signed address in the silent check is the proof; a worker has no session")
@csrf_exempt
@require_POST
def answer(_request: HttpRequest, token: str) -> HttpResponse:
    """The device answers its silent check."""
    actions.answer_check(token, now=utc_now())
    return HttpResponse(status=204)


@requires(Permission.OWN)
@require_POST
def check(request: HttpRequest, contact_method_id: int) -> HttpResponse:
    """Ask one device now whether it is there."""
    actions.check_device(
        contact_method_id=contact_method_id, user_id=viewer_of(request).user_id, now=utc_now()
    )
    messages.success(request, "Asked. The device answers by itself, mostly within seconds.")
    return redirect("notifications:contact_method", contact_method_id)
