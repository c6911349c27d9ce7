"""Scores as people read them: `{% load triage %}`."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from evenfall.triage.logic.score import Part

register = template.Library()


@register.simple_tag
def score_parts(parts: Sequence[Part]) -> SafeString:
    """The factors of a score, one a line, in one go: each item of the queue has seven."""
    lines = (
        f"<li>{_sign(part, place)} {escape(part.shown)} <strong>{escape(part.name)}</strong>:"
        f" {escape(part.words)}</li>"
        for place, part in enumerate(parts)
    )
    return mark_safe("".join(lines))  # noqa: S308 - each word is escaped above


def _sign(part: Part, place: int) -> str:
    if part.divides:
        return "÷"
    return "\N{MULTIPLICATION SIGN}" if place else ""
