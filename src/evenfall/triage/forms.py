"""What people fill in. Rules live in the actions; a form only reads and shows."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms

from evenfall.catalog.ports import Environment
from evenfall.catalog.queries import ServiceView
from evenfall.identity.queries import TeamView
from evenfall.platform import public_holidays
from evenfall.platform.wall_clock import WEEKDAYS
from evenfall.triage.actions import CalendarWish, Details, MailSourceWish, NewItem, ReviewWish
from evenfall.triage.errors import ItemIncomplete
from evenfall.triage.logic.calendar import DAY_MINUTES, WORKING_WEEK, Hours
from evenfall.triage.logic.priority import Level
from evenfall.triage.logic.score import PINS
from evenfall.triage.ports import Source
from evenfall.triage.queries import CalendarView, SkilledMember, Somebody

_LEVELS = {
    "impact": {
        Level.HIGH: "High: many people",
        Level.MEDIUM: "Medium: some people",
        Level.LOW: "Low: a nuisance",
    },
    "urgency": {
        Level.HIGH: "High: it gets worse",
        Level.MEDIUM: "Medium: soon",
        Level.LOW: "Low: some day",
    },
}
_LINE = re.compile(r"^(\w{3})(?:\s*-\s*(\w{3}))?\s+(.+)$")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")


def _choice(kind: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(level.value, words) for level, words in _LEVELS[kind].items()],
        initial=Level.MEDIUM.value,
    )


class PublicForm(forms.Form):
    """Asks people without an account; the team is that of the address."""

    title = forms.CharField(max_length=200, label="What is it about?")
    description = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="What happens, and what should?",
        help_text="Markdown is fine.",
    )
    reporter_name = forms.CharField(max_length=100, label="Your name")
    reporter_contact = forms.CharField(
        max_length=200, label="How do we reach you?", help_text="Mail address or telephone number."
    )

    def new(self, team_id: int) -> NewItem:
        said = self.cleaned_data
        return NewItem(source=Source.PUBLIC, team_id=team_id, **said)


class ReportForm(forms.Form):
    """Asks a colleague for something that can wait."""

    title = forms.CharField(max_length=200, label="What is it about?")
    description = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="What happens, and what should?",
        help_text="Markdown.",
    )
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )
    team_id = forms.TypedChoiceField(label="Team", coerce=int, empty_value=None, required=False)
    impact = _choice("impact")
    urgency = _choice("urgency")
    users_affected = forms.IntegerField(
        min_value=0, max_value=1_000_000_000, initial=0, label="People affected"
    )
    environment = forms.ChoiceField(choices=[(word.value, word.value) for word in Environment])
    release = forms.CharField(required=False, max_length=80)
    workaround = forms.CharField(
        required=False, max_length=5000, label="Way around", widget=forms.Textarea({"rows": 2})
    )
    reporter_name = forms.CharField(required=False, max_length=100, label="Who reports it")
    reporter_contact = forms.CharField(
        required=False, max_length=200, label="How to reach them", help_text="Mail or telephone."
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Collection[ServiceView] = (),
        teams: Collection[TeamView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(service.id, service.name) for service in services]
        _offer(self, "service_id", [("", "None, or not known yet"), *named])
        owners = [(team.id, team.name) for team in teams]
        _offer(self, "team_id", [("", "The owner of the service"), *owners])

    def new(self) -> NewItem:
        said = self.cleaned_data
        levels = {name: Level(said[name]) for name in ("impact", "urgency")}
        environment = Environment(said["environment"])
        return NewItem(source=Source.FORM, **{**said, **levels, "environment": environment})


class MailSourceForm(forms.Form):
    """An address for mail."""

    name = forms.CharField(
        max_length=80, label="Who writes to it", help_text="Such as “Customers of the shop”."
    )
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )
    answers = forms.BooleanField(
        required=False, initial=True, label="Tell who writes the number, and until when we answer"
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        services: Collection[ServiceView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(service.id, service.name) for service in services]
        _offer(self, "service_id", [("", "None, or several"), *named])

    def wish(self) -> MailSourceWish:
        return MailSourceWish(**self.cleaned_data)


class DetailsForm(forms.Form):
    """What is known of an item, with its impact and urgency."""

    impact = _choice("impact")
    urgency = _choice("urgency")
    users_affected = forms.IntegerField(
        min_value=0, max_value=1_000_000_000, label="People affected"
    )
    effort_hours = forms.FloatField(
        required=False, min_value=0.1, max_value=10_000, label="Estimate", help_text="In hours."
    )
    confidence = forms.IntegerField(
        min_value=50, max_value=100, help_text="Percent: how sure it is that this is so."
    )
    multiplier = forms.IntegerField(
        min_value=100, max_value=200, label="Business", help_text="Percent; 200 counts twice."
    )
    skills = forms.CharField(
        required=False,
        max_length=1000,
        help_text="What it takes, with commas: “postgres, german”. Empty: anybody can do it.",
    )
    recurs = forms.BooleanField(required=False, label="It happened before")
    pin = forms.ChoiceField(
        required=False, label="Goes before all", choices=[("", "No"), *PINS.items()]
    )
    technical_contact_id = forms.TypedChoiceField(
        label="Technical contact", coerce=int, empty_value=None, required=False
    )
    technical_stand_in_id = forms.TypedChoiceField(
        label="Stand-in", coerce=int, empty_value=None, required=False
    )
    business_contact = forms.CharField(required=False, max_length=200)
    business_stand_in = forms.CharField(required=False, max_length=200, label="Stand-in")
    release = forms.CharField(required=False, max_length=80)
    workaround = forms.CharField(
        required=False, max_length=5000, label="Way around", widget=forms.Textarea({"rows": 2})
    )
    description = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        people: Iterable[Somebody] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Nobody"), *((one.id, one.name) for one in people)]
        _offer(self, "technical_contact_id", choices)
        _offer(self, "technical_stand_in_id", choices)

    def levels(self) -> dict[str, Level]:
        return {name: Level(self.cleaned_data[name]) for name in ("impact", "urgency")}

    def details(self) -> Details:
        said = {k: v for k, v in self.cleaned_data.items() if k not in {"impact", "urgency"}}
        return Details(**{**said, "skills": tuple(said["skills"].split(","))})


class CalendarForm(forms.Form):
    """Business hours as lines of text, one for each weekday or row of weekdays."""

    name = forms.CharField(max_length=80)
    zone = forms.ChoiceField(label="Time zone", initial="UTC")
    hours = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="A line each, such as “Mon-Thu 09:00-12:30, 13:30-18:00”.",
    )
    place = forms.ChoiceField(label="Holidays of", required=False)
    company_days = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Other days off, such as 2027-12-24, one a line.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        zones = sorted(available_timezones() - {"localtime", "Factory"})
        _offer(self, "zone", [(zone, zone) for zone in zones])
        _offer(self, "place", list(_places()))

    def wish(self) -> CalendarWish:
        """Raise `ItemIncomplete` where a line says no hours or no day."""
        said = self.cleaned_data
        country, _, region = said["place"].partition("/")
        return CalendarWish(
            name=said["name"],
            zone=said["zone"],
            hours=read_hours(said["hours"]),
            country=country,
            region=region,
            company_days=tuple(_day(word) for word in said["company_days"].split()),
        )


class ReviewForm(forms.Form):
    """How a team reviews."""

    calendar_id = forms.TypedChoiceField(
        label="Business hours", coerce=int, empty_value=None, required=False
    )
    wip_limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1000,
        label="Most items in work",
        help_text="Empty: one for each member.",
    )
    weekly_hours = forms.FloatField(
        required=False,
        min_value=0,
        max_value=2000,
        label="Hours a week",
        help_text="For the review. Empty: from part time, leave and duty of its members.",
    )
    takes_strays = forms.BooleanField(
        required=False,
        label="Takes the tickets of alerts that no team has",
        help_text="One team does, until one is chosen the oldest. Choosing this one relieves the "
        "other.",
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        calendars: Iterable[CalendarView] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        usual = ("", "Monday to Friday, eight hours, UTC")
        _offer(self, "calendar_id", [usual, *((one.id, one.name) for one in calendars)])

    def wish(self) -> ReviewWish:
        return ReviewWish(**self.cleaned_data)


class SkillsForm(forms.Form):
    """What each member of a team can, as words with commas; the fields are named by their ids."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's
        members: Iterable[SkilledMember] = (),
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in members:
            self.fields[str(one.user_id)] = forms.CharField(
                required=False,
                max_length=1000,
                label=one.name,
                initial=", ".join(one.skills),
            )

    def skills(self) -> dict[int, list[str]]:
        return {int(who): words.split(",") for who, words in self.cleaned_data.items()}


