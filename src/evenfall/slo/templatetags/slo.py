"""Shares as people read them: `{% load slo %}`."""

from django import template

from evenfall.slo.contexts import percent_words
from evenfall.slo.forms.budgets import CORRECTION_KINDS
from evenfall.slo.logic.states import CorrectionKind

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.9995 as 99.95 %; unknown for None."""
    return "unknown" if share is None else percent_words(share * 100)


@register.filter
def correction_kind(kind: CorrectionKind) -> str:
    """As the form that asks for it says it."""
    return dict(CORRECTION_KINDS)[kind.value]


@register.filter
def left(spent: float | None) -> str:
    """A share of the budget that was spent, as what is left of it."""
    return "unknown" if spent is None else f"{(1 - spent) * 100:.1f} %"
