"""Scores as people read them: `{% load triage %}`."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from evenfall.triage.logic.score import Part

register = template.Library()


@register.simple_tag
def score_parts(parts: Sequence[Part]) -> SafeString:
    """The factors of a score, one a line, in one go: each item of the queue has seven."""
    return format_html_join(
        "",
        "<li>{} {} <strong>{}</strong>: {}</li>",
        (
            (_sign(part, place), part.shown, part.name, part.words)
            for place, part in enumerate(parts)
        ),
    )


def _sign(part: Part, place: int) -> str:
    if part.divides:
        return "÷"
    return "\N{MULTIPLICATION SIGN}" if place else ""
