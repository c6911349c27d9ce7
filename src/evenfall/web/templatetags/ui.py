"""The component library: `{% load ui %}`. The style guide (/styleguide) shows each tag."""

import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from evenfall.platform import durations
from evenfall.platform.clock import utc_now
from evenfall.web.logic import marks, times

register = template.Library()
_SELECTED: Final = mark_safe(" selected")
_UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|ms|s|min|h|d|[kMGT]?B)(?!\w))")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw a symbol of icons.svg; with a label it speaks to screen readers. size: "s" or "l"."""
    if not label:
        return _icon(str(name), size)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
        f"icon icon-{size}" if size else "icon",
        label,
        f"{static('web/icons.svg')}#{name}",
    )


@lru_cache(maxsize=512)
def _icon(name: str, size: str) -> SafeString:
    """Drawn once: every row of every list has some, and only templates choose their names."""
    css = f"icon icon-{size}" if size else "icon"
    href = f"{static('web/icons.svg')}#{name}"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


_TICKING: Final = {
    "relative": mark_safe(" data-relative"),
    "lasting": mark_safe(' data-relative="lasting"'),
}


@register.simple_tag(takes_context=True)
def time(context: Context, value: datetime | None, style: str = "", zone: str = "") -> SafeString:
    """Show a moment in the reader's zone, the other zone on hover.

    style: "" (today 09:00), "relative" (4 min ago, ticks), "lasting" (after "for": 4 min, ticks),
    "clock" (09:00), "day", "full".
    zone: an IANA name shown on hover beside the reader's own; UTC when not given.
    """
    if value is None:
        return mark_safe('<span class="soft">never</span>')
    here, other, now = _reader_zone(context), ZoneInfo(zone) if zone else UTC, utc_now()
    words = _shown(value, style, here, now)  # of digits and our own words, so safe as they are
    opened = _time_tag(value, here, other)
    return mark_safe(f"{opened}{_TICKING.get(style, '')}>{words}</time>")  # noqa: S308 - said above


@lru_cache(maxsize=4096)
def _time_tag(value: datetime, here: tzinfo, other: tzinfo) -> SafeString:
    """The beginning of the element: the same each time that somebody looks, and long to write."""
    iso = value.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}"', iso, times.full(value, here, other))


def _shown(value: datetime, style: str, here: ZoneInfo, now: datetime) -> str:
    if style == "relative":
        return times.relative(value, now=now)
    if style == "lasting":
        return times.lasting(value, now=now)
    if style == "clock":
        return times.clock(value, here)
    if style == "day":
        return times.day(value, here, now=now)
    if style == "full":
        return times.full(value, here, here)
    return times.moment(value, here, now=now)


def _reader_zone(context: Context) -> ZoneInfo:
    """The zone of whoever looks; UTC on pages without one. A bad name was refused on saving."""
    # a context that knows its request tells it at once; a name is looked for through all levels
    request = getattr(context, "request", None)
    if request is None:  # inside of a piece, which sees none
        request, zone = context.get("request"), context.get("reader_zone")
        if zone is not None:
            return cast("ZoneInfo", zone)
    viewer = getattr(request, "viewer", None)
    return ZoneInfo(getattr(viewer, "time_zone", None) or "UTC")


@register.simple_tag
def options(
    items: Iterable[object], chosen: object = None, value: str = "id", label: str = "name"
) -> SafeString:
    """The options of a select, in one go: filters offer every team, service or person.

    value, label: which field of an item is sent, and which is read.
    """
    sent, read = attrgetter(value), attrgetter(label)
    return _options(tuple((sent(one), str(read(one))) for one in items), chosen)


@lru_cache(maxsize=64)
def _options(told: tuple[tuple[object, str], ...], chosen: object) -> SafeString:
    """Drawn once for the same items: the same people are offered on many pages, and thrice on one.

    All of it is text, also what is marked as safe: both are the same key here.
    """
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (escape(value), _SELECTED if value == chosen else "", escape(label))
            for value, label in told
        ),
    )


@register.simple_tag(takes_context=True)
def piece(context: Context, template_name: str, **told: Hashable) -> SafeString:
    """Show a part of a long list, drawn once for all who are told the same about it.

    The part sees what it is told by name and the reader's zone, and nothing else: no request, no
    token, no permission. So it may say "today", but no time that ticks. What it is told must not
    change: frozen structs, words, numbers.
    """
    zone = _reader_zone(context)
    today = utc_now().astimezone(zone).date()
    return _drawn(template_name, zone, get_language(), today, tuple(told.items()))


@lru_cache(maxsize=2048)
def _drawn(
    template_name: str,
    zone: ZoneInfo,
    _language: str | None,
    _today: date,
    told: tuple[tuple[str, Hashable], ...],
) -> SafeString:
    return cast(
        "SafeString", get_template(template_name).render({**dict(told), "reader_zone": zone})
    )


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time, timedelta or seconds, in its two largest units; "-" for None."""
    return "-" if value is None else _unbroken(durations.spoken(value))


@register.filter
def exactly(value: timedelta | float | None) -> str:
    """A length of time that somebody set, with nothing left out; "-" for None."""
    return "-" if value is None else _unbroken(durations.exact(value))


@register.filter
def minutes(value: float) -> str:
    """Minutes that somebody set, with nothing left out."""
    return exactly(value * 60)


@register.filter
def business_minutes(value: float) -> str:
    """Minutes of business time: in hours, since a day there is no 24 of them."""
    return _unbroken(durations.exact(value * 60, largest="h"))


@register.filter
def unbroken(sentence: str) -> str:
    """A sentence in which no line ends between a number and its unit."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", sentence)


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")


