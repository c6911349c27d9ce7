"""Selects of hundreds of choices: all time zones took Django 40 ms, a template for each."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_SELECT: Final = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """Django's templates for all of a form but its selects, which say the same without one."""

    @override
    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        if template_name == _SELECT:
            return _select(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template's


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = format_html_join("\n", "{}", ((_group(*one[:2]),) for one in widget["optgroups"]))
    attributes = _attributes(widget["attrs"])
    return format_html('<select name="{}"{}>\n{}\n</select>', widget["name"], attributes, groups)


def _group(name: str | None, options: Iterable[Mapping[str, Any]]) -> SafeString:
    found = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((str(one["value"]), _attributes(one["attrs"]), one["label"]) for one in options),
    )
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', name, found) if name else found


def _attributes(known: Mapping[str, object]) -> SafeString:
    """In their order, as a template writes them: one that is true has no value."""
    said = ((name, value) for name, value in known.items() if value is not False)
    return format_html_join(
        "",
        " {}",
        (
            (name,) if value is True else (format_html('{}="{}"', name, value),)
            for name, value in said
        ),
    )
