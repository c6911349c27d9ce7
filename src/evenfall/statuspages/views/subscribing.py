"""What readers do to be told: subscribe, confirm, choose, leave. No cookies, no account.

Nothing is done in the name of somebody who is signed in, so these forms need no token against
forged requests: a GET shows, a POST acts, and whoever posts proves the address afterwards or has
a signed link.
"""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity.access import public
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.pacing import Pace
from evenfall.statuspages import errors
from evenfall.statuspages.actions import access, subscribing
from evenfall.statuspages.actions.subscribing import NewHook
from evenfall.statuspages.forms.subscribing import BrowserForm, ChoiceForm, SubscribeForm
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.queries import subscribers
from evenfall.statuspages.views.subscriber_frame import Frame, frame_of, frame_of_reader, shown

_REASON: Final = "readers of a status page have no account; the page itself was let in first"
_SIGNED: Final = "the signed link in the address is the permission"
NETWORK: Final = Pace(most=30, per=timedelta(minutes=10))
"""For each network address that posts."""
PAGE: Final = Pace(most=600, per=timedelta(minutes=10))
"""For each page, whoever posts."""
ADDRESS: Final = Pace(most=4, per=timedelta(hours=1))
"""For each address that is to be told, so that nobody can be flooded with our mails."""
_DIGITS: Final = 18


@public(_REASON)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """GET, POST /status/shop/subscribe/?post=5: without JavaScript by mail and web hook."""
    frame, now = frame_of_reader(request, slug), utc_now()
    post_id = _post_of(request)
    initial = {"incidents": True, "works": True, "only_post": post_id is not None}
    form = SubscribeForm(frame.parts, request.POST or None, post_id=post_id, initial=initial)
    if request.method != "POST":
        return _open(frame, shown("subscribe", frame, form=form, post=frame.post(post_id), now=now))
    _hold_back(request, frame)
    if made := attempt(form, lambda: _subscribed(form, frame)):
        if isinstance(made, NewHook):
            return _new_hook(frame, made)
        return _private(shown("asked", frame, address=made))
    answer = shown("subscribe", frame, form=form, post=frame.post(post_id), now=now, status=422)
    return _private(answer)


@public(_REASON)
@csrf_exempt
@require_POST
@never_cache
def subscribe_browser(request: HttpRequest, slug: str) -> HttpResponse:
    """POST /status/shop/subscribe/browser/: what the page's script filled in."""
    frame, now = frame_of_reader(request, slug), utc_now()
    _hold_back(request, frame)
    form = BrowserForm(frame.parts, request.POST, post_id=_post_of(request))

    def save() -> int:
        said = form.cleaned_data
        return subscribing.subscribe_browser(
            status_page_id=frame.page.id,
            endpoint=said["endpoint"],
            p256dh=said["p256dh"],
            auth=said["auth"],
            choice=form.choice(),
            language=frame.language,
            now=now,
        )

    subscriber_id = attempt(form, save)
    if subscriber_id is None:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    return JsonResponse({"manage": frame.address("subscription", subscriber_id, now=now)})


@public(_SIGNED)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """GET, POST /status/shop/confirm/<signed>/: scanners follow links, only a POST confirms."""
    now = utc_now()
    found = subscribers.subscriber(access.subscriber_to_confirm(slug, token, now=now))
    frame = frame_of(slug, found.language)
    if request.method == "POST":
        subscribing.confirm(subscriber_id=found.id, now=now)
        return _private(_manage(frame, found.id, news="confirmed"))
    return _private(shown("confirm", frame, who=found))


@public(_SIGNED)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """GET, POST /status/shop/subscription/<signed>/: what somebody hears of."""
    now = utc_now()
    found = subscribers.subscriber(access.subscriber_of(slug, token, now=now))
    frame = frame_of(slug, found.language)
    if request.method != "POST":
        return _private(_manage(frame, found.id))
    if request.POST.get("test"):
        subscribing.test_again(subscriber_id=found.id, now=now)
        return _private(_manage(frame, found.id))
    form = ChoiceForm(frame.parts, request.POST, post_id=found.choice.post_id)

    def save() -> bool:
        subscribing.change_choice(subscriber_id=found.id, choice=form.choice())
        return True

    if attempt(form, save):
        return _private(_manage(frame, found.id, news="saved"))
    return _private(_manage(frame, found.id, form=form))


@public(_SIGNED)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """GET, POST /status/shop/unsubscribe/<signed>/: also what mail programs post (RFC 8058)."""
    now = utc_now()
    try:
        found = subscribers.subscriber(access.subscriber_of(slug, token, now=now))
    except errors.SubscriberNotFound:
        return _private(shown("left", frame_of(slug)))  # what they wanted is so already
    frame = frame_of(slug, found.language)
    if request.method == "POST":
        subscribing.unsubscribe(subscriber_id=found.id)
        return _private(shown("left", frame))
    return _private(shown("leave", frame, who=found))


def _subscribed(form: SubscribeForm, frame: Frame) -> NewHook | str:
    """The new web hook, or the address to which we wrote."""
    said, now = form.cleaned_data, utc_now()
    about: dict[str, Any] = {
        "status_page_id": frame.page.id,
        "choice": form.choice(),
        "language": frame.language,
        "now": now,
    }
    if said["how"] == "webhook":
        ADDRESS.spend((frame.page.id, said["url"]), now=now)
        return subscribing.subscribe_webhook(url=said["url"], **about)
    if not notifications_queries.mail_is_on():
        reason = "this installation sends no mail. Read the feed instead."
        raise errors.SubscriptionNotUsable(reason=reason, field="address")
    address = subscribing.mail_address(said["address"])
    ADDRESS.spend(address.lower(), now=now)
    subscribing.subscribe_by_mail(address=address, **about)
    return address


def _new_hook(frame: Frame, made: NewHook) -> HttpResponse:
    link = frame.address("subscription", made.subscriber_id, now=utc_now())
    return _private(shown("hook", frame, secret=made.secret, link=link))


def _manage(
    frame: Frame, subscriber_id: int, *, news: str = "", form: ChoiceForm | None = None
) -> HttpResponse:
    found = subscribers.subscriber(subscriber_id)
    fresh = ChoiceForm(frame.parts, initial=ChoiceForm.initial_of(found.choice))
    links = {
        "here": frame.address("subscription", subscriber_id, now=utc_now()),
        "leave": frame.address("unsubscribe", subscriber_id, now=utc_now()),
    }
    status = 422 if form else 200
    return shown(
        "manage", frame, who=found, news=news, form=form or fresh, links=links, status=status
    )


def _hold_back(request: HttpRequest, frame: Frame) -> None:
    """Raises TooOften, which says when to come again."""
    now = utc_now()
    NETWORK.spend(request.META.get("REMOTE_ADDR", ""), now=now)
    PAGE.spend(frame.page.id, now=now)


def _post_of(request: HttpRequest) -> int | None:
    asked = request.GET.get("post", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS else None


def _open(frame: Frame, answer: HttpResponse) -> HttpResponse:
    """The form is the same for everybody who may see the page."""
    if frame.page.visibility is not Visibility.PUBLIC:
        return _private(answer)
    answer["Cache-Control"] = "public, max-age=15, stale-while-revalidate=60"
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"  # the address may be the secret
    answer["X-Robots-Tag"] = "noindex"
    return answer
