"""What the pages for subscribers have around them: the page's name, look and language."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from msgspec import Struct

from evenfall.notifications import ports
from evenfall.notifications import queries as notifications_queries
from evenfall.platform.clock import utc_now
from evenfall.statuspages import errors, queries
from evenfall.statuspages.actions.access import own_token
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscriber_words import words
from evenfall.statuspages.logic.subscribing import Kind
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.queries import PageView, Part, looks, sites, subscribers
from evenfall.statuspages.queries.looks import LookView
from evenfall.statuspages.views import public

STYLES = ("web/tokens.css", "statuspages/public.css", "statuspages/subscribing.css")


class Frame(Struct, frozen=True, kw_only=True):
    """A page as those see it who subscribe to it."""

    page: PageView
    look: LookView
    language: Language
    parts: tuple[Part, ...]

    def address(self, name: str, subscriber_id: int, *, now: datetime) -> str:
        """The absolute address of a subscriber's own page."""
        token = own_token(subscriber_id, now=now)
        path = reverse(f"statuspages:{name}", args=[self.page.slug, token])
        return notifications_queries.absolute(path)

    def post(self, post_id: int | None) -> str:
        """The title of a post on this page, "" where there is none."""
        if post_id is None:
            return ""
        try:
            return queries.post(self.page.id, post_id).title
        except errors.PostNotFound:
            return ""

    @property
    def home(self) -> str:
        return sites.live_site(self.page, self.look).home


def frame_of_reader(request: HttpRequest, slug: str) -> Frame:
    """For whoever may see the page. Raises StatusPageNotFound."""
    gate = public.gate_of(request, slug)
    return _frame(queries.page(gate.id), public.language_of(request, gate))


def frame_of(slug: str, language: Language | None = None) -> Frame:
    """For whoever has a signed link: the page may have become hidden since."""
    return _frame(queries.page(queries.gate(slug).id), language)


def shown(name: str, frame: Frame, *, status: int = 200, **context: object) -> HttpResponse:
    """A page for subscribers, rendered without the request: so it can set no cookie."""
    about = {
        "page": frame.page,
        "words": _filled(frame, context),
        "language": frame.language.value,
        "parts": frame.parts,
        "home": frame.home,
        "styles": _styles(frame),
        "mailing": subscribers.mailing(frame.page.id),
        **context,
    }
    if name == "subscribe":
        about |= _ways(frame)
    with translation.override(frame.language.value):
        body = render_to_string(f"statuspages/subscribing/{name}.html", about)
    return HttpResponse(body, status=status)


def _frame(page: PageView, language: Language | None) -> Frame:
    look = looks.look(page.id)
    parts = queries.parts(page.id, now=utc_now())
    return Frame(page=page, look=look, language=language or look.languages[0], parts=tuple(parts))


def _ways(frame: Frame) -> dict[str, object]:
    return {
        "browser_key": ports.browser_key(Kind.PUSH.channel, now=utc_now()),
        "mail_is_on": notifications_queries.mail_is_on(),
        "feed": frame.home.replace("?", "feed.atom?", 1)
        if "?" in frame.home
        else f"{frame.home}feed.atom",
        "action": "?" + frame.home.partition("?")[2],
    }


def _filled(frame: Frame, context: dict[str, object]) -> dict[str, str]:
    """The phrases with the page's name and the address in them."""
    who = context.get("who")
    address = context.get("address") or getattr(who, "shown", "")
    if getattr(who, "kind", None) is Kind.PUSH:
        address = words(frame.language)["this_browser"]
    known = {"page": frame.page.title, "address": address}
    known["reason"] = getattr(who, "off_reason", "")
    found = dict(words(frame.language))
    for name in ("confirm_page", "check_mail_text", "leave_text", "off"):
        found[name] = found[name].format(**known)
    return found


def _styles(frame: Frame) -> list[str]:
    found = [static(name) for name in STYLES]
    if frame.look.accent and frame.page.visibility is Visibility.PUBLIC:
        path = reverse("statuspages:look", args=[frame.page.slug])
        found.append(f"{path}?v={frame.look.digest}")
    return found
