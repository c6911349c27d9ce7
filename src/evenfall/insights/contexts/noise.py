"""What the pages of the noise audit show: figures with what they mean, and charts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity.access import viewer_of
from evenfall.insights.logic.noise import FIGURES, Counts, change_words
from evenfall.insights.logic.proposals import Kind
from evenfall.insights.queries import (
    NOISE_DAYS,
    By,
    NoiseReport,
    NoiseRhythm,
    PartCounts,
    ProposalView,
    Wanted,
    When,
    effect_weeks,
)
from evenfall.platform import durations
from evenfall.platform.bars import BarChart, HeatMap, Stack, bar_chart, day_word, heat_map
from evenfall.platform.clock import utc_now

USUAL_DAYS: Final = 28
DAYS_OF_WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS: Final = tuple(f"{hour:02}" for hour in range(24))
_EVERY: Final = 3
_WEEK: Final = timedelta(days=7)
_TOP: Final = 8

KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.TICKET: "Make it a ticket",
    Kind.LOW: "Send it with low urgency",
    Kind.SILENCE: "Silence it",
    Kind.LONGER: "Wait for more bad looks",
    Kind.SENDER: "Let its tool wait",
    Kind.INHIBIT: "Let it wait for its cause",
    Kind.GROUP: "Let it join what is open",
    Kind.WAIT: "Wait before it pages",
    Kind.END: "Let it end by itself",
    Kind.NEEDS: "Say what it needs",
    Kind.TWIN: "Let one of two names call",
}


class Shown(Struct, frozen=True, kw_only=True):
    """One figure: `share` of all pages in words, `change` against the time before."""

    name: str
    label: str
    value: str
    share: str
    change: str
    meaning: str
    href: str


def wanted_of(request: HttpRequest) -> Wanted:
    """Which pages the address asks for; what it does not understand is left open."""
    asked = request.GET.dict()
    zone, now = ZoneInfo(viewer_of(request).time_zone), utc_now()
    when, rule = asked.get("when", ""), asked.get("rule", "")
    return Wanted(
        since=now - timedelta(days=days_of(asked)),
        until=now,
        zone=zone,
        when=When(when) if when in list(When) else When.ALL,
        rule_id=int(rule) if rule.isdecimal() and len(rule) < len(str(2**63)) else None,
        problem=asked.get("problem", "").replace("\0", "")[:300],
    )


def days_of(asked: Mapping[str, str]) -> int:
    found = asked.get("days", "")
    return next((days for days in NOISE_DAYS if str(days) == found), USUAL_DAYS)


def by_of(asked: Mapping[str, str]) -> By:
    found = asked.get("by", "")
    return By(found) if found in list(By) else By.PROBLEMS


def query_of(wanted: Wanted, **more: object) -> str:
    """The address of the same question, with more."""
    given: dict[str, object] = {
        "days": (wanted.until - wanted.since).days,
        "when": "" if wanted.when is When.ALL else wanted.when.value,
        "rule": wanted.rule_id,
        "problem": wanted.problem,
        **more,
    }
    return urlencode({name: value for name, value in given.items() if value not in {None, ""}})


def figures_of(report: NoiseReport, **more: object) -> list[Shown]:
    """The counts in their order; each leads to the pages behind it."""
    counts, before = report.counts, report.before
    return [_counted(one.name, one.label, one.meaning, report, more) for one in FIGURES] + [
        Shown(
            name="nights",
            label="Nights interrupted",
            value=str(counts.nights),
            share="",
            change=change_words(counts.nights, before.nights),
            meaning="Nights of single persons in which a page called them; two people called in "
            "one night are two.",
            href="",
        ),
        Shown(
            name="pages_a_problem",
            label="Pages for a real problem",
            value=f"{counts.pages_a_problem:.1f}" if counts.pages_a_problem else "",
            share=f"{counts.problems} real problems",
            change="",
            meaning="All pages over the different incidents that somebody acted on.",
            href="",
        ),
        Shown(
            name="ack",
            label="Time to acknowledge",
            value=_seconds(counts.ack_median_s),
            share=f"nine in ten under {_seconds(counts.ack_p90_s)}" if counts.acknowledged else "",
            change=f"{_seconds(before.ack_median_s)} before" if before.acknowledged else "",
            meaning=f"The median of {counts.acknowledged} pages that somebody acknowledged.",
            href="",
        ),
    ]


def _counted(
    name: str, label: str, meaning: str, report: NoiseReport, more: Mapping[str, object]
) -> Shown:
    counts = report.counts
    count, percent = getattr(counts, name), counts.percent(name)
    link = query_of(report.wanted, figure=name, **more)
    return Shown(
        name=name,
        label=label,
        value=str(count),
        share=""
        if percent is None or name == "pages"
        else f"{percent:.0f} % of {report.counts.pages}",
        change=change_words(count, getattr(report.before, name)),
        meaning=meaning,
        href=f"{reverse('insights:noise_pages')}?{link}",
    )


def _seconds(value: float | None) -> str:
    return "" if value is None else durations.spoken(value)


def weeks_chart(rhythm: NoiseRhythm, **more: object) -> BarChart:
    """Pages a week, acted on and not; a week without any is an empty place."""
    found = {at: (acted, idle) for at, acted, idle, _ in rhythm.weeks}
    link = f"{reverse('insights:noise_pages')}?{query_of(rhythm.wanted, **more)}"
    stacks = [
        Stack(word=day_word(at), values=found.get(at, (0, 0)), href=link)
        for at in _mondays(rhythm.wanted)
    ]
    return bar_chart(stacks, series=(("acted on", "main"), ("nobody acted", "faint")))


def nights_chart(rhythm: NoiseRhythm) -> BarChart:
    found = {at: night for at, _, _, night in rhythm.weeks}
    stacks = [
        Stack(word=day_word(at), values=(found.get(at, 0),)) for at in _mondays(rhythm.wanted)
    ]
    return bar_chart(stacks, series=(("at night", "bad"),))


def hours_map(rhythm: NoiseRhythm) -> HeatMap:
    days = [rhythm.hours[day * 24 : day * 24 + 24] for day in range(7)]
    return heat_map(days, rows=DAYS_OF_WEEK, columns=HOURS, every=_EVERY)


class Band(Struct, frozen=True, kw_only=True):
    """A bar that lies: percents of the longest one; what nobody acted on comes after the rest."""

    name: str
    acted: float
    idle: float
    pages: int


def top_bands(parts: Sequence[PartCounts]) -> list[Band]:
    """The noisiest first, acted on and not; the table below has the same numbers."""
    most = max((one.counts.pages for one in parts), default=1)
    return [
        Band(
            name=one.name,
            acted=round(100 * one.counts.acted / most, 2),
            idle=round(100 * one.counts.idle / most, 2),
            pages=one.counts.pages,
        )
        for one in parts[:_TOP]
    ]


def _mondays(wanted: Wanted) -> list[datetime]:
    """The first moments of the weeks of a time, as the database cuts them in the zone."""
    here = wanted.since.astimezone(wanted.zone)
    day = here.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=here.weekday())
    found = []
    while day < wanted.until:
        found.append(day)
        day += _WEEK
    return found


def effect_chart(view: ProposalView, request: HttpRequest) -> BarChart | None:
    """Pages a week around the day of the change; None before it was made, or of no one problem."""
    if view.applied_at is None or view.kind in {Kind.NEEDS, Kind.END}:
        return None
    zone, now = ZoneInfo(viewer_of(request).time_zone), utc_now()
    found = dict(effect_weeks(view, zone=zone, now=now))
    span = Wanted(
        since=view.applied_at - timedelta(weeks=8),
        until=min(now, view.applied_at + timedelta(weeks=12)),
        zone=zone,
    )
    weeks = _mondays(span)
    at = next((n for n, week in enumerate(weeks) if week + _WEEK > view.applied_at), 0)
    stacks = [Stack(word=day_word(week), values=(found.get(week, 0),)) for week in weeks]
    return bar_chart(
        stacks, series=(("pages", "main"),), flags=((at, f"applied {day_word(view.applied_at)}"),)
    )


def change_said(view: ProposalView) -> str:
    """What would be done, in one sentence."""
    change, minutes = view.change, view.change.get("minutes")
    said: Mapping[Kind, str] = {
        Kind.TICKET: "A rule in front of the one that decides now: these alerts become tickets, "
        "and page nobody.",
        Kind.LOW: "A rule in front of the one that decides now: these alerts are sent with low "
        "urgency, and wake nobody.",
        Kind.SILENCE: f"A silence for {change.get('days')} days.",
        Kind.LONGER: f"The monitor opens an alert after {change.get('bad_needed')} bad looks "
        f"instead of {change.get('was')}: {minutes} minutes later.",
        Kind.SENDER: f"In the rule of its tool: fire only after {minutes} minutes "
        f'("for: {minutes}m" in Prometheus). Then say here that it is done, and the effect is '
        "measured.",
        Kind.INHIBIT: f"An inhibition rule: while {change.get('cause_name')} is open, this waits.",
        Kind.GROUP: f"A rule in front of the one that decides now: these alerts join the open "
        f"incident of their group for {minutes} minutes.",
        Kind.WAIT: "A rule in front of the one that decides now: these alerts page only when they "
        f"are still open after {minutes} minute{'' if minutes == 1 else 's'}.",
        Kind.END: "A rule of their own, which decides as the one that decides now, and a policy: "
        f"these alerts end {_days(change.get('quiet_hours', 0))} after the last word of their "
        "tool. Each is announced before, and can be kept open.",
        Kind.NEEDS: f"In the catalogue: {view.name}. While people are called for a problem of that "
        "service, alerts of this one wait for it and wake nobody.",
        Kind.TWIN: f"An inhibition rule: while {change.get('cause_name')} is open, this waits.",
    }
    return said[view.kind]


def pages_url(view: ProposalView, *, figure: str = "pages") -> str:
    """The pages that a proposal stands on: those of its problem, or of its service."""
    about = {"service": view.service.slug} if view.kind is Kind.NEEDS and view.service else {}
    asked = {"days": USUAL_DAYS, "figure": figure, **(about or {"problem": view.problem})}
    return f"{reverse('insights:noise_pages')}?{urlencode(asked)}"


def _days(hours: int) -> str:
    days = hours // 24
    return "a day" if days == 1 else f"{days} days"


def percent_of(counts: Counts, name: str) -> str:
    percent = counts.percent(name)
    return "" if percent is None else f"{percent:.0f} %"


def with_scope(wanted: Wanted, **scope: int | None) -> Wanted:
    return replace(wanted, **scope)
