"""Tags only the frame uses: `{% load shell %}` in web/base.html."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context

from evenfall.identity import access
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.web.contexts.frame import Frame, frame
from evenfall.web.logic import navigation

register = template.Library()
_THEMES = ("light", "dark")


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """The theme this device chose: "light", "dark", or "" to follow the system."""
    request: HttpRequest | None = context.get("request")
    theme = request.COOKIES.get("theme", "") if request else ""
    return theme if theme in _THEMES else ""


@register.simple_tag(takes_context=True)
def places(context: Context) -> dict[str, Any]:
    """The sections a viewer may open, the dock, where we are, and what is counted there."""
    request: HttpRequest | None = context.get("request")
    viewer = access.viewer_or_none(request) if request else None
    may = frozenset(p.value for p in Permission if viewer and viewer.can_somewhere(p))
    counted = frame(viewer, now=utc_now()) if viewer else Frame()
    sections = [
        navigation.waiting(navigation.visible(section, may), counted.waits)
        for section in navigation.SECTIONS
    ]
    everywhere = [place for section in sections for place in section.places]
    waits = [place for place in everywhere if place.waits is not None]
    return {
        "sections": tuple(section for section in sections if section.places),
        "dock": navigation.DOCK if viewer else (),
        "here": navigation.current(request.path if request else "", everywhere),
        "keyed": tuple(place for place in everywhere if place.key),
        "unread": counted.unread,
        "waits": waits,
        "waiting": sum(counted.waits.values()) if waits else None,
    }
