"""Everything that readers of a page see, worked out once for each version of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import dateformat, translation
from msgspec import Struct

from evenfall.statuspages.logic import sentences, uptime
from evenfall.statuspages.logic.phrases import Language, Phrases, phrases
from evenfall.statuspages.logic.uptime import DAYS, Day, Measured, Said
from evenfall.statuspages.logic.words import OVER, Collapsed, Status, worst
from evenfall.statuspages.models import Interval, Post, Work
from evenfall.statuspages.queries import looks, pages, subscribers, told
from evenfall.statuspages.queries.looks import LookView
from evenfall.statuspages.queries.pages import PageView, Part
from evenfall.statuspages.queries.told import PostView, WorkView

PAST = timedelta(days=15)
_MOST = 50


class Bar(Struct, frozen=True, kw_only=True):
    """One day: how it looks, and the same in words."""

    status: Status
    text: str


class Figure(Struct, frozen=True, kw_only=True):
    """Uptime as text, "" without data: by the rule of the page, and the other way."""

    uptime: str
    other: str
    exact: Fraction | None


class ComponentView(Struct, frozen=True, kw_only=True):
    """A component; without bars where its uptime is not shown."""

    id: int
    name: str
    description: str
    status: Status
    figure: Figure | None
    bars: tuple[Bar, ...]


class Block(Struct, frozen=True, kw_only=True):
    """The components of a group; name "" for those without one."""

    name: str
    status: Status
    is_open: bool
    figure: Figure | None
    components: tuple[ComponentView, ...]


class PageContent(Struct, frozen=True, kw_only=True):
    """A whole page at `as_of`. Past posts and works are those of the last 15 days.

    `words` are the fixed words of the page in its `language`; `takes_subscribers`: whether it asks
    for any.
    """

    page: PageView
    look: LookView
    language: Language
    words: Phrases
    as_of: datetime
    status: Status
    sentence: str
    blocks: tuple[Block, ...]
    formula: str
    open_posts: tuple[PostView, ...]
    past_posts: tuple[PostView, ...]
    works: tuple[WorkView, ...]
    past_works: tuple[WorkView, ...]
    takes_subscribers: bool


def content(status_page_id: int, *, now: datetime, language: Language | None = None) -> PageContent:
    """The page in a language, None for its first one. Raises StatusPageNotFound.

    A fixed number of queries, whatever the page shows.
    """
    page, look = pages.page(status_page_id), looks.look(status_page_id)
    spoken = language or look.languages[0]
    words, shown = phrases(spoken), pages.parts(page.id, now=now)
    status, sentence = sentences.overall([part.status for part in shown], words)
    posts, works = _posts(page.id, now), _works(page.id, now)
    return PageContent(
        page=page,
        look=look,
        language=spoken,
        words=words,
        as_of=now,
        status=status,
        sentence=sentence,
        blocks=_blocks(page, shown, now, spoken),
        formula=sentences.formula(
            page.weights, counts_maintenance=page.counts_maintenance, days=DAYS, words=words
        ),
        open_posts=tuple(one for one in posts if one.is_open),
        past_posts=tuple(one for one in posts if not one.is_open),
        works=tuple(sorted(_not_over(works), key=lambda one: one.starts_at)),
        past_works=tuple(one for one in works if one.is_over),
        takes_subscribers=subscribers.mailing(page.id).is_open,
    )


class _Line(Struct, frozen=True):
    """A component with what was said of it, and what that measures."""

    part: Part
    said: list[Said]
    measured: Measured
    days: list[Day]


def _blocks(
    page: PageView, shown: Sequence[Part], now: datetime, language: Language
) -> tuple[Block, ...]:
    rules = {group.id: group.collapsed for group in pages.groups(page.id)}
    lines = _lines(page, shown, now)
    found: dict[int | None, list[_Line]] = {}
    for line in lines:
        found.setdefault(line.part.group_id, []).append(line)
    with translation.override(language.value):  # for the names of months
        return tuple(
            _block(page, members, rules.get(number or 0, Collapsed.OPEN), now, phrases(language))
            for number, members in found.items()
        )


def _block(
    page: PageView, lines: list[_Line], rule: Collapsed, now: datetime, words: Phrases
) -> Block:
    status = worst([line.part.status for line in lines])
    is_calm = status in {Status.OPERATIONAL, Status.UNKNOWN}
    return Block(
        name=lines[0].part.group,
        status=status,
        is_open=rule is Collapsed.OPEN or (rule is Collapsed.UNLESS_TROUBLE and not is_calm),
        figure=_group_figure(page, lines, now) if lines[0].part.group else None,
        components=tuple(_component(page, line, words) for line in lines),
    )


def _group_figure(page: PageView, lines: Sequence[_Line], now: datetime) -> Figure | None:
    """Of the components whose uptime is shown: their mean, or the time in which all were up."""
    counted = [line for line in lines if line.part.shows_uptime]
    if not counted:
        return None
    if not page.groups_need_all:
        return _figure(page, uptime.together(line.measured for line in counted))
    since, said = _since(page, now), uptime.all_up([line.said for line in counted])
    parts = uptime.stretches(said, since=since, until=now)
    return _figure(page, uptime.measure(parts, since=since, until=now))


def _component(page: PageView, line: _Line, words: Phrases) -> ComponentView:
    part = line.part
    return ComponentView(
        id=part.id,
        name=part.name,
        description=part.description,
        status=part.status,
        figure=_figure(page, line.measured) if part.shows_uptime else None,
        bars=tuple(_bar(page, day, words) for day in line.days) if part.shows_uptime else (),
    )


def _figure(page: PageView, measured: Measured) -> Figure:
    counts = page.counts_maintenance
    exact = measured.uptime(page.weights, counts_maintenance=counts)
    other = measured.uptime(page.weights, counts_maintenance=not counts)
    return Figure(uptime=uptime.percent(exact), other=uptime.percent(other), exact=exact)


def _bar(page: PageView, day: Day, words: Phrases) -> Bar:
    figure, worst_word = _figure(page, day.measured), words[day.worst.value]
    is_trouble = day.worst.rank > 1
    what = [f"{worst_word} {words['at_worst']}" if is_trouble else worst_word]
    what += [f"{figure.uptime} {words['uptime']}"] if figure.uptime else []
    told = dateformat.format(day.day, words["day"])
    return Bar(status=day.worst, text=f"{told}: {', '.join(what)}")


def _lines(page: PageView, shown: Sequence[Part], now: datetime) -> list[_Line]:
    since = _since(page, now)
    said = _said([part.id for part in shown], since, now)
    return [_line(page, part, said.get(part.id, []), since, now) for part in shown]


def _line(page: PageView, part: Part, said: list[Said], since: datetime, now: datetime) -> _Line:
    parts = uptime.stretches(said, since=since, until=now)
    days = uptime.days(parts, zone=ZoneInfo(page.time_zone), until=now, count=DAYS)
    return _Line(part, said, uptime.measure(parts, since=since, until=now), days)


def _since(page: PageView, now: datetime) -> datetime:
    return uptime.first_moment(ZoneInfo(page.time_zone), until=now, count=DAYS)


def _said(component_ids: list[int], since: datetime, now: datetime) -> dict[int, list[Said]]:
    rows = Interval.objects.filter(component_id__in=component_ids, starts_at__lt=now)
    rows = rows.filter(Q(ends_at=None) | Q(ends_at__gt=since)).order_by("starts_at", "id")
    found: dict[int, list[Said]] = {}
    for number, status, starts_at, ends_at in rows.values_list(
        "component_id", "status", "starts_at", "ends_at"
    ):
        one = Said(status=Status(status), starts_at=starts_at, ends_at=ends_at)
        found.setdefault(number, []).append(one)
    return found


def _posts(page_id: int, now: datetime) -> list[PostView]:
    recent = Q(resolved_at=None, retracted_at=None) | Q(started_at__gt=now - PAST)
    recent |= Q(resolved_at__gt=now - PAST)
    rows = Post.objects.filter(recent, page_id=page_id).order_by("-started_at", "-id")
    return told.post_views(rows[:_MOST])


def _works(page_id: int, now: datetime) -> list[WorkView]:
    over = [state.value for state in OVER]
    recent = ~Q(state__in=over) | Q(ends_at__gt=now - PAST)
    rows = Work.objects.filter(recent, page_id=page_id).order_by("-starts_at", "-id")
    return told.work_views(rows[:_MOST])


def _not_over(works: Sequence[WorkView]) -> list[WorkView]:
    return [one for one in works if not one.is_over]
