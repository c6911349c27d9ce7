"""The style guide: each example is a template, shown rendered and as source."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from django import forms
from django.template import engines
from msgspec import Struct

from evenfall.platform.charts import Limit, Line, LineChart, Mark, line_chart
from evenfall.platform.pages import Page

_ROOT = Path(__file__).parent.parent
_EXAMPLES = _ROOT / "templates" / "web" / "styleguide"
_ORDER = [
    "page",
    "buttons",
    "badges",
    "times",
    "people",
    "card",
    "rows",
    "table",
    "tabs",
    "form",
    "pick",
    "timeline",
    "callouts",
    "empty",
    "chart",
    "labels",
    "code",
    "disclosure",
    "live",
]


class Example(Struct, frozen=True):
    name: str
    title: str
    source: str
    rendered: str


class SampleForm(forms.Form):
    """Fields of every shape, one of them wrong."""

    name = forms.CharField(help_text="As people say it, for example Payments primary.")
    kind = forms.ChoiceField(choices=[("week", "Weekly"), ("day", "Daily")])
    starts = forms.TimeField(initial="09:00", widget=forms.TimeInput(attrs={"type": "time"}))
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    weekends = forms.BooleanField(required=False, help_text="Saturday and Sunday too.")
    urgency = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("high", "At once"), ("low", "In working hours")]
    )


def examples(*, now: datetime) -> list[Example]:
    """Every example in reading order; `now` dates their samples."""
    sample = _sample(now)
    return [_example(name, sample) for name in _ORDER]


def live_example(*, now: datetime) -> str:
    """The example that fetches itself again."""
    return _example("live", _sample(now)).rendered


def _sample(now: datetime) -> dict[str, object]:
    return {
        "now": now,
        "since": now - timedelta(minutes=14),
        "length": timedelta(hours=1, minutes=12),
        "form": SampleForm(data={"name": "", "kind": "week", "starts": "09:00"}),
        "page": Page[int](items=[], next_cursor="bmV4dA", previous_cursor="cHJldg"),
        "chart": _chart(now),
        "pairs": {"alertname": "HighErrorRate", "job": "payments-api", "severity": "critical"},
    }


def _chart(now: datetime) -> LineChart:
    start = now - timedelta(hours=6)
    times = [start + timedelta(minutes=5 * number) for number in range(72)]
    stable = [(at, 0.4 + 0.1 * math.sin(number / 5)) for number, at in enumerate(times)]
    worse = [(at, value + number / 20) for number, (at, value) in enumerate(stable[48:60])]
    canary = [*stable[:48], *worse, (times[60], None)]
    return line_chart(
        [
            Line(name="New version", points=canary, is_filled=True),
            Line(name="Stable", points=stable, kind="other"),
        ],
        start=start,
        end=now,
        limits=[Limit(name="at most 1 %", value=1.0)],
        marks=[
            Mark(at=times[40], name="Release 2.4.1", href="#chart"),
            Mark(at=times[50], until=times[64], name="Incident", kind="bad"),
        ],
        lowest=0.0,
        words=lambda value: f"{value:.2g} %",
    )


def _example(name: str, sample: Mapping[str, object]) -> Example:
    source = (_EXAMPLES / f"{name}.html").read_text()
    rendered = engines["django"].from_string("{% load ui %}" + source).render(dict(sample))
    return Example(name, name.capitalize(), source.strip(), rendered)


def icons() -> list[str]:
    """Names of all symbols in the sprite."""
    sprite = ET.parse(_ROOT / "static" / "web" / "icons.svg")  # noqa: S314 - our own file
    return [symbol.attrib["id"] for symbol in sprite.getroot()]