def read_hours(text: str) -> tuple[Hours, ...]:
    """The hours of lines such as "Mon-Fri 09:00-12:30, 13:30-18:00"."""
    return tuple(hours for line in text.splitlines() if line.strip() for hours in _line(line))


def hours_text(hours: Iterable[tuple[int, int, int]]) -> str:
    """The lines that say these hours, one for each weekday."""
    days: dict[int, list[str]] = {}
    for day, starts, ends in sorted(hours):
        days.setdefault(day, []).append(f"{_clock(starts)}-{_clock(ends)}")
    return "\n".join(f"{WEEKDAYS[day]} {', '.join(spans)}" for day, spans in days.items())


def initial_of(view: CalendarView) -> dict[str, str]:
    return {
        "name": view.name,
        "zone": ZoneInfo(view.zone).key,
        "hours": hours_text(view.hours),
        "place": f"{view.country}/{view.region}".rstrip("/"),
        "company_days": "\n".join(day.isoformat() for day in view.company_days),
    }


def _line(line: str) -> list[Hours]:
    found = _LINE.match(line.strip())
    first = _weekday(found[1]) if found else None
    last = _weekday(found[2]) if found and found[2] else first
    if found is None or first is None or last is None or last < first:
        raise ItemIncomplete(
            reason=f"“{line.strip()[:60]}” says no hours. Write “Mon-Fri 09:00-17:00”.",
            field="hours",
        )
    spans = [_span(part) for part in found[3].split(",")]
    return [Hours(day, *span) for day in range(first, last + 1) for span in spans]


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.match(text.strip())
    if found is None:
        raise ItemIncomplete(
            reason=f"“{text.strip()[:60]}” is no stretch of time. Write “09:00-12:30”.",
            field="hours",
        )
    starts, ends = (int(found[at]) * 60 + int(found[at + 1]) for at in (1, 3))
    return starts, ends if ends <= DAY_MINUTES else DAY_MINUTES + 1


def _weekday(word: str) -> int | None:
    known = word.capitalize()
    return WEEKDAYS.index(known) if known in WEEKDAYS else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ItemIncomplete(
            reason=f"“{word[:20]}” is no day. Write 2027-12-24.", field="company_days"
        ) from error


def _places() -> Iterable[tuple[str, str]]:
    yield "", "Nowhere: no public holidays"
    for country, regions in public_holidays.countries().items():
        yield country, country
        for region in regions:
            yield f"{country}/{region}", f"{country} / {region}"


def _offer(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined] # a choice field


USUAL_HOURS = hours_text((one.day, one.starts, one.ends) for one in WORKING_WEEK)
