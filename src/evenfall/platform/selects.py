"""Selects of hundreds of choices: all time zones took Django 40 ms, a template for each."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
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
    drawn = (
        _option(str(one["value"]), one["label"], tuple(one["attrs"].items())) for one in options
    )
    found = mark_safe("\n".join(drawn))  # noqa: S308 - each is escaped
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', name, found) if name else found


@lru_cache(maxsize=4096, typed=True)
def _option(value: str, label: object, attributes: tuple[tuple[str, object], ...]) -> SafeString:
    """Drawn once: the same zones and people are offered again and again. What is safe is typed."""
    said = _attributes(dict(attributes))
    return format_html('<option value="{}"{}>{}</option>', value, said, label)


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
