"""Ready rotas to start from: how each looks, and one for a team."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic import picture
from evenfall.oncall.logic.picture import Row, RowKind
from evenfall.oncall.logic.spec import RotaSpec
from evenfall.oncall.logic.templates import (
    AROUND_THE_WORLD,
    SAYINGS,
    TITLES,
    Candidate,
    Ready,
    Template,
    ready,
    zones_for,
)

LETTERS = dict(enumerate("ABCDEFGH", start=1))
WEEKS_DRAWN = 3
_MONDAY = datetime(2027, 1, 18, 12, tzinfo=UTC)


class StarterCard(Struct, frozen=True, kw_only=True):
    """A template as people choose it; one row for each of three weeks, with letters for people."""

    key: str
    title: str
    saying: str
    rows: tuple[Row, ...]


@cache
def starter_cards() -> tuple[StarterCard, ...]:
    return tuple(
        StarterCard(
            key=template.value,
            title=TITLES[template],
            saying=SAYINGS[template],
            rows=_drawn(template),
        )
        for template in Template
    )


def starter(
    template: Template, *, user_ids: Sequence[int], zones: Sequence[str], start: date
) -> Ready:
    """The template with these people in this order; the zones are IANA names.

    One zone is filled up with those of the people where the template wants more.
    """
    people = identity_queries.people(user_ids)
    line = [
        Candidate(user_id=i, zone=ZoneInfo(people[i].time_zone)) for i in user_ids if i in people
    ]
    chosen = tuple(ZoneInfo(zone) for zone in zones)
    if len(chosen) == 1:
        chosen = zones_for(template, chosen[0], line, start)
    return ready(template, line, chosen, start)


def _drawn(template: Template) -> tuple[Row, ...]:
    zones = AROUND_THE_WORLD[:3]
    around = template is Template.FOLLOW_THE_SUN
    people = [Candidate(user_id=i, zone=zones[i % 3 if around else 0]) for i in LETTERS]
    made = ready(template, people, zones if around else zones[:1], date(2027, 1, 4))
    spec = RotaSpec(zone=zones[0], plans=(made.plan,))
    drawn = picture.weeks(spec, LETTERS, now=_MONDAY, count=WEEKS_DRAWN)
    return tuple(row for week in drawn for row in week.rows if row.kind is RowKind.FINAL)
