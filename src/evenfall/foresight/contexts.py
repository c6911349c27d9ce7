"""What pages of foresight show, made from reports."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

from django.http import HttpRequest
from msgspec import Struct

from evenfall.alerting.ports.proposals import LEFT_OUT
from evenfall.foresight import errors, queries
from evenfall.foresight.logic.headlines import headline
from evenfall.foresight.logic.reports import PersonLine, Report
from evenfall.identity.access import viewer_of
from evenfall.identity.permissions import Permission, Viewer
from evenfall.platform.charts import Line, LineChart, line_chart
from evenfall.platform.errors import Forbidden

LIMITS = (
    "Alerts open and end as they did: what wakes nobody is not mended sooner or later.",
    "An incident is answered as the real one of its first alert was, after the same time.",
    "What never was an incident is answered after the usual time of these days.",
    "After the first answer nobody else is called: nobody knows who was still at work.",
    "Rules, policies, ways to reach people and which service needs which are those of today.",
    "Silences, maintenance and who was on call are those of the time.",
    "A new silence or maintenance counts as if it had been in force all the time.",
    "A new plan of a rota counts its turns backwards; overrides stay.",
    "A repair that a rule starts counts as one that helped.",
    "A rise of severity counts from the beginning of its alert.",
)


class Bar(Struct, frozen=True, kw_only=True):
    """One person with two bars, in percent of the longest."""

    person: PersonLine
    as_is: float
    proposed: float


def limits() -> tuple[str, ...]:
    return (*LIMITS, *(f"The stage {name} of the pipeline is left out." for name in LEFT_OUT))


def bars(report: Report) -> list[Bar]:
    longest = max((max(p.as_is, p.proposed) for p in report.people), default=0) or 1
    return [
        Bar(
            person=one,
            as_is=round(100 * one.as_is / longest, 1),
            proposed=round(100 * one.proposed / longest, 1),
        )
        for one in report.people
    ]


def chart(report: Report) -> LineChart:
    """Pages of high urgency a day: as things are, as they would be, as it really was."""

    def points(name: str) -> list[tuple[datetime, float | None]]:
        return [
            (datetime.combine(day.day, time(12), tzinfo=UTC), float(getattr(day, name)))
            for day in report.days
        ]

    lines = [
        Line(name="as things are", points=points("as_is"), kind="other"),
        Line(name="as proposed", points=points("proposed"), kind="main", is_filled=True),
        Line(name="what really happened", points=points("really"), kind="faint"),
    ]
    return line_chart(
        lines,
        start=datetime.combine(report.days[0].day, time(), tzinfo=UTC),
        end=datetime.combine(report.days[-1].day, time(23, 59), tzinfo=UTC),
    )


def shown(report: Report | None) -> Mapping[str, object]:
    """What the panel and the page need of an answer."""
    if report is None:
        return {"report": None, "limits": limits()}
    return {
        "report": report,
        "headline": headline(report),
        "bars": bars(report),
        "limits": limits(),
    }


def owner_of(request: HttpRequest, finding_id: int) -> Viewer:
    """Whoever asks, who owns the finding, leads its team, or manages the site. Raises Forbidden."""
    viewer, found = viewer_of(request), queries.finding(finding_id)
    if viewer.user_id != found.person_id:
        viewer.check(Permission.MANAGE, team_id=found.team_id)
    return viewer


def mender_of(request: HttpRequest, finding_id: int) -> Viewer:
    """Whoever asks, who may do what the finding offers.

    Raises FindingNotFound, NothingToMend, Forbidden.
    """
    viewer, offer = viewer_of(request), queries.offer_of(finding_id)
    if offer is None:
        raise errors.NothingToMend
    if not queries.may_mend(viewer, offer):
        raise Forbidden
    return viewer
