"""Fixed words of a page in its language, by a name that a template only has as a value."""

from django import template

from evenfall.statuspages.logic.phrases import Phrases

register = template.Library()


@register.filter
def named(words: Phrases, name: str) -> str:
    """`{{ words|named:part.status.value }}`: Operational, In Betrieb, …"""
    return words[name]
