"""The parts of the form that plans a rota: what is said about it, layers, members, hours."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, override
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from msgspec import Struct

from evenfall.identity.queries import Person, TeamView
from evenfall.oncall.logic.shift_words import hours_of
from evenfall.oncall.logic.week_hours import HoursLine
from evenfall.oncall.models import MOST_SHIFT_HOURS
from evenfall.oncall.ports import LieutenantKind, MemberSlot, Role, ShiftPattern
from evenfall.platform.wall_clock import WEEKDAYS, YEARS, instant

EMPTY_PLACE = "empty"
CUSTOM = "custom"
SHIFTS = [
    ("168", "One week"),
    ("336", "Two weeks"),
    ("24", "One day"),
    ("12", "Half a day (12 hours)"),
    ("8", "8 hours"),
    ("96,72", "Four days, then three (Monday to Friday, Friday to Monday)"),
    (CUSTOM, "Another length, or a sequence"),
]
LIEUTENANTS = [
    (LieutenantKind.PREVIOUS.value, "Whoever was on call before"),
    (LieutenantKind.NEXT.value, "Whoever is on call next"),
    (LieutenantKind.OWN_SEQUENCE.value, "An own sequence: the layers below that say Lieutenant"),
    (LieutenantKind.PERSON.value, "Always the same person"),
    (LieutenantKind.NOBODY.value, "Nobody"),
]
ROLES = [
    (Role.PRIMARY.value, "On call"),
    (Role.LIEUTENANT.value, "Lieutenant"),
    (Role.SHADOW.value, "Shadow: learns, gets copies of pages"),
]
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_IN_YEARS = [MinValueValidator(date(YEARS[0], 1, 1)), MaxValueValidator(date(YEARS[-1], 1, 1))]


class Choosable(Struct, frozen=True, kw_only=True):
    """What the editor offers; without teams the rota keeps its own."""

    people: Sequence[Person]
    teams: Sequence[TeamView] = ()

    @property
    def named(self) -> list[tuple[str, str]]:
        return [(str(person.id), person.name) for person in self.people]


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class RotaForm(forms.Form):
    """What is said about a rota, who backs up, and from when on a change holds."""

    name = forms.CharField(max_length=120)
    team = forms.TypedChoiceField(label="Team", coerce=int)
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="What it is for."
    )
    zone = forms.ChoiceField(
        label="Time zone", choices=_zones, help_text="In which the rota is shown, and covered."
    )
    holds_on = forms.DateField(label="From", required=False, widget=_DATE, validators=_IN_YEARS)
    holds_at = forms.TimeField(label="At", required=False, widget=_TIME)
    lieutenant = forms.ChoiceField(
        choices=LIEUTENANTS, initial=LieutenantKind.NEXT.value, widget=forms.RadioSelect
    )
    lieutenant_user = forms.TypedChoiceField(
        label="Always this person", coerce=int, empty_value=None, required=False
    )
    spares_previous = forms.BooleanField(
        label="Not whoever was on call the shift before, if somebody else is in line",
        required=False,
    )

    def __init__(self, *args: Any, offered: Choosable, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        self.fields["lieutenant_user"].choices = [("", "(nobody)"), *offered.named]  # type: ignore[attr-defined] # a choice field
        if offered.teams:
            self.fields["team"].choices = [(team.id, team.name) for team in offered.teams]  # type: ignore[attr-defined] # as above
        else:
            del self.fields["team"]

    @property
    def holds_from(self) -> datetime | None:
        """The instant on the wall of the rota, or None for the first shift; must be valid."""
        said = self.cleaned_data
        if said["holds_on"] is None:
            return None
        return instant(datetime.combine(said["holds_on"], said["holds_at"]), ZoneInfo(said["zone"]))

    @override
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        is_person = said.get("lieutenant") == LieutenantKind.PERSON
        if is_person and said.get("lieutenant_user") is None:
            self.add_error("lieutenant_user", "Choose who is always the lieutenant.")
        if said.get("holds_on") and said.get("holds_at") is None:
            self.add_error("holds_at", "Say at what time, or leave the day empty.")
        return said


class LayerForm(forms.Form):
    """One rotation: its role, its shifts and the wall they follow."""

    name = forms.CharField(max_length=120)
    role = forms.ChoiceField(label="Is for", choices=ROLES, initial=Role.PRIMARY.value)
    zone = forms.ChoiceField(
        label="Time zone",
        choices=_zones,
        help_text="Hand-overs follow the clock on the wall there, also in summer.",
    )
    starts_on = forms.DateField(label="First hand-over", widget=_DATE, validators=_IN_YEARS)
    hands_over_at = forms.TimeField(label="At", widget=_TIME)
    shift = forms.ChoiceField(label="A shift lasts", choices=SHIFTS, initial="168")
    length = forms.CharField(
        label="Another length",
        required=False,
        max_length=200,
        help_text="Such as 3d, 10h, 2w, or in turn 4d, 3d.",
    )

    @property
    def pattern(self) -> ShiftPattern:
        """Must be valid."""
        said = self.cleaned_data
        return ShiftPattern(
            starts_at=datetime.combine(said["starts_on"], said["hands_over_at"]),
            hours=said["hours"],
        )

    @override
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = said.get("shift")
        text = said.get("length", "") if chosen == CUSTOM else chosen or "168"
        hours = hours_of(text)
        if hours is None or not all(1 <= length <= MOST_SHIFT_HOURS for length in hours):
            most = MOST_SHIFT_HOURS // 24
            problem = f"Write a length such as 3d, 10h or 2w, from 1 hour to {most} days."
            self.add_error("length", problem)
        said["hours"] = hours
        return said


class MemberForm(forms.Form):
    """One place in the order; without a person the row is ignored."""

    person = forms.ChoiceField(label="Person", required=False)
    joins_on = forms.DateField(label="From", required=False, widget=_DATE)
    leaves_on = forms.DateField(label="Until before", required=False, widget=_DATE)

    def __init__(self, *args: Any, offered: Choosable, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices = [("", "(nobody)"), *offered.named, (EMPTY_PLACE, "Empty place (a gap)")]
        self.fields["person"].choices = choices  # type: ignore[attr-defined] # a choice field

    @property
    def has_dates(self) -> bool:
        return any(self[name].value() for name in ("joins_on", "leaves_on"))

    def slot(self) -> MemberSlot | None:
        """Must be valid."""
        said = self.cleaned_data
        if not said["person"]:
            return None
        user_id = None if said["person"] == EMPTY_PLACE else int(said["person"])
        return MemberSlot(user_id=user_id, joins_on=said["joins_on"], leaves_on=said["leaves_on"])

    @override
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        joins, leaves = said.get("joins_on"), said.get("leaves_on")
        if (joins or leaves) and not said.get("person"):
            self.add_error("person", "Choose whose dates these are, or empty the dates.")
        if joins and leaves and leaves <= joins:
            self.add_error("leaves_on", "Choose a day after the first one.")
        return said


class HoursForm(forms.Form):
    """Hours on some days of the week; without a day the row is ignored."""

    days = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = forms.TimeField(label="From", required=False, widget=_TIME)
    ends = forms.TimeField(label="Until", required=False, widget=_TIME)

    def line(self) -> HoursLine | None:
        """Must be valid."""
        said = self.cleaned_data
        return (
            HoursLine(frozenset(said["days"]), said["starts"], said["ends"])
            if said["days"]
            else None
        )

    @override
    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for name in ("starts", "ends"):
            if said.get("days") and said.get(name) is None and name not in self.errors:
                self.add_error(name, "Say at what time, or choose no day.")
        if not said.get("days") and (said.get("starts") or said.get("ends")):
            self.add_error("days", "Choose the days, or empty the times.")
        return said
