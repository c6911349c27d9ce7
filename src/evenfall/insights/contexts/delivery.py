"""What the pages of delivery show: figures as people read them, and charts."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from msgspec import Struct

from evenfall.identity.access import viewer_of
from evenfall.insights.logic.delivery import Delivery
from evenfall.insights.logic.shares import Distribution, Share
from evenfall.insights.queries import DAYS, Period, Trend, period_of
from evenfall.platform import durations
from evenfall.platform.charts import Line, LineChart, line_chart
from evenfall.platform.clock import utc_now

STEPS = ("week", "month")
_USUAL = 90


class Figure(Struct, frozen=True, kw_only=True):
    """One measure: `words` is "" where nothing is known, `n` what it stands on."""

    name: str
    words: str
    n: int
    of: str
    more: str
    bars: Distribution | None = None


def days_of(query: Mapping[str, str]) -> int:
    """The length of the period that the address asks for."""
    asked = query.get("days", "")
    return next((days for days in DAYS if str(days) == asked), _USUAL)


def step_of(query: Mapping[str, str]) -> str:
    asked = query.get("by", "")
    return asked if asked in STEPS else STEPS[0]


def asked_period(request: HttpRequest) -> Period:
    zone = ZoneInfo(viewer_of(request).time_zone)
    return period_of(days_of(request.GET.dict()), zone=zone, now=utc_now())


def figures_of(one: Delivery) -> list[Figure]:
    """The five and the share of green deploys, in the order of DORA."""
    deploys = "deploys to production"
    paces = one.frequency
    return [
        Figure(
            name="Change lead time",
            words=_length(one.lead_time),
            n=one.lead_time.n if one.lead_time else 0,
            of="changes whose oldest commit is known",
            more=_nine(one.lead_time) + _missing(one.without_commit),
            bars=one.lead_time,
        ),
        Figure(
            name="Deployment frequency",
            words=f"{paces.per_week:.1f} a week" if paces else "",
            n=one.deploys,
            of=deploys,
            more=_pace(one),
        ),
        Figure(
            name="Change fail rate",
            words=_percent(one.fail_rate),
            n=one.deploys,
            of=deploys,
            more="Only what people confirmed, and what was rolled back.",
        ),
        Figure(
            name="Failed deployment recovery time",
            words=_length(one.recovery),
            n=one.recovery.n if one.recovery else 0,
            of="failed deploys that recovered",
            more=_nine(one.recovery) + _ongoing(one.ongoing),
            bars=one.recovery,
        ),
        Figure(
            name="Deployment rework rate",
            words=_percent(one.rework),
            n=one.deploys,
            of=deploys,
            more="Unplanned: because of an incident or a mistake that users met.",
        ),
        Figure(
            name="Green deployments",
            words=_percent(one.green),
            n=one.green.n if one.green else 0,
            of="deploys that ended",
            more="They arrived, caused nothing that anybody knows of, and stayed.",
        ),
    ]


def charts_of(trend: Trend) -> list[tuple[str, LineChart]]:
    """How the measures went from step to step; a step without deploys has no rates: a gap."""
    each = [one for _, one in trend]
    if len(trend) < 2 or not any(one.deploys for one in each):  # noqa: PLR2004 - a line has two ends
        return []
    start, end = trend[0][0][0], trend[-1][0][1]

    def line(name: str, values: Sequence[float | None], kind: str = "main") -> Line:
        middles = [begins + (ends - begins) / 2 for (begins, ends), _ in trend]
        return Line(name=name, points=list(zip(middles, values, strict=True)), kind=kind)

    deploys = [line("Deploys", [one.deploys for one in each])]
    rates = [
        line("Fail rate", [_value(one.fail_rate) for one in each], "bad"),
        line("Rework rate", [_value(one.rework) for one in each], "other"),
    ]
    times = [
        line("Lead time", [_hours(one.lead_time) for one in each]),
        line("Recovery", [_hours(one.recovery) for one in each], "bad"),
    ]
    drawn = (
        ("Deploys", deploys, "{:g}".format),
        ("Fail rate and rework rate", rates, "{:.3g} %".format),
        ("Lead time and recovery, median", times, "{:.3g} h".format),
    )
    return [
        (name, line_chart(lines, start=start, end=end, lowest=0, words=words))
        for name, lines, words in drawn
    ]


def _length(one: Distribution | None) -> str:
    return durations.spoken(one.median) if one else ""


def _percent(one: Share | None) -> str:
    return f"{one.percent:.1f} %" if one else ""


def _value(one: Share | None) -> float | None:
    return one.percent if one else None


def _hours(one: Distribution | None) -> float | None:
    return one.median.total_seconds() / 3600 if one else None


def _nine(one: Distribution | None) -> str:
    return f"Nine in ten under {durations.spoken(one.p90)}. " if one else ""


def _missing(one: Share | None) -> str:
    if one is None or not one.count:
        return ""
    return f"Of {one.count} more nobody told the oldest commit."


def _ongoing(count: int) -> str:
    return f"{count} did not recover yet." if count else ""


def _pace(one: Delivery) -> str:
    if one.frequency is None:
        return ""
    days = f"{one.frequency.days} of {one.frequency.of_days} days had one"
    return f"{one.frequency.pace.capitalize()}: {days}." if one.frequency.pace else f"{days}."
