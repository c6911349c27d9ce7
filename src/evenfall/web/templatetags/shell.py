"""Tags only the frame uses: `{% load shell %}` in web/base.html."""

from typing import Any

from django import template
from django.template.context import Context

from evenfall.identity.permissions import Permission
from evenfall.web.logic import navigation

register = template.Library()
THEMES = ("light", "dark")


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """The theme this device chose: "light", "dark", or "" to follow the system."""
    request = context.get("request")
    theme = request.COOKIES.get("theme", "") if request is not None else ""
    return theme if theme in THEMES else ""


@register.simple_tag(takes_context=True)
def places(context: Context) -> dict[str, Any]:
    """The sections a viewer may open, the dock, and where we are."""
    request = context.get("request")
    viewer = getattr(request, "viewer", None)
    may = frozenset(p.value for p in Permission if viewer is not None and viewer.can_somewhere(p))
    sections = [navigation.visible(section, may) for section in navigation.SECTIONS]
    everywhere = [place for section in sections for place in section.places]
    here = navigation.current(request.path if request is not None else "", everywhere)
    return {
        "sections": [section for section in sections if section.places],
        "dock": navigation.DOCK,
        "here": here,
        "keyed": [place for place in everywhere if place.key],
    }