@register.simple_tag
def badge(word: object, label: str = "", title: str = "") -> SafeString:
    """Show a severity, urgency, outcome or state: colour, icon and word together."""
    if word is None or word == "":
        return SafeString("")
    drawn = marks.mark(str(getattr(word, "value", word)))
    tip = format_html(' title="{}"', title) if title else ""
    look = _badge_look(drawn.tone, drawn.icon)
    return format_html("<span{} {}{}</span>", tip, look, label or drawn.label)


@lru_cache(maxsize=512)
def _badge_look(tone: str, symbol: str) -> SafeString:
    """What follows the title of a badge's tag, up to its words."""
    css = f"badge is-{tone}" if tone else "badge"
    return format_html('class="{}">{}', css, icon(symbol) if symbol else "")


@register.simple_tag
def avatar(name: str | None, size: str = "") -> SafeString:
    """Two letters in the person's own colour. Always stand it next to the name."""
    name = name or "?"
    css = f"avatar avatar-{size}" if size else "avatar"
    return format_html(
        '<span class="{} hue-{}" aria-hidden="true">{}</span>',
        css,
        marks.hue(name),
        marks.initials(name),
    )


@register.filter
def hue(name: str) -> str:
    """The class of a person's own colour, for drawings that stand beside an avatar."""
    return f"hue-{marks.hue(name)}"


@register.simple_tag
def keys(*names: str) -> SafeString:
    """Keyboard hints: `{% keys "g" "i" %}`. Hidden where there is no keyboard."""
    drawn = format_html_join(" ", "<kbd>{}</kbd>", ((name,) for name in names))
    return format_html('<span class="hints" aria-hidden="true">{}</span>', drawn)


@register.simple_tag
def labels(pairs: Mapping[str, object]) -> SafeString:
    """Label set of an alert: each name with its value."""
    drawn = format_html_join(
        "",
        '<li class="label" title="{0}={1}"><b>{0}</b><span>{1}</span></li>',
        sorted((str(name), str(value)) for name, value in pairs.items()),
    )
    return format_html('<ul class="labels">{}</ul>', drawn)


@register.inclusion_tag("web/parts/empty.html")
def empty(  # an empty list is a page of its own: what it is, why it is empty, what to do
    title: str,
    text: str = "",
    icon: str = "good",  # the tag's argument is called as its symbol is
    action: str = "",
    url: str = "",
) -> dict[str, str]:
    return {"title": title, "text": text, "icon": icon, "action": action, "url": url}


_GROUPS = (RadioSelect, CheckboxSelectMultiple)


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, label: str = "", help: str = "") -> dict[str, Any]:  # noqa: A002 - the word templates use
    """A form field with label, help and errors. label and help replace those of the form."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, _GROUPS),
    }


@register.inclusion_tag("web/parts/pagination.html", takes_context=True)
def pagination(
    context: Context, page: object, label: str = "Pages", name: str = "cursor"
) -> dict[str, Any]:
    """Links to the neighbouring pages; all other query parameters stay.

    name: the parameter that carries the cursor, where a page shows two lists.
    """
    request = context.get("request")

    def link(cursor: str | None) -> str:
        if not cursor:
            return ""
        query = request.GET.copy() if request is not None else None
        if query is None:
            return f"?{name}={cursor}"
        query[name] = cursor
        return f"?{query.urlencode()}"

    return {
        "previous": link(getattr(page, "previous_cursor", None)),
        "next": link(getattr(page, "next_cursor", None)),
        "label": label,
    }


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, css: str = "") -> SafeString:
    """`{% card "Alerts" %}…{% endcard %}`: a titled panel. level: of the heading."""
    head = (
        format_html('<header class="card-head"><h{0}>{1}</h{0}></header>', level, title)
        if title
        else ""
    )
    return format_html(
        '<section class="card {}">{}<div class="card-body">{}</div></section>', css, head, content
    )


@register.simple_tag
def later(address: str, title: str = "", words: str = "", *, href: str = "") -> SafeString:
    """`{% later url "Burn" "See how fast it burned" %}`: a panel fetched once the page is there.

    What comes takes its place. Until then, and where it does not come, the words lead to it, or to
    `href`. Without words nothing is seen of it.
    """
    # a part around it that fetches itself selects itself in what it gets, and hands that down
    fetch = format_html(
        'hx-get="{}" hx-trigger="load" hx-select="unset" hx-swap="outerHTML"', address
    )
    if not words:
        return format_html("<div hidden {}></div>", fetch)
    head = format_html('<header class="card-head"><h2>{}</h2></header>', title) if title else ""
    return format_html(
        '<section class="card" {}>{}<div class="card-body"><a href="{}">{}</a></div></section>',
        fetch,
        head,
        href or address,
        words,
    )


@register.simple_tag
def unfold(address: str, summary: str, words: str) -> SafeString:
    """`{% unfold url "As a table" "See the table" %}`: what is fetched when somebody opens it."""
    return format_html(
        '<details class="more" hx-get="{0}" hx-trigger="toggle once" hx-target="find p"'
        ' hx-select="unset" hx-swap="outerHTML"><summary>{1}</summary>'
        '<p><a href="{0}">{2}</a></p></details>',
        address,
        summary,
        words,
    )


@register.simple_block_tag
def copyable(content: str) -> SafeString:
    """`{% copyable %}curl …{% endcopyable %}`: code with a copy button."""
    return format_html(
        '<div class="code"><pre tabindex="0"><code>{}</code></pre>'
        '<button type="button" class="button button-quiet button-s" data-copy>{} Copy</button>'
        "</div>",
        mark_safe(content.strip("\n")),  # noqa: S308 - rendered by the template, escaped there
        icon("copy", size="s"),
    )


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """`{% capture as name %}…{% endcapture %}`: keep rendered markup to show it twice."""
    return SafeString(content.strip())
