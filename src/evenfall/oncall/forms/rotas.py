"""What people fill in to plan a rota."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, override
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from evenfall.identity.queries import Person, TeamView
from evenfall.oncall.logic.wall_clock import YEARS
from evenfall.oncall.models import MOST_SHIFT_HOURS
from evenfall.oncall.ports import (
    LayerSpec,
    LieutenantKind,
    LieutenantRule,
    MemberSlot,
    ShiftPattern,
)
from evenfall.oncall.queries import NextLine, RotaDetail

EMPTY_PLACE = "empty"
LEAST_PLACES = 6
SPARE_PLACES = 3
CUSTOM = "custom"
SHIFTS = [
    ("168", "One week"),
    ("336", "Two weeks"),
    ("24", "One day"),
    ("12", "Half a day (12 hours)"),
    ("96,72", "Four days, then three (Monday to Friday, Friday to Monday)"),
    (CUSTOM, "Another number of hours"),
]
LIEUTENANTS = [
    (LieutenantKind.PREVIOUS.value, "Whoever was on call before"),
    (LieutenantKind.NEXT.value, "Whoever is on call next"),
    (LieutenantKind.PERSON.value, "Always the same person"),
    (LieutenantKind.NOBODY.value, "Nobody"),
]
PLAN_FIELDS = frozenset({"zone", "starts_on", "hands_over_at", "shift", "hours"})
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class RotaForm(forms.Form):
    """A rota of one layer: whose turn it is, when it is handed over, who backs it up."""

    name = forms.CharField(max_length=120)
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="What it is for."
    )
    zone = forms.ChoiceField(
        label="Time zone",
        choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        help_text="Hand-overs follow the clock on the wall there, also in summer.",
    )
    starts_on = forms.DateField(
        label="First hand-over",
        widget=_DATE,
        validators=[
            MinValueValidator(date(YEARS[0], 1, 1)),
            MaxValueValidator(date(YEARS[-1], 1, 1)),
        ],
    )
    hands_over_at = forms.TimeField(label="At", widget=_TIME)
    shift = forms.ChoiceField(label="A shift lasts", choices=SHIFTS, initial="168")
    hours = forms.IntegerField(
        label="Other number of hours", required=False, min_value=1, max_value=MOST_SHIFT_HOURS
    )
    lieutenant = forms.ChoiceField(
        choices=LIEUTENANTS, initial=LieutenantKind.PREVIOUS.value, widget=forms.RadioSelect
    )
    lieutenant_user = forms.TypedChoiceField(
        label="Always this person", coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        people: Sequence[Person],
        data: QueryDict | None = None,
        *,
        places: int = 0,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`places` is how many members the rota has; some empty fields are offered on top."""
        super().__init__(data, initial=initial)
        named = [(str(person.id), person.name) for person in people]
        choices = [("", "(nobody more)"), *named, (EMPTY_PLACE, "Empty place (a gap)")]
        wanted = max(LEAST_PLACES, places + SPARE_PLACES, _places_in(data))
        for number in range(wanted):
            self.fields[f"member_{number}"] = forms.ChoiceField(
                label=f"{number + 1}.", choices=choices, required=False
            )
        self.fields["lieutenant_user"].choices = [("", "(nobody)"), *named]  # type: ignore[attr-defined] # a choice field

    @property
    def member_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("member_")]

    @property
    def changes_plan(self) -> bool:
        """Whether anything was changed that decides who is on call."""
        return any(
            name in PLAN_FIELDS or name.startswith(("member_", "lieutenant"))
            for name in self.changed_data
        )

    def layer(self) -> LayerSpec:
        """The one layer that was filled in; the form must be valid."""
        filled = self.cleaned_data
        values = [filled[bound.name] for bound in self.member_fields]
        return LayerSpec(
            name="Main",
            zone=ZoneInfo(filled["zone"]),
            pattern=ShiftPattern(
                starts_at=datetime.combine(filled["starts_on"], filled["hands_over_at"]),
                hours=self._hours(),
            ),
            members=tuple(
                MemberSlot(user_id=None if value == EMPTY_PLACE else int(value))
                for value in values
                if value
            ),
        )

    def rule(self) -> LieutenantRule:
        kind = LieutenantKind(self.cleaned_data["lieutenant"])
        is_person = kind is LieutenantKind.PERSON
        user_id = self.cleaned_data["lieutenant_user"] if is_person else None
        return LieutenantRule(kind=kind, user_id=user_id)

    @override
    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        if filled.get("shift") == CUSTOM and not filled.get("hours"):
            self.add_error("hours", "Say how many hours a shift lasts.")
        is_person = filled.get("lieutenant") == LieutenantKind.PERSON
        if is_person and filled.get("lieutenant_user") is None:
            self.add_error("lieutenant_user", "Choose who is always the lieutenant.")
        if not any(filled.get(bound.name) for bound in self.member_fields):
            self.add_error("member_0", "Choose at least one person.")
        return filled

    def _hours(self) -> tuple[int, ...]:
        chosen = self.cleaned_data["shift"]
        if chosen == CUSTOM:
            return (self.cleaned_data["hours"],)
        return tuple(int(part) for part in chosen.split(","))


class NewRotaForm(RotaForm):
    team = forms.TypedChoiceField(label="Team", coerce=int)
    field_order = ("name", "team")

    def __init__(
        self,
        teams: Sequence[TeamView],
        people: Sequence[Person],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(people, data, initial=initial)
        self.fields["team"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined] # a choice field


def initial_of(rota: RotaDetail, line: NextLine) -> dict[str, Any]:
    """What the form of a rota starts with: the plan goes on at the next hand-over."""
    hours = ",".join(map(str, line.hours))
    is_known = hours in dict(SHIFTS)
    places = {
        f"member_{number}": EMPTY_PLACE if user_id is None else str(user_id)
        for number, user_id in enumerate(line.user_ids)
    }
    return {
        "name": rota.name,
        "description": rota.description,
        "zone": line.zone,
        "starts_on": line.starts_at.date(),
        "hands_over_at": line.starts_at.time(),
        "shift": hours if is_known else CUSTOM,
        "hours": None if is_known else line.hours[0],
        "lieutenant": line.lieutenant.kind.value,
        "lieutenant_user": line.lieutenant.user_id,
        **places,
    }


def _places_in(data: QueryDict | None) -> int:
    return sum(1 for name in data or () if name.startswith("member_"))
